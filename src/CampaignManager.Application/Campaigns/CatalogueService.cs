using CampaignManager.Application.Behaviour;

namespace CampaignManager.Application.Campaigns;

/// <summary>A category as campaigns choose it: how many products, and its share (0..1) of all that was ever paid for goods; null before the first order.</summary>
public sealed record CategoryRow(string Key, int Products, double? RevenueShare);

/// <summary>What the shop sells, from the lake; read again only when the files have changed.</summary>
public sealed class CatalogueService(Lake lake) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private (string Stamp, IReadOnlyList<CategoryRow> Rows)? known;

    /// <summary>All categories, the best-selling first; empty while the shop has no products.</summary>
    public async Task<IReadOnlyList<CategoryRow>> CategoriesAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var stamp = Stamp();
            if (known is not { } last || last.Stamp != stamp)
                known = last = (stamp, await Task.Run(Read, cancellationToken));
            return last.Rows;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    /// <summary>Changes whenever a file of the two tables comes, goes or is replaced.</summary>
    private string Stamp()
    {
        var files = new[] { LakeTable.Products, LakeTable.OrderLines }.Select(lake.FolderOf).Where(Directory.Exists)
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*.parquet", SearchOption.AllDirectories))
            .Select(file => (file.Length, file.LastWriteTimeUtc.Ticks)).ToList();
        return $"{files.Count}|{files.Sum(f => f.Length)}|{files.Sum(f => f.Ticks % 1_000_000_007)}";
    }

    private List<CategoryRow> Read()
    {
        using var connection = lake.Open();
        return connection.Query(
            $"""
            WITH goods AS (SELECT category, count(*) AS products FROM {lake.Source(LakeTable.Products)} WHERE category IS NOT NULL GROUP BY 1),
                 sold AS (SELECT category, sum(quantity * unit_price_minor - coalesce(discount_minor, 0))::DOUBLE AS revenue FROM {lake.Source(LakeTable.OrderLines)} GROUP BY 1)
            SELECT g.category, g.products, coalesce(s.revenue, 0) / nullif((SELECT sum(revenue) FROM sold), 0)
            FROM goods g LEFT JOIN sold s USING (category) ORDER BY 3 DESC NULLS LAST, 1
            """,
            r => new CategoryRow(r.GetString(0), (int)r.GetInt64(1), r.IsDBNull(2) ? null : r.GetDouble(2)));
    }
}
