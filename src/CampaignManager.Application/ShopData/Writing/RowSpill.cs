using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Takes a stream of rows apart into raw tables, in bounded memory, before the lake is locked for writing.</summary>
internal sealed class RowSpill : IDisposable
{
    /// <summary>Rows of a kind held in memory.</summary>
    internal const int PartRows = 1_000_000;

    private readonly StagingFolder staging;
    private readonly Func<string?, DateTime?, bool> isErased;
    private readonly OrderSpill orders;
    private readonly EventSpill events;
    private readonly PeopleSpill people;
    private readonly GoodsSpill goods;
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private long n;

    /// <param name="lake">Where they are going.</param>
    /// <param name="isErased">Whether a person was erased after that time; a row without a time is refused of whoever was ever erased.</param>
    /// <param name="partRows">Rows of a kind held in memory.</param>
    public RowSpill(DataLake lake, Func<string?, DateTime?, bool> isErased, int partRows)
    {
        this.isErased = isErased;
        staging = new StagingFolder(lake.Root);
        // Rows come from one thread, which sorts what it sets aside: see WriteStage.Each for what more threads cost.
        Connection = lake.Open(threads: 1);
        RawTable Raw(string name, string columns, string order) => new(Connection, staging.Path, name, columns, order, partRows);
        var buckets = new KnownBuckets(lake.Buckets);
        orders = new OrderSpill(Raw, buckets);
        events = new EventSpill(Raw, buckets);
        people = new PeopleSpill(Raw);
        goods = new GoodsSpill(Raw);
    }

    public DuckDBConnection Connection { get; }

    public long Erased { get; private set; }

    public long Orders => orders.Rows;

    public long Events => events.Rows;

    public long Customers => people.Customers;

    public long Exposures => people.Exposures;

    public long Products => goods.Rows;

    /// <summary>Pairs of ids that are one person: the first is to become the second.</summary>
    public IReadOnlyList<IdPair> Pairs => [.. events.Pairs.Concat(people.Pairs).Concat(Merged).Where(p => !gone.Contains(p.From) && !gone.Contains(p.To))];

    /// <summary>Pairs that no row brought.</summary>
    public IReadOnlyList<IdPair> Merged { get; init; } = [];

    public void Take(IEnumerable<ReadRow> rows, IProgress<long>? progress, CancellationToken cancel)
    {
        foreach (var row in rows)
        {
            if ((n & 0xFFF) == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Report(n);
            }

            Add(row);
            n++;
        }

        progress?.Report(n);
        orders.Close();
        events.Close();
        people.Close();
        goods.Close();
    }

    /// <summary>Rows of a raw table by <c>customer_id</c> that are still to be written.</summary>
    /// <param name="raw">Which.</param>
    /// <param name="who">Whose a row is.</param>
    public string Left(string raw, string who = "customer_id") => gone.Count == 0 ? raw : $"(SELECT * FROM {raw} WHERE {who} IS NULL OR {who} NOT IN (SELECT id FROM gone_people))";

    /// <summary>Leaves out who was erased since the rows were taken.</summary>
    public void Forget(Func<string?, DateTime?, bool> isErasedNow)
    {
        foreach (var (table, who) in ((string, string)[])[("orders", "customer_id"), ("events", "coalesce(customer_id, anonymous_id)"), ("customers", "customer_id"), ("exposures", "customer_id")])
            gone.UnionWith(Connection.Query($"SELECT DISTINCT {who} FROM raw_{table} WHERE {who} IS NOT NULL", r => r.GetString(0)).Where(id => isErasedNow(id, null)));
        Connection.Run("CREATE OR REPLACE TABLE gone_people (id VARCHAR)");
        using var ids = Connection.CreateAppender("gone_people");
        foreach (var id in gone)
            ids.CreateRow().AppendValue(id).EndRow();
    }

    public void Dispose()
    {
        orders.Dispose();
        events.Dispose();
        people.Dispose();
        goods.Dispose();
        Connection.Dispose();
        staging.Dispose();
    }

    private void Add(ReadRow row)
    {
        switch (row)
        {
            case OrderRow order when Kept(order.CustomerId, order.At): orders.Add(order, n); break;
            case EventRow done when Kept(done.CustomerId ?? done.AnonymousId, done.At): events.Add(done, n); break;
            case CustomerRow customer when Kept(customer.Id, customer.JoinedAt): people.Add(customer, n); break;
            case ExposureRow exposure when Kept(exposure.CustomerId, exposure.AssignedAt): people.Add(exposure, n); break;
            case ProductRow product: goods.Add(product, n); break;
            // A campaign is no row of the lake: who imports it makes one of it.
            case CampaignRow or OrderRow or EventRow or CustomerRow or ExposureRow: break;
            default: throw new InvalidOperationException($"The lake knows no {row.GetType().Name}.");
        }
    }

    private bool Kept(string? customer, DateTime? at)
    {
        if (customer is null || !isErased(customer, at))
            return true;
        Erased++;
        return false;
    }
}

/// <param name="Kind"><c>anonymous</c> for a browser's id, else <c>customer</c>.</param>
internal sealed record IdPair(string From, string To, string Kind, DateTime? At);

internal delegate RawTable MakeRaw(string name, string columns, string order);
