using System.Globalization;
using System.Threading.Channels;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>
/// The orders of the last days, read from the lake bucket by bucket and handed on in batches of whole customers, so that memory does not grow with the shop. What a customer
/// was as of an order comes from all orders before it, not only from those of the window.
/// </summary>
internal sealed class ReplayOrders : IDisposable
{
    private const int OrdersABatch = 2_000;

    // An order and its lines carry the same time; a line that differs a little still finds its order.
    private const int LineSlackDays = 1;

    // Each order of a guest is somebody's first.
    private const string Person = $"CASE WHEN NOT starts_with(customer_id, '{DataLake.GuestPrefix}') THEN nullif(trim(customer_id), '') END";

    private static readonly string[] NoSegments = [];

    private readonly DataLake lake;
    private readonly DuckDBConnection connection;
    private readonly string window;
    private readonly string lineWindow;
    private readonly List<string> categories = [];
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> segmentLists = new(StringComparer.Ordinal);

    /// <param name="lake">Where orders lie.</param>
    /// <param name="requestedAt">UTC; what was ordered after it does not exist yet.</param>
    /// <param name="days">How many days, counted back from the newest order.</param>
    /// <param name="segments">Segments that some campaign names, as keys.</param>
    /// <param name="cancel">Stops it.</param>
    public ReplayOrders(DataLake lake, DateTime requestedAt, int days, IEnumerable<string> segments, CancellationToken cancel)
    {
        this.lake = lake;
        connection = lake.Open();
        var newest = connection.Query(
            $"SELECT max(\"at\") FROM {lake.CountedOrders()} WHERE \"at\" <= {DataLake.Moment(requestedAt)}", r => r.IsDBNull(0) ? (DateTime?)null : Utc(r.GetDateTime(0)))[0];
        Until = newest ?? requestedAt;
        From = newest is null ? requestedAt : Until.AddDays(-days);
        window = $"\"at\" > {DataLake.Moment(From)} AND \"at\" <= {DataLake.Moment(Until)}";
        lineWindow = $"\"at\" > {DataLake.Moment(From.AddDays(-LineSlackDays))} AND \"at\" <= {DataLake.Moment(Until.AddDays(LineSlackDays))}";
        Count = connection.Scalar<long>($"SELECT count(*) FROM {lake.CountedOrders()} WHERE {window}");
        if (Count == 0)
            return;
        // Customers without a bucket are those without an id: guests.
        Buckets = connection.Query($"SELECT DISTINCT bucket FROM {lake.CountedOrders()} WHERE {window} ORDER BY 1 NULLS LAST", r => r.IsDBNull(0) ? (int?)null : r.GetInt32(0));
        LoadGoods(cancel);
        LoadSegments([.. segments.Distinct(StringComparer.Ordinal)], cancel);
    }

    /// <summary>UTC, exclusive.</summary>
    public DateTime From { get; }

    /// <summary>UTC: the newest order.</summary>
    public DateTime Until { get; }

    public long Count { get; }

    public IReadOnlyList<int?> Buckets { get; } = [];

    public ReplayGoods[] Goods { get; private set; } = [];

    public IReadOnlyList<string> Categories => categories;

    /// <summary>Hands all batches on, the same in every run.</summary>
    /// <param name="to">Where to; waits while it is full.</param>
    /// <param name="handed">Told how many orders have been handed on.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="enough">Orders after which no further bucket is begun: customers fall into buckets by chance, so these are a sample.</param>
    public async Task HandOnAsync(ChannelWriter<ReplayBatch> to, Func<long, Task> handed, CancellationToken cancel, long enough = long.MaxValue)
    {
        long done = 0;
        foreach (var bucket in Buckets.TakeWhile(_ => done < enough))
        {
            cancel.ThrowIfCancellationRequested();
            using var command = connection.CreateCommand();
            command.CommandText = Sql(bucket is { } number ? string.Create(CultureInfo.InvariantCulture, $"bucket = {number}") : "bucket IS NULL");
            command.UseStreamingMode = true;
            // Sorting a bucket is one long statement: it is interrupted rather than waited for.
            using var stop = cancel.Register(command.Cancel);
            try
            {
                using var reader = command.ExecuteReader();
                var batch = new ReplayBatch();
                var (order, customer) = (0L, -1);
                while (reader.Read())
                {
                    if (reader.GetInt64(0) is var k && k != order)
                    {
                        order = k;
                        var next = Order(reader, batch.Lines.Count);
                        if (batch.Orders.Count >= OrdersABatch && (next.Customer != customer || next.Customer < 0))
                        {
                            done += batch.Orders.Count;
                            await to.WriteAsync(batch, cancel);
                            await handed(done);
                            batch = new ReplayBatch();
                            next = next with { FirstLine = 0 };
                        }

                        customer = next.Customer;
                        batch.Orders.Add(next);
                    }

                    if (!reader.IsDBNull(13))
                        batch.Lines.Add(new RawLine(reader.GetInt32(13), reader.GetInt64(14), reader.GetInt64(15)));
                }

                done += batch.Orders.Count;
                await to.WriteAsync(batch, cancel);
                await handed(done);
            }
            catch (DuckDBException) when (cancel.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancel);
            }
        }
    }

    public void Dispose() => connection.Dispose();

    private RawOrder Order(DuckDBDataReader r, int firstLine) => new(
        r.GetInt32(1), Utc(r.GetDateTime(2)), r.GetInt64(3), Moment(r, 4), Moment(r, 5), Moment(r, 6), Word(r, 7), Word(r, 8), SegmentsOf(Word(r, 9)), r.GetInt64(10), r.GetInt64(11), r.GetBoolean(12), firstLine);

    private string Sql(string bucket) => $"""
        WITH mine AS MATERIALIZED (
            SELECT source, order_id, {Person} AS customer_id, "at", channel, shipping_minor, discount_minor, coalesce(lag(order_id) OVER w = order_id, false) AS twice
            FROM {lake.CountedOrders()} WHERE {bucket} AND "at" <= {DataLake.Moment(Until)} WINDOW w AS (PARTITION BY {Person} ORDER BY "at", order_id)),
        past AS (
            SELECT *, row_number() OVER w - 1 AS earlier, lag("at") OVER w AS last_at, lag("at", {LifecycleRules.LoyalOrders}) OVER w AS fourth_at, first_value("at") OVER w AS first_at
            FROM mine WHERE NOT twice WINDOW w AS (PARTITION BY customer_id ORDER BY "at", order_id)
            UNION ALL SELECT *, 0, NULL, NULL, NULL FROM mine WHERE twice),
        people AS (SELECT customer_id, min(joined_at) AS joined_at, max(region) AS region FROM {lake.Source(LakeTable.Customers)} WHERE {bucket} GROUP BY 1),
        placed AS (
            SELECT p.*, row_number() OVER (ORDER BY p.customer_id NULLS LAST, p."at", p.order_id) AS k, dense_rank() OVER (ORDER BY p.customer_id NULLS LAST) AS c,
                   coalesce(u.joined_at, p.first_at) AS joined_at, u.region, s.segments
            FROM past p LEFT JOIN people u USING (customer_id) LEFT JOIN named_segments s USING (customer_id) WHERE {window}),
        sold AS (
            SELECT l.source, l.order_id, g.g, coalesce(quantity, -1)::BIGINT AS quantity, coalesce(unit_price_minor, -1) AS price
            FROM {lake.CountedLines()} l JOIN goods g ON g.sku IS NOT DISTINCT FROM l.sku AND g.own_category IS NOT DISTINCT FROM l.category
            WHERE {bucket} AND {lineWindow})
        SELECT k, CASE WHEN customer_id IS NULL THEN -1 ELSE c END::INTEGER, "at", earlier, joined_at, last_at, fourth_at, channel, region, segments,
               greatest(coalesce(shipping_minor, 0), 0)::BIGINT, coalesce(discount_minor, 0)::BIGINT, twice, g, quantity, price
        FROM placed LEFT JOIN sold USING (source, order_id) ORDER BY k, g, price, quantity
        """;

    /// <summary>What was sold, each once, with the category of the line, else the product's, and the brand. Numbers instead of texts make the rows small.</summary>
    private void LoadGoods(CancellationToken cancel)
    {
        connection.Run($"""
            CREATE TEMP TABLE goods AS
            SELECT (row_number() OVER (ORDER BY l.sku, l.category) - 1)::INTEGER AS g, l.sku, l.category AS own_category, coalesce(l.category, p.category) AS category, p.brand
            FROM (SELECT DISTINCT sku, category FROM {lake.CountedLines()} WHERE {lineWindow}) l
            LEFT JOIN (SELECT sku, max(category) AS category, max(brand) AS brand FROM {lake.Source(LakeTable.Products)} GROUP BY 1) p ON p.sku = l.sku
            """, cancel);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        Goods = [.. connection.Query("SELECT sku, brand, category FROM goods ORDER BY g", r =>
        {
            if (Word(r, 2) is not { } category)
                return new ReplayGoods(Word(r, 0), Word(r, 1), -1, []);
            if (!numbers.TryGetValue(category, out var number))
            {
                numbers[category] = number = categories.Count;
                categories.Add(category);
            }

            return new ReplayGoods(Word(r, 0), Word(r, 1), number, [category]);
        })];
    }

    private void LoadSegments(string[] named, CancellationToken cancel)
    {
        // Where a customer stood is worked out as of each order; only what else campaigns name is taken as it is today.
        var wanted = named.Except(LifecycleRules.All.Select(l => l.Key()), StringComparer.Ordinal).ToList();
        var rows = wanted.Count == 0 || !File.Exists(lake.PathTo(SegmentService.CurrentFile))
            ? "SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS segments WHERE false"
            : $"SELECT customer_id, string_agg(segment, chr(31) ORDER BY segment) AS segments FROM {lake.SourceOf(SegmentService.CurrentFile)} WHERE segment IN ({string.Join(", ", wanted.Select(s => $"'{DataLake.Quote(s)}'"))}) GROUP BY 1";
        connection.Run($"CREATE TEMP TABLE named_segments AS {rows}", cancel);
    }

    private string[] SegmentsOf(string? list)
    {
        if (list is null)
            return NoSegments;
        if (!segmentLists.TryGetValue(list, out var keys))
            segmentLists[list] = keys = list.Split('\u001f');
        return keys;
    }

    private string? Word(DuckDBDataReader r, int column)
    {
        if (r.IsDBNull(column))
            return null;
        var text = r.GetString(column);
        if (known.TryGetValue(text, out var same))
            return same;
        known[text] = text;
        return text;
    }

    private static DateTime? Moment(DuckDBDataReader r, int column) => r.IsDBNull(column) ? null : Utc(r.GetDateTime(column));

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
