using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Lake;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>A lake with its writer.</summary>
internal sealed class AWriter : IDisposable
{
    public static readonly DateTime Start = new(2026, 1, 10, 12, 0, 0, DateTimeKind.Utc);

    private readonly ALake lake;

    public AWriter(int buckets = 4, int partRows = 1_000)
    {
        lake = new ALake(buckets);
        Writer = new ShopWriter(lake.Lake, TimeProvider.System, new ErasureKey(new byte[32])) { PartRows = partRows };
    }

    public DataLake Lake => lake.Lake;

    public ALake A => lake;

    public ShopWriter Writer { get; }

    public Heard Rejects { get; } = new();

    public Task<WriteReport> WriteAsync(Guid import, DateTime knownAt, params IEnumerable<ReadRow> rows) => WriteAsync(import, "shop", knownAt, rows);

    public Task<WriteReport> WriteAsync(Guid import, string source, DateTime knownAt, IEnumerable<ReadRow> rows) =>
        Writer.WriteAsync(new ImportSource(import, source, knownAt), rows, Rejects, null, TestContext.Current.CancellationToken);

    /// <summary>A query's rows as text, each value by <c>|</c>, without those that are not there.</summary>
    public List<string> Rows(string sql)
    {
        using var connection = Lake.Open();
        return connection.Query(
            $"SELECT COLUMNS(*)::VARCHAR FROM ({sql})",
            r => string.Join('|', Enumerable.Range(0, r.FieldCount).Where(i => !r.IsDBNull(i)).Select(r.GetString)));
    }

    public List<string> Rows(LakeTable table, string columns, DateTime? knownBy = null) => Rows($"SELECT {columns} FROM {Lake.Source(table, knownBy)} ORDER BY ALL");

    public static OrderRow Order(string id, string? customer, DateTime at, long price = 1_000, int quantity = 1, string sku = "S1") => new(id, at, "EUR", 0)
    {
        CustomerId = customer,
        TotalMinor = price * quantity,
        Lines = [new OrderLineRow(0, sku, quantity, price)],
    };

    public static EventRow View(string? id, string? customer, DateTime at, string sku = "S1") => new(id, "view", at, 0) { CustomerId = customer, Sku = sku };

    public void Dispose() => lake.Dispose();

    internal sealed class Heard : IRejects
    {
        public List<RejectedRow> Rows { get; } = [];

        public void Add(RejectedRow row) => Rows.Add(row);
    }
}
