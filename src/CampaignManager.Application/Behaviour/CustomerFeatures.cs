using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;

namespace CampaignManager.Application.Behaviour;

/// <summary>Features of all customers as of a moment: what models score, and what segments follow from.</summary>
public sealed class CustomerFeatures(DataLake lake, FeatureParts parts, FeatureSummaries summaries)
{
    public const string CurrentFile = "features/current.parquet";

    /// <param name="asOf">UTC; what happened at or after it does not exist yet.</param>
    /// <param name="shop">Its zone and currency.</param>
    /// <param name="report">Told the share done, 0..1.</param>
    /// <param name="run">Whose parts other workers may take; null computes all here.</param>
    /// <param name="cancel">Stops; the file that stood stays.</param>
    internal async Task ComputeAsync(DateTime asOf, ShopSettings shop, Func<double, Task> report, JobContext? run, CancellationToken cancel)
    {
        var categories = Categories();
        var (raw, _) = await parts.DescribeAsync(asOf, shop, categories, null, run, report, cancel);
        using (var connection = lake.Open())
        {
            var sql = new FeatureSql(lake, categories, shop);
            foreach (var step in sql.Means(raw.Rows))
                connection.Run(step, cancel);
            var rows = $"SELECT * FROM ({sql.Smoothed(raw.Rows, "r.customer_id")}) ORDER BY customer_id";
            lake.WriteFile(connection, rows, CurrentFile, AmountUnit.Of(shop), cancel);
            await summaries.WriteAsync(connection, asOf, cancel);
        }

        raw.Remove();
    }

    private ShopCategories Categories()
    {
        using var connection = lake.Open();
        return ShopCategories.Read(lake, connection);
    }
}
