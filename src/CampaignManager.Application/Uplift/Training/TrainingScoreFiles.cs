using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Scoring;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>A column of predictions to be written beside the row ids.</summary>
internal sealed record ScoreColumn(string Name, Func<int, double> Of);

/// <summary>Writes predictions of every row of a table as Parquet, in the table's order.</summary>
internal static class TrainingScoreFiles
{
    private const int RowsAPart = 500_000;

    /// <summary><c>row, customer_id, split, control, treated_&lt;arm number&gt;, uplift_&lt;arm number&gt;</c>.</summary>
    public static void WriteScores(DataLake lake, UpliftTable table, TrainedUplift trained, string path, CancellationToken cancellationToken)
    {
        var test = new bool[table.Count];
        foreach (var i in trained.Split.Test)
            test[i] = true;
        // One control figure a row; where arms were fitted apart it is their mean, and uplift stays each arm's own.
        double Control(int row) => trained.Mu0.Average(mu => mu[row]);
        var columns = new List<ScoreColumn> { new("control", Control) };
        foreach (var arm in Enumerable.Range(1, trained.Mu0.Length))
        {
            columns.Add(new ScoreColumn($"treated_{arm}", i => Control(i) + trained.Uplift(arm, i)));
            columns.Add(new ScoreColumn($"uplift_{arm}", i => trained.Uplift(arm, i)));
        }

        Write(lake, path, "\"row\" BIGINT, customer_id VARCHAR, split VARCHAR", columns, table.Count,
            (row, i) => row.AppendValue(table.Rows[i]).AppendValue(table.CustomerIds[i]).AppendValue(test[i] ? "test" : "train"), cancellationToken);
    }

    /// <summary>What a planner needs of the shop's past campaigns: <c>row, campaign_id, customer_id, arm, propensity</c> and cross-fitted outcome predictions.</summary>
    public static void WriteNuisances(DataLake lake, UpliftTable table, TrainedUplift converted, TrainedUplift margin, string path, CancellationToken cancellationToken) =>
        Write(lake, path, "\"row\" BIGINT, campaign_id VARCHAR, customer_id VARCHAR, arm INTEGER, propensity DOUBLE",
            [
                new ScoreColumn("mu0_converted", i => converted.Mu0[0][i]), new ScoreColumn("mu1_converted", i => converted.Mu1[0][i]),
                new ScoreColumn("mu0_margin", i => margin.Mu0[0][i]), new ScoreColumn("mu1_margin", i => margin.Mu1[0][i]),
            ],
            table.Count,
            (row, i) => row.AppendValue(table.Rows[i]).AppendValue(table.CampaignIds[i]).AppendValue(table.CustomerIds[i]).AppendValue(table.Arms[i]).AppendValue(table.Propensity[i]),
            cancellationToken);

    /// <summary>A bucket of customers, into the lake: <c>customer_id, control, treated_&lt;arm number&gt;, uplift_&lt;arm number&gt;</c>, by id. One without customers is an empty file.</summary>
    public static void WriteCustomers(DataLake lake, string[] ids, ScoredRows? scored, int arms, string relativePath, CancellationToken cancellationToken)
    {
        using var connection = lake.Open(threads: 1);
        var columns = Enumerable.Range(1, arms).SelectMany(arm => new[] { $"treated_{arm} DOUBLE", $"uplift_{arm} DOUBLE" });
        connection.Run($"CREATE TABLE scores (customer_id VARCHAR, control DOUBLE, {string.Join(", ", columns)})", cancellationToken);
        using (var appender = connection.CreateAppender("scores"))
        {
            for (var i = 0; i < ids.Length; i++)
            {
                if (i % 10_000 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                var row = appender.CreateRow().AppendValue(ids[i]).AppendValue(scored!.Control[i]);
                foreach (var uplift in scored.Uplift)
                    row = row.AppendValue(scored.Control[i] + uplift[i]).AppendValue(uplift[i]);
                row.EndRow();
            }
        }

        lake.WriteFile(connection, "SELECT * FROM scores ORDER BY customer_id", relativePath, cancellationToken);
    }

    private static void Write(
        DataLake lake, string path, string keys, IReadOnlyList<ScoreColumn> columns, int count, Func<IDuckDBAppenderRow, int, IDuckDBAppenderRow> appendKeys, CancellationToken cancellationToken)
    {
        using var staging = new StagingFolder(lake.Root);
        using var connection = lake.Open(threads: 1);
        var parts = new List<string>();
        // Part by part, in order: neither rows nor a sorted copy of them pile up in memory.
        for (var from = 0; from < count || from == 0; from += RowsAPart)
        {
            connection.Run($"CREATE OR REPLACE TABLE scores ({keys}, {string.Join(", ", columns.Select(c => c.Name + " DOUBLE"))})", cancellationToken);
            using (var appender = connection.CreateAppender("scores"))
            {
                for (var i = from; i < Math.Min(count, from + RowsAPart); i++)
                {
                    if (i % 10_000 == 0)
                        cancellationToken.ThrowIfCancellationRequested();
                    var row = appendKeys(appender.CreateRow(), i);
                    foreach (var column in columns)
                        row = row.AppendValue(column.Of(i));
                    row.EndRow();
                }
            }

            parts.Add(Path.Combine(staging.Path, string.Create(CultureInfo.InvariantCulture, $"part-{parts.Count:D6}.parquet")));
            connection.Run($"COPY scores TO '{DataLake.Quote(parts[^1])}' (FORMAT parquet, COMPRESSION zstd)", cancellationToken);
        }

        if (parts.Count == 1)
            File.Move(parts[0], path);
        else
            connection.Run($"COPY (SELECT * FROM read_parquet([{string.Join(", ", parts.Select(p => $"'{DataLake.Quote(p)}'"))}])) TO '{DataLake.Quote(path)}' (FORMAT parquet, COMPRESSION zstd)", cancellationToken);
    }
}
