using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>The tables of this room.</summary>
public static class DataSetTables
{
    extension(AppDbContext context)
    {
        public DbSet<DataSet> Experiments => context.Set<DataSet>();
    }
}
