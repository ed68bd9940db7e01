using System.Globalization;
using System.Text;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>The scores a version gave to every row of its data, as CSV.</summary>
public sealed class TrainingRowScores(ModelStore store, DataLake lake)
{
    /// <summary>
    /// Writes <c>row,customerId,split,control,treated,uplift</c>; with several arms <c>treated_&lt;arm&gt;,uplift_&lt;arm&gt;</c> for each, then <c>best</c>,
    /// the arm with the highest uplift (control when none is above 0).
    /// </summary>
    public async Task WriteCsvAsync(Guid modelId, Stream stream, CancellationToken cancellationToken)
    {
        var manifest = await store.ManifestAsync(modelId, cancellationToken);
        var path = await store.VerifiedPathAsync(modelId, ModelManifest.ScoresFile, cancellationToken);
        var arms = manifest.Arms.Skip(1).ToList();
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var head = arms.Count == 1 ? ["treated", "uplift"]
            : arms.SelectMany(a => new[] { CsvCell.Of("treated_" + a), CsvCell.Of("uplift_" + a) }).Append("best");
        await writer.WriteLineAsync("row,customerId,split,control," + string.Join(',', head));
        using var connection = lake.Open(threads: 1);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM read_parquet('{DataLake.Quote(path)}') ORDER BY \"row\"";
        using var reader = command.ExecuteReader();
        var line = new StringBuilder();
        while (reader.Read())
        {
            line.Clear();
            line.Append(CultureInfo.InvariantCulture,
                $"{reader.GetInt64(0)},{CsvCell.Of(reader.GetString(1))},{CsvCell.Of(reader.GetString(2))},{reader.GetDouble(3):R}");
            var (best, bestUplift) = (manifest.Arms[0], 0.0);
            for (var arm = 0; arm < arms.Count; arm++)
            {
                var uplift = reader.GetDouble(5 + 2 * arm);
                line.Append(CultureInfo.InvariantCulture, $",{reader.GetDouble(4 + 2 * arm):R},{uplift:R}");
                if (uplift > bestUplift)
                    (best, bestUplift) = (arms[arm], uplift);
            }

            if (arms.Count > 1)
                line.Append(',').Append(CsvCell.Of(best));
            await writer.WriteLineAsync(line, cancellationToken);
        }
    }
}
