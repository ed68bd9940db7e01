using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.Extensions.Options;

namespace CampaignManager.Benchmarks;

/// <summary>
/// Events from a CSV file into the lake: comparing ids, flagging robots, buckets and order included; beside one DuckDB statement that does as much, and its plain copy. The file's
/// lines are cut by a reader of a few lines here, so that the lake's own work is what is measured.
/// </summary>
internal static class LakeBenchmark
{
    private sealed class Nobody : IRejects
    {
        public void Add(RejectedRow row)
        {
        }
    }

    public static async Task RunAsync(string[] args)
    {
        var rows = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 5_000_000;
        var folder = Directory.CreateTempSubdirectory("lake-bench-").FullName;
        try
        {
            var lake = new DataLake(Options.Create(new LakeOptions { Path = Path.Combine(folder, "lake") }), TimeProvider.System);
            var csv = Path.Combine(folder, "events.csv");
            using (var connection = lake.Open())
                connection.Run(Generate(rows, csv));
            Console.WriteLine("| work | wall | processor | rows/s | peak |");
            Console.WriteLine("|---|---|---|---|---|");
            await TimeAsync("DuckDB, plain copy", rows, () => Duck(lake, $"COPY (SELECT * FROM read_csv('{csv}', all_varchar = true)) TO '{folder}/plain.parquet' (FORMAT parquet, COMPRESSION zstd)"));
            await TimeAsync("DuckDB, one statement", rows, () => Duck(lake, OneStatement(csv, folder)));
            var writer = new ShopWriter(lake, TimeProvider.System);
            var first = await TimeAsync("the lake", rows, () => WriteAsync(writer, csv));
            var again = await TimeAsync("the lake, the same file again", rows, () => WriteAsync(writer, csv));
            Console.WriteLine(FormattableString.Invariant(
                $"{rows:N0} rows in the file; {first.Written:N0} written, {first["duplicates"]:N0} there twice; again {again.Written:N0} written, {again["duplicates"]:N0} there already."));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<T> TimeAsync<T>(string name, long rows, Func<Task<T>> work)
    {
        GC.Collect();
        ProcessMemory.ForgetPeak();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var result = await work();
        clock.Stop();
        self.Refresh();
        Console.WriteLine(FormattableString.Invariant(
            $"| {name} | {clock.Elapsed.TotalSeconds:0.0} s | {(self.TotalProcessorTime - before).TotalSeconds:0.0} s | {rows / clock.Elapsed.TotalSeconds:N0} | {self.PeakWorkingSet64 >> 20} MB |"));
        return result;
    }

    private static Task<int> Duck(DataLake lake, string sql)
    {
        using var connection = lake.Open();
        connection.Run(sql);
        return Task.FromResult(0);
    }

    private static Task<WriteReport> WriteAsync(ShopWriter writer, string csv) =>
        writer.WriteAsync(new ImportSource(Guid.NewGuid(), "shop", new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc)), Read(csv), new Nobody(), null, CancellationToken.None);

    private static IEnumerable<ReadRow> Read(string csv)
    {
        long row = 0;
        foreach (var line in File.ReadLines(csv).Skip(1))
        {
            var cells = line.Split(',');
            yield return new EventRow(cells[0], cells[2], DateTime.ParseExact(cells[5], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), row++)
            {
                CustomerId = cells[1],
                Sku = cells[3],
                UnitPriceMinor = long.Parse(cells[4], CultureInfo.InvariantCulture),
            };
        }
    }

    // One event in a thousand comes twice; a year and a half; twenty events a customer.
    private static string Generate(long rows, string csv) => string.Create(CultureInfo.InvariantCulture, $"""
        COPY (SELECT 'e' || (i - (i % 1000 = 7)::INTEGER) || 'x' AS event_id, 'C' || (j * 7919 % {Math.Max(1, rows / 20)}) AS customer_id, ['view', 'view', 'view', 'cart'][j % 4 + 1] AS type,
                     'SKU-' || (j * 31 % 1200) AS sku, 100 + j % 9000 AS price, strftime(TIMESTAMP '2025-01-01' + to_seconds((j * 47304000) // {rows}), '%Y-%m-%d %H:%M:%S') AS time
              FROM (SELECT i, i - (i % 1000 = 7)::INTEGER AS j FROM range({rows}) t(i))) TO '{csv}' (HEADER)
        """);

    private static string OneStatement(string csv, string folder) => $"""
        COPY (SELECT event_id, customer_id, type, sku, price::BIGINT AS unit_price_minor, t AS "at", year(t) || 'Q' || quarter(t) AS quarter, {CustomerBucket.Sql("customer_id", 8)} AS bucket
              FROM (SELECT *, strptime(time, '%Y-%m-%d %H:%M:%S') AS t FROM read_csv('{csv}', all_varchar = true))
              QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY t) = 1)
        TO '{folder}/one' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (quarter, bucket))
        """;
}
