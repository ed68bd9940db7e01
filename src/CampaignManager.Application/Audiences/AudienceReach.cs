using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Offers;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Audiences;

/// <summary>Customers who are alike in all that an audience can ask for.</summary>
/// <param name="Customers">How many.</param>
/// <param name="Converted">How many of them ordered in the window looked at; zero where none is.</param>
/// <param name="Uplift">Which of <see cref="UpliftSegments"/>.</param>
public sealed record AudienceCell(string Lifecycle, string? Favourite, string? Region, string? Channel, bool Returning, long Customers, long Converted = 0, int Uplift = 0)
    : IAudienceMember
{
    /// <summary>Keys of the saved audiences they are in.</summary>
    public IReadOnlyList<string> Own { get; init; } = [];

    /// <summary>What they spent in the window looked at.</summary>
    public WindowSpend Spent { get; init; }

    public bool? IsNew => !Returning;

    public bool IsIn(string segment) => new CustomerSegments(Lifecycle, Favourite, Uplift, Own).IsIn(segment);
}

/// <summary>
/// What customers paid for goods in a window, minor units: sums over customers of their totals, capped at the 95th and at the 99th percentile of the
/// shop's buyers (uncapped below 200 of them), and of the squares.
/// </summary>
public readonly record struct WindowSpend(double Sum, double Squares, double TopSum, double TopSquares)
{
    public static WindowSpend operator +(WindowSpend a, WindowSpend b) =>
        new(a.Sum + b.Sum, a.Squares + b.Squares, a.TopSum + b.TopSum, a.TopSquares + b.TopSquares);
}

/// <summary>How an audience converted in a past window: so many of so many ordered at least once.</summary>
/// <param name="From">The window's start, UTC; who was in the audience is as of then.</param>
/// <param name="Days">Its length.</param>
public sealed record ConversionHistory(long Customers, long Converted, DateTime From, int Days)
{
    /// <summary>What they spent.</summary>
    public WindowSpend Spent { get; init; }

    public double? Rate => Customers == 0 ? null : (double)Converted / Customers;
}

/// <summary>The shop's customers as of now, to be counted by audience. Channels and regions are those that customers have.</summary>
public sealed record CustomerCells(IReadOnlyList<AudienceCell> Cells)
{
    public bool IsKnown => Cells.Count > 0;

    public IReadOnlyList<string> Channels { get; } = [.. Cells.Select(c => c.Channel).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Regions { get; } = [.. Cells.Select(c => c.Region).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    public long Everyone => Cells.Sum(c => c.Customers);

    public long Size(Audience audience) => Cells.Where(c => audience.Matches(c)).Sum(c => c.Customers);

    public long Shared(Audience a, Audience b) => Cells.Where(c => a.Matches(c) && b.Matches(c)).Sum(c => c.Customers);
}

/// <summary>How many customers an audience has, and how they converted. Read from the lake once for each state of its files.</summary>
public sealed class AudienceReach(DataLake lake) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<int, (string Stamp, (DateTime From, IReadOnlyList<AudienceCell> Cells)? Past)> histories = [];
    private (string Stamp, CustomerCells Cells)? now;

    /// <summary>Everybody, as of the last computation of features; empty before the first.</summary>
    public Task<CustomerCells> CustomersAsync(CancellationToken cancellationToken) => InTurnAsync(() =>
    {
        var stamp = FeatureStamp();
        if (now is not { } known || known.Stamp != stamp)
            now = known = (stamp, new CustomerCells(stamp == "" ? [] : ReadNow()));
        return known.Cells;
    }, cancellationToken);

    /// <summary>
    /// How the customers of an audience converted in the last window of so many days that orders tell of. Where customers stood with the shop is as of the
    /// window's start, so that nobody is in a segment because of what they did in it; favourites, ranks by uplift and saved audiences are today's, since nobody knows what they
    /// were. Null without orders.
    /// </summary>
    public Task<ConversionHistory?> HistoryAsync(Audience audience, int days, CancellationToken cancellationToken) => InTurnAsync(() =>
    {
        var stamp = FeatureStamp() + "|" + lake.StampOf(LakeTable.Orders, LakeTable.Customers);
        if (!histories.TryGetValue(days, out var known) || known.Stamp != stamp)
            histories[days] = known = (stamp, lake.HasRows(LakeTable.Orders) && lake.HasRows(LakeTable.Customers) ? ReadPast(days) : null);
        if (known.Past is not { } past)
            return null;
        var cells = past.Cells.Where(c => audience.Matches(c)).ToList();
        return new ConversionHistory(cells.Sum(c => c.Customers), cells.Sum(c => c.Converted), past.From, days)
        {
            Spent = cells.Aggregate(default(WindowSpend), (sum, c) => sum + c.Spent),
        };
    }, cancellationToken);

    public void Dispose() => gate.Dispose();

    private async Task<T> InTurnAsync<T>(Func<T> read, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(read, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private string FeatureStamp() => StampOf(lake, CustomerFeatures.CurrentFile) is { Length: > 0 } features ? features + "|" + StampOf(lake, SegmentService.CurrentFile) : "";

    /// <summary>Changes when a file of the lake is replaced; empty while there is none.</summary>
    internal static string StampOf(DataLake lake, string relativePath) => new FileInfo(lake.PathTo(relativePath)) is { Exists: true } file
        ? string.Create(CultureInfo.InvariantCulture, $"{file.Length}|{file.LastWriteTimeUtc.Ticks}") : "";

    private List<AudienceCell> ReadNow()
    {
        using var connection = lake.Open(threads: 1);
        return connection.Query(
            $"""
            SELECT c_lifecycle, '{SegmentKeys.FavouritePrefix}' || c_favourite, c_region, c_channel, coalesce(x_orders, 0) > 0, count(*), 0::BIGINT, coalesce(u.uplift, 0), o.own
            FROM {lake.SourceOf(CustomerFeatures.CurrentFile)} LEFT JOIN {UpliftCombinations.Sql(lake)} u USING (customer_id)
            LEFT JOIN {AudienceMembers.KeysSql(lake)} o USING (customer_id) GROUP BY ALL
            """,
            Cell);
    }

    private (DateTime From, IReadOnlyList<AudienceCell> Cells) ReadPast(int days)
    {
        using var connection = lake.Open();
        var last = connection.Scalar<DateTime>($"""SELECT max("at") FROM {lake.CountedOrders()}""");
        var from = last.AddDays(-days);
        var moment = string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{from:yyyy-MM-dd HH:mm:ss.ffffff}'");
        var favourites = FeatureStamp() == "" ? "(SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS c_favourite WHERE false)" : lake.SourceOf(CustomerFeatures.CurrentFile);
        var cells = connection.Query(
            $"""
            WITH bought AS (
                SELECT customer_id, count(*) FILTER ("at" < {moment}) AS n, count(*) FILTER ("at" < {moment} AND "at" >= {moment} - INTERVAL 365 DAY) AS n365,
                       max("at") FILTER ("at" < {moment}) AS last_at, count(*) FILTER ("at" >= {moment}) > 0 AS converted,
                       coalesce(sum(list_minor - discount_minor) FILTER ("at" >= {moment}), 0)::DOUBLE AS paid
                FROM {lake.CountedOrders()} GROUP BY 1),
            caps AS (SELECT CASE WHEN count(*) >= {MoneyCap.FewestTotals} THEN quantile_cont(paid, [0.95, 0.99])
                                 ELSE ['infinity'::DOUBLE, 'infinity'::DOUBLE] END AS cap FROM bought WHERE paid > 0 AND NOT starts_with(customer_id, '{DataLake.GuestPrefix}')),
            stood AS (
                SELECT c.customer_id, c.region, c.channel, coalesce(b.n, 0) AS orders, coalesce(b.n365, 0) AS year_orders, coalesce(b.converted, false) AS converted,
                       least(coalesce(b.paid, 0), (SELECT cap[1] FROM caps)) AS paid,
                       least(coalesce(b.paid, 0), (SELECT cap[2] FROM caps)) AS top,
                       (epoch({moment}) - epoch(c.joined_at)) / 86400.0 AS tenure, (epoch({moment}) - epoch(b.last_at)) / 86400.0 AS recency
                FROM {lake.Source(LakeTable.Customers)} c LEFT JOIN bought b USING (customer_id) WHERE c.joined_at < {moment})
            SELECT {LifecycleSql.Of("tenure", "orders", "year_orders", "recency")}, '{SegmentKeys.FavouritePrefix}' || f.c_favourite, region, channel, orders > 0, count(*), count(*) FILTER (converted),
                   coalesce(u.uplift, 0), o.own, sum(paid), sum(paid * paid), sum(top), sum(top * top)
            FROM stood LEFT JOIN {favourites} f USING (customer_id) LEFT JOIN {UpliftCombinations.Sql(lake)} u USING (customer_id)
            LEFT JOIN {AudienceMembers.KeysSql(lake)} o USING (customer_id) GROUP BY ALL
            """,
            r => Cell(r) with { Spent = new WindowSpend(r.GetDouble(9), r.GetDouble(10), r.GetDouble(11), r.GetDouble(12)) });
        return (DateTime.SpecifyKind(from, DateTimeKind.Utc), cells);
    }

    private static AudienceCell Cell(DuckDBDataReader r)
    {
        return new AudienceCell(r.GetString(0), Text(1), Text(2), Text(3), r.GetBoolean(4), r.GetInt64(5), r.GetInt64(6), r.GetInt32(7)) { Own = AudienceMembers.KeysOf(Text(8)) };

        string? Text(int column) => r.IsDBNull(column) ? null : r.GetString(column);
    }
}
