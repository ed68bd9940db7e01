using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Erasure;

/// <summary>Takes a person out of what was computed from the tables (features, segments, scores, training data): those files are made again in time, but not within a day.</summary>
internal sealed class DerivedErasure(DataLake lake)
{
    /// <summary>Experiments are data sets of their own: their rows are counted and hashed as they came.</summary>
    private static readonly string[] Spared = ["experiments", "claims", "uploads", ".staging", .. LakeTable.All.Select(t => t.Name)];

    /// <returns>Files that were written again.</returns>
    public int Run(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var list = string.Join(", ", ids.Select(id => $"'{DataLake.Quote(id)}'"));
        var written = 0;
        using var connection = lake.Open();
        foreach (var folder in Directory.GetDirectories(lake.Root).Where(d => !Spared.Contains(Path.GetFileName(d))))
        {
            foreach (var path in Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(lake.Root, p)).Order(StringComparer.Ordinal))
            {
                cancel.ThrowIfCancellationRequested();
                var file = DataLake.Quote(lake.PathTo(path));
                if (connection.Scalar<long>($"SELECT count(*) FROM parquet_schema('{file}') WHERE name = 'customer_id'") == 0
                    || connection.Scalar<long>($"SELECT count(*) FROM {lake.SourceOf(path)} WHERE customer_id IN ({list})") == 0)
                    continue;
                var unit = lake.UnitOf(path);
                lake.WriteFile(
                    connection, $"SELECT * FROM {lake.SourceOf(path)} WHERE customer_id IS NULL OR customer_id NOT IN ({list})", path, unit == AmountUnit.Unsaid ? null : unit, cancel);
                written++;
            }
        }

        return written;
    }
}
