using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>The tables of this room.</summary>
public static class SuggestionTables
{
    extension(AppDbContext context)
    {
        public DbSet<CampaignSuggestion> CampaignSuggestions => context.Set<CampaignSuggestion>();
    }
}
