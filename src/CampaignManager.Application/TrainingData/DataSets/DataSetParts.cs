using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>
/// Kept rows on their way to the final table: collected in memory up to a part's size, then put down as one Parquet file of a staging
/// folder, so that memory does not grow with the file. A feature is written as number and as text until all rows are seen.
/// </summary>
internal sealed class DataSetParts : IDisposable
{
    // Of a wide table fewer rows: a part is held in memory.
    private const int MostRowsAPart = 100_000;
    private const int FewestRowsAPart = 2_000;
    private const int CellsAPart = 8_000_000;

    private readonly DuckDBConnection connection;
    private readonly DataSetPlan plan;
    private readonly string folder;
    private readonly int rowsAPart;
    private DuckDBAppender? appender;
    private int inPart;
    private int parts;

    public DataSetParts(DuckDBConnection connection, DataSetPlan plan, string folder)
    {
        this.connection = connection;
        this.plan = plan;
        this.folder = folder;
        rowsAPart = Math.Clamp(CellsAPart / (6 + plan.Outcomes.Count + 2 * plan.Features.Count), FewestRowsAPart, MostRowsAPart);
        Directory.CreateDirectory(folder);
    }

    public string Source => $"read_parquet('{DataLake.Quote(Path.Combine(folder, "*.parquet"))}', hive_partitioning = false)";

    public void Add(long rowNumber, DataSetRowReader row, CancellationToken cancel)
    {
        appender ??= Begin();
        var target = appender.CreateRow();
        target.AppendValue(rowNumber).AppendValue(row.Customer).AppendValue(row.Arm!.Value).AppendValue(row.Propensity).AppendValue(row.Split).AppendValue(row.Repaired);
        foreach (var outcome in row.Outcomes)
            target.AppendValue(outcome);
        for (var i = 0; i < plan.Features.Count; i++)
            target.AppendValue(row.Numbers[i]).AppendValue(row.Texts[i]);
        target.EndRow();
        if (++inPart == rowsAPart)
            Flush(cancel);
    }

    /// <summary>Puts down what is still in memory.</summary>
    public void Flush(CancellationToken cancel)
    {
        if (appender is null)
            return;
        appender.Dispose();
        appender = null;
        inPart = 0;
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"part-{parts++:D6}.parquet"));
        connection.Run($"COPY part TO '{DataLake.Quote(file)}' (FORMAT parquet, COMPRESSION snappy); DROP TABLE part;", cancel);
    }

    public void Dispose() => appender?.Dispose();

    private DuckDBAppender Begin()
    {
        string[] columns =
        [
            "row BIGINT", "customer VARCHAR", "arm INTEGER", "p DOUBLE", "split VARCHAR", "repaired BOOLEAN",
            .. plan.Outcomes.Select((_, i) => $"y{i} DOUBLE"),
            .. plan.Features.Select((_, i) => $"x{i} DOUBLE, c{i} VARCHAR"),
        ];
        connection.Run($"CREATE TABLE part ({string.Join(", ", columns)})");
        return connection.CreateAppender("part");
    }
}
