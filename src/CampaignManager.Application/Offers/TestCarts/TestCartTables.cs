using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers.TestCarts;

/// <summary>The tables of this room.</summary>
public static class TestCartTables
{
    extension(AppDbContext context)
    {
        public DbSet<CartExample> CartExamples => context.Set<CartExample>();
    }
}
