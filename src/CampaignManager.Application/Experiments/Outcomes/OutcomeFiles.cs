using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>
/// Customers and their orders by experiment, epoch and bucket, as files. A bucket is made again when anything its rows are made of has changed, and only then.
/// </summary>
internal sealed class OutcomeFiles(DataLake lake, ShopSettings shop, OutcomePlan plan)
{
    public const string Home = "outcomes";

    /// <summary>How files are made: another number makes them anew.</summary>
    public const int Form = 1;

    private const string Customers = "customers";

    private const string Orders = "orders";

    private static readonly TimeSpan Reading = TimeSpan.FromHours(1);

    private static readonly string[] OfCustomers =
    [
        "k", "customer_id", "assignment_id", "epoch", "arm", "assigned_at", "until", "closes_at", "after_from", .. OutcomeTables.Dimensions, "missing", "x", .. OutcomeTables.Covariates,
    ];

    private static readonly string[] OfOrders = ["\"at\"", "revenue", "margin", "discount", "returns", "reversed", "units"];

    private static readonly LakeTable[] OfPeople = [LakeTable.Exposures, LakeTable.Orders, LakeTable.OrderLines, LakeTable.Refunds, LakeTable.Customers];

    public static string FolderOf(Guid experiment) => $"{Home}/experiment={experiment:D}";

    // The name says of what a file was made: whoever writes, and in whatever order, nobody reads rows of one state as those of another.
    private string FileOf(int epoch, int bucket, string name, string basis) =>
        Sql($"{FolderOf(plan.Experiment)}/epoch={epoch}/bucket={bucket}/{name}-{basis[..16]}.parquet");

    /// <summary>Everything that one bucket's rows are made of, but for the rows of products, which come as a hash.</summary>
    public string Basis(int bucket, string goods)
    {
        var catalogue = lake.Catalogue();
        // Of somebody with several ids the rows may lie in another bucket.
        var folder = new LakeAliases(lake, catalogue, null).Any ? null : Sql($"bucket={bucket}");
        bool Own(LakeTable table, string path)
        {
            var folders = path.Split('/', '\\');
            return (folder is null || folders.Contains(folder)) && !IsLater(folders) && (table != LakeTable.Exposures || folders.Contains($"campaign={plan.Experiment:D}"));
        }

        var listed = OfPeople.SelectMany(t => catalogue.FilesOf(t).Where(f => Own(t, f.Path)).Select(f => $"{f.Path} {f.Sha256}")).Order(StringComparer.Ordinal);
        var others = OfPeople.SelectMany(t => lake.UnlistedFiles(t).Where(f => Own(t, f))).Select(f => new FileInfo(f))
            .Select(f => Sql($"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}")).Order(StringComparer.Ordinal);
        var aliases = catalogue.FilesOf(LakeTable.Aliases).Select(f => f.Sha256);
        // Coverage is asked for at assignments: how far it goes on beyond them changes nothing.
        var last = plan.LastAssigned.AddDays(1);
        var coverage = catalogue.Imports.SelectMany(i => i.Coverage.Where(c => c.What == "orders").Select(c => (i.Source, c.From, To: c.To < last ? c.To : last)))
            .GroupBy(c => c.Source, StringComparer.Ordinal).Select(g => Sql($"{g.Key} {g.Min(c => c.From).Date:O} {g.Max(c => c.To):O}"));
        // The cap is put on when sums are made.
        var own = JsonSerializer.Serialize(plan with { Frozen = plan.Frozen with { Cap = null, CapTop = false } }, JsonSerializerOptions.Web);
        return Hash([Sql($"{Form} {lake.Buckets} {shop.StoreMarginPercent} {goods}"), own, .. coverage.Order(StringComparer.Ordinal), .. aliases, .. listed, .. others]);
    }

    /// <summary>A quarter in which nothing is in any reading.</summary>
    private bool IsLater(string[] folders) => plan.Horizon is { } horizon && folders.FirstOrDefault(f => f.StartsWith("quarter=", StringComparison.Ordinal)) is { } quarter
        && string.CompareOrdinal(quarter, Sql($"quarter={horizon.Year}Q{((horizon.Month - 1) / 3) + 1}")) > 0;

    /// <summary>Costs and categories of goods, as a hash.</summary>
    public static string Goods(DataLake lake, DuckDBConnection connection) => connection.Query(
        $"""
        SELECT count(*), coalesce(bit_xor(hash(sku, category, unit_cost_minor, since)), 0)::VARCHAR FROM (
            SELECT sku, any_value(category) AS category, NULL::BIGINT AS unit_cost_minor, NULL::TIMESTAMP AS since FROM {lake.Source(LakeTable.Products)} GROUP BY 1
            UNION ALL SELECT sku, NULL, unit_cost_minor, since FROM ({lake.ProductCosts}))
        """,
        r => Sql($"{r.GetInt64(0)}:{r.GetString(1)}"))[0];

    /// <summary>Makes <c>customers</c> and <c>bought</c> of the bucket, from the files where they stand.</summary>
    /// <returns>Whether the files were made anew.</returns>
    public bool Ensure(DuckDBConnection connection, int bucket, string basis, CancellationToken cancel)
    {
        if (Stands(bucket, basis))
        {
            string From(string name) =>
                $"read_parquet([{string.Join(", ", plan.Epochs.Select(e => $"'{DataLake.Quote(lake.PathTo(FileOf(e.Number, bucket, name, basis)))}'"))}], hive_partitioning = false)";
            connection.Run($"CREATE OR REPLACE TEMP TABLE customers AS SELECT * EXCLUDE (customer_id) FROM {From(Customers)}", cancel);
            connection.Run($"CREATE OR REPLACE TEMP TABLE bought AS SELECT * EXCLUDE (customer_id) FROM {From(Orders)}", cancel);
            return false;
        }

        foreach (var step in new OutcomeTables(lake, shop, plan).Make(bucket))
            connection.Run(step, cancel);
        foreach (var epoch in plan.Epochs)
        {
            lake.WriteFile(connection, Sql($"""
                SELECT k, c.customer_id, {string.Join(", ", OfOrders)} FROM bought JOIN customers c USING (k)
                WHERE c.epoch = {epoch.Number} AND "at" >= c.assigned_at ORDER BY ALL
                """), FileOf(epoch.Number, bucket, Orders, basis), cancel);
            lake.WriteFile(
                connection, Sql($"SELECT {string.Join(", ", OfCustomers)} FROM customers WHERE epoch = {epoch.Number} ORDER BY k"),
                FileOf(epoch.Number, bucket, Customers, basis), cancel);
        }

        Sweep(bucket, basis);
        return true;
    }

    private bool Stands(int bucket, string basis) => plan.Epochs.All(
        e => File.Exists(lake.PathTo(FileOf(e.Number, bucket, Customers, basis))) && File.Exists(lake.PathTo(FileOf(e.Number, bucket, Orders, basis))));

    /// <summary>Files of earlier states, but for those that somebody may be reading.</summary>
    private void Sweep(int bucket, string basis)
    {
        var home = new DirectoryInfo(lake.PathTo(FolderOf(plan.Experiment)));
        var mine = File.GetLastWriteTimeUtc(lake.PathTo(FileOf(plan.Epochs[0].Number, bucket, Customers, basis)));
        foreach (var left in home.EnumerateDirectories("epoch=*").SelectMany(e => e.EnumerateDirectories(Sql($"bucket={bucket}"))).SelectMany(f => f.EnumerateFiles("*.parquet"))
                     .Where(f => !f.Name.Contains(basis[..16], StringComparison.Ordinal) && f.LastWriteTimeUtc < mine - Reading))
            left.Delete();
    }

    internal static string Hash(IEnumerable<string> parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));

    private static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
