using System.Globalization;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Audiences.Predicates;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>So many customers under a key.</summary>
public sealed record KeyCount(string Key, long Customers);

/// <summary>Predicted uplift of an audience's members.</summary>
/// <param name="Scored">Members with a score.</param>
/// <param name="Mean">Of their predicted uplift, as a share.</param>
public sealed record PredictedUplift(long Scored, double Mean);

/// <summary>What the members of a segment are like.</summary>
/// <param name="Rfm">Members by score 1 to 5, for each part.</param>
/// <param name="Favourites">Members by favourite category, most first.</param>
/// <param name="Tiers">Members by member tier, most first; without those of whom none is known.</param>
/// <param name="Baseline">How they converted in the last window of that length; null without orders.</param>
/// <param name="Uplift">Null where no model has scored them.</param>
/// <param name="Everyone">All customers.</param>
/// <param name="BaselineOfAll">The same of all customers.</param>
/// <param name="UpliftOfAll">The same of all customers.</param>
/// <param name="Traits">What is more or less common among them than among all customers, the largest difference first.</param>
/// <param name="Typical">Their figures beside those of all customers.</param>
/// <param name="AsOf">As of when customers are described, UTC.</param>
public sealed record AudienceProfile(
    string Key, long Size, IReadOnlyDictionary<RfmPart, IReadOnlyList<long>> Rfm, IReadOnlyList<KeyCount> Favourites, IReadOnlyList<KeyCount> Tiers, ConversionHistory? Baseline,
    PredictedUplift? Uplift, long Everyone, ConversionHistory? BaselineOfAll, PredictedUplift? UpliftOfAll, IReadOnlyList<AudienceTrait> Traits, IReadOnlyList<TypicalFigure> Typical,
    DateTime AsOf);

/// <summary>How many customers are in two segments at once.</summary>
/// <param name="Shared">Row by row in the order of the keys; the diagonal is the sizes.</param>
public sealed record AudienceOverlap(IReadOnlyList<string> Keys, IReadOnlyList<IReadOnlyList<long>> Shared, DateTime AsOf);

/// <summary>A size as it was.</summary>
public sealed record SizeOnDay(DateOnly Day, long Size, DateTime AsOf);

/// <summary>What segments are like, how they overlap, how they grew.</summary>
public sealed class AudienceProfiles(DataLake lake, AudienceSizes sizes, AudienceReach reach, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>Of one matrix.</summary>
    public const int MostCompared = 20;

    private const int BaselineDays = 14;

    public async Task<Outcome<AudienceProfile>> OfAsync(string key, CancellationToken cancellationToken)
    {
        if (await RefusalAsync([key], cancellationToken) is { } refusal)
            return refusal;
        if (await sizes.ReadyAsync(cancellationToken) is not { } asOf)
            return AudienceSizes.NobodyYet;
        var baseline = await reach.HistoryAsync(new Audience { AnyOf = [key] }, BaselineDays, cancellationToken);
        var ofAll = await reach.HistoryAsync(new Audience(), BaselineDays, cancellationToken);
        return await Task.Run(() => Read(key, baseline, ofAll, asOf), cancellationToken);
    }

    public async Task<Outcome<AudienceOverlap>> OverlapAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count is 0 or > MostCompared)
            return Failure.Invalid("keys", $"Name 1 to {MostCompared} segments, with commas between.");
        keys = [.. keys.Distinct(StringComparer.Ordinal)];
        if (await RefusalAsync(keys, cancellationToken) is { } refusal)
            return refusal;
        if (await sizes.ReadyAsync(cancellationToken) is not { } asOf)
            return AudienceSizes.NobodyYet;
        return await Task.Run(() => Compare(keys, asOf), cancellationToken);
    }

    /// <summary>A row a day, the oldest first.</summary>
    public async Task<Outcome<IReadOnlyList<SizeOnDay>>> HistoryAsync(string key, CancellationToken cancellationToken)
    {
        if (await RefusalAsync([key], cancellationToken) is { } refusal)
            return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return Outcome<IReadOnlyList<SizeOnDay>>.Of(
            await context.SegmentSizes.AsNoTracking().Where(s => s.Key == key).OrderBy(s => s.Day).Select(s => new SizeOnDay(s.Day, s.Size, s.AsOf)).ToListAsync(cancellationToken));
    }

    private async Task<Failure?> RefusalAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.Segments.Where(s => keys.Contains(s.Key)).Select(s => s.Key).ToListAsync(cancellationToken);
        return keys.All(known.Contains) ? null
            : new Failure(FailureKind.NotFound, SegmentMembers.UnknownSegment, $"The shop has no segment '{keys.First(k => !known.Contains(k))}'. GET /audiences lists them.");
    }

    private AudienceProfile Read(string key, ConversionHistory? baseline, ConversionHistory? ofAll, DateTime asOf)
    {
        using var connection = lake.Open();
        connection.Run($"""
            CREATE TEMP TABLE facts AS SELECT f.* EXCLUDE (customer_id), m.customer_id IS NOT NULL AS member FROM {lake.SourceOf(AudienceFacts.File)} f
            LEFT JOIN (SELECT DISTINCT customer_id FROM {lake.SourceOf(SegmentService.CurrentFile)} WHERE segment = '{DataLake.Quote(key)}') m USING (customer_id)
            """);
        return new AudienceProfile(
            key,
            connection.Scalar<long>("SELECT count(*) FROM facts WHERE member"),
            Enum.GetValues<RfmPart>().ToDictionary(part => part, part => Scores(connection, part)),
            Counts(connection, "c_favourite"),
            Counts(connection, "member_tier"),
            baseline,
            Uplift(connection, "WHERE member"),
            connection.Scalar<long>("SELECT count(*) FROM facts"),
            ofAll,
            Uplift(connection, ""),
            AudienceTraits.Of(connection, "facts"),
            AudienceTraits.FiguresOf(connection, "facts"),
            asOf);
    }

    private static PredictedUplift? Uplift(DuckDBConnection connection, string who)
    {
        var (scored, mean) = connection.Query($"SELECT count(score_uplift), coalesce(avg(score_uplift), 0) FROM facts {who}", r => (r.GetInt64(0), r.GetDouble(1)))[0];
        return scored == 0 ? null : new PredictedUplift(scored, mean);
    }

    private static IReadOnlyList<long> Scores(DuckDBConnection connection, RfmPart part)
    {
        var counts = new long[Engine.Audiences.Rfm.Fifths];
        foreach (var (score, customers) in connection.Query(
            $"SELECT {$"rfm_{part}".ToLower(CultureInfo.InvariantCulture)} AS s, count(*) FROM facts WHERE member AND s IS NOT NULL GROUP BY 1", r => (r.GetInt32(0), r.GetInt64(1))))
            counts[score - 1] = customers;
        return counts;
    }

    private static IReadOnlyList<KeyCount> Counts(DuckDBConnection connection, string column) => connection.Query(
        $"SELECT {column}, count(*) FROM facts WHERE member AND {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20", r => new KeyCount(r.GetString(0), r.GetInt64(1)));

    private AudienceOverlap Compare(IReadOnlyList<string> keys, DateTime asOf)
    {
        using var connection = lake.Open();
        // Each customer's segments as bits: their combinations are few, whatever the customers.
        var bits = string.Join(" ", keys.Select((key, i) => string.Create(CultureInfo.InvariantCulture, $"WHEN '{DataLake.Quote(key)}' THEN {1 << i}")));
        var alike = connection.Query(
            $"""
            SELECT bits, count(*) FROM (
                SELECT bit_or(CASE segment {bits} END)::INTEGER AS bits FROM {lake.SourceOf(SegmentService.CurrentFile)}
                WHERE segment IN ({string.Join(", ", keys.Select(k => $"'{DataLake.Quote(k)}'"))}) GROUP BY customer_id)
            GROUP BY 1
            """,
            r => (Bits: r.GetInt32(0), Customers: r.GetInt64(1)));
        return new AudienceOverlap(
            keys, [.. keys.Select((_, i) => (IReadOnlyList<long>)[.. keys.Select((_, j) => alike.Where(a => (a.Bits >> i & a.Bits >> j & 1) == 1).Sum(a => a.Customers))])], asOf);
    }
}
