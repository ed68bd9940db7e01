using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Engine.Statistics;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>How many customers a predicate holds for.</summary>
/// <param name="Low">Lower end of the 95 % interval of an estimate; null of an exact size.</param>
/// <param name="High">Upper end.</param>
/// <param name="Exact">Everybody was looked at.</param>
/// <param name="AsOf">As of when customers are described, UTC.</param>
public sealed record AudienceSize(long Size, long? Low, long? High, bool Exact, DateTime AsOf);

/// <summary>
/// Sizes while somebody edits. What stands in columns is counted whole, from the few columns that the rule names. What must be counted from events is first counted in one bucket of
/// customers, which is a random part of them, and told with its interval; whoever asks for the exact one waits for it.
/// </summary>
public sealed class AudienceSizes(DataLake lake, SegmentService segments, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>Fewer customers are counted at once: an interval would save nobody any time.</summary>
    internal const long Few = 20_000;

    public const string NoCustomers = "no-customers";

    internal static readonly Failure NobodyYet =
        Failure.Conflict(NoCustomers, "No customers have been described yet. Import customers or orders; their features are computed after that.");

    /// <param name="predicate">Who is meant.</param>
    /// <param name="exact">Wait for the exact size.</param>
    /// <param name="cancellationToken">Stops; what DuckDB does just then is broken off.</param>
    public async Task<Outcome<AudienceSize>> OfAsync(Predicate predicate, bool exact, CancellationToken cancellationToken)
    {
        if (AudienceService.UnknownSegments(predicate) is [var unknown, ..])
            return Failure.Invalid("predicate", $"There is no segment '{unknown}'. GET /audiences lists them.");
        if (await ReadyAsync(cancellationToken) is not { } asOf)
            return NobodyYet;
        return await Task.Run(() => Count(predicate, exact, asOf, cancellationToken), cancellationToken);
    }

    /// <summary>As of when customers are described; null before. Makes the facts where an earlier release left none.</summary>
    internal async Task<DateTime?> ReadyAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(lake.PathTo(CustomerFeatures.CurrentFile)))
            return null;
        if (!File.Exists(lake.PathTo(AudienceFacts.File)))
            await segments.AudiencesChangedAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await AudienceMembers.AsOfAsync(lake, context, cancellationToken);
    }

    internal AudienceSize Count(Predicate predicate, bool exact, DateTime asOf, CancellationToken cancellationToken)
    {
        using var connection = lake.Open();
        var unit = predicate.Conditions().OfType<Did>().Any() ? lake.UnitOf(CustomerFeatures.CurrentFile) : AmountUnit.Unsaid;
        var counted = new CountedSql(lake, asOf, unit);
        var facts = lake.SourceOf(AudienceFacts.File);
        var all = new PredicateSql(predicate, counted);
        var total = Ask(connection, facts, cancellationToken);
        if (exact || !all.Counts || total <= Few)
            return new AudienceSize(Ask(connection, all.From(facts), cancellationToken), null, null, true, asOf);
        // Ids are spread over buckets by their hash: any bucket is a sample. Always the same, so that two rules are told apart by what they say.
        const int Bucket = 0;
        var hits = Ask(connection, new PredicateSql(predicate, counted, Bucket).From(facts), cancellationToken);
        var sample = Ask(connection, $"{facts} WHERE bucket = {Bucket}", cancellationToken);
        if (sample == 0)
            return new AudienceSize(0, 0, total, false, asOf);
        var (low, high) = Wilson.Interval(hits, sample);
        // Those counted are certain, those of the bucket who are not in it as well.
        return new AudienceSize(
            (long)Math.Round((double)hits / sample * total),
            Math.Max(hits, (long)Math.Floor(low * total)), Math.Min(total - sample + hits, (long)Math.Ceiling(high * total)), false, asOf);
    }

    private static long Ask(DuckDBConnection connection, string relation, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {relation}";
        using var stop = cancellationToken.Register(command.Cancel);
        try
        {
            return (long)command.ExecuteScalar()!;
        }
        catch (DuckDBException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
