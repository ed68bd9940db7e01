using System.Text;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>The segments a customer is in, as carts name them.</summary>
/// <param name="Segments">Keys, in the order in which people read segments; none for a customer who came after the last computation.</param>
/// <param name="ComputedAt">As of when customers were last told apart; null before the first time.</param>
/// <param name="ModelId">The version whose scores the segments by uplift are from; null before the first ranking.</param>
/// <param name="ScoredAt">When it scored the customers.</param>
public sealed record SegmentsOfCustomer(string CustomerId, IReadOnlyList<string> Segments, DateTime? ComputedAt, Guid? ModelId, DateTime? ScoredAt);

/// <summary>One of a segment's customers, under the id that the lake keeps: never an e-mail or a phone number.</summary>
public sealed record SampledMember(string CustomerId, string Lifecycle, string? Favourite, string? MemberTier, double? Orders, double? DaysSinceOrder);

/// <summary>Who is in which segment, as the lake has it.</summary>
public sealed class SegmentMembers(
    DataLake lake, SegmentList segments, CustomerRanking ranking, ShopModelInUse modelInUse, IDbContextFactory<AppDbContext> contexts)
{
    public const string UnknownCustomer = "customer-unknown";

    public const string UnknownSegment = "segment-unknown";

    public const int MostSampled = 100;

    /// <summary>Some members, picked by a hash of their ids so that they are the same every time.</summary>
    public Task<IReadOnlyList<SampledMember>> SampleAsync(string segment, int most, CancellationToken cancellationToken) => Task.Run<IReadOnlyList<SampledMember>>(
        () =>
        {
            if (!File.Exists(lake.PathTo(AudienceFacts.File)))
                return [];
            using var connection = lake.Open();
            return connection.Query(
                $"""
                SELECT customer_id, c_lifecycle, c_favourite, member_tier, x_orders, x_recency_days FROM {lake.SourceOf(AudienceFacts.File)}
                SEMI JOIN (SELECT customer_id FROM {lake.SourceOf(SegmentService.CurrentFile)} WHERE segment = '{DataLake.Quote(segment)}') m USING (customer_id)
                ORDER BY sha256(customer_id) LIMIT {most.ToString(System.Globalization.CultureInfo.InvariantCulture)}
                """,
                r => new SampledMember(
                    r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), r.IsDBNull(3) ? null : r.GetString(3), r.IsDBNull(4) ? null : r.GetDouble(4),
                    r.IsDBNull(5) ? null : r.GetDouble(5)));
        },
        cancellationToken);

    public async Task<Outcome<SegmentsOfCustomer>> OfAsync(string customerId, CancellationToken cancellationToken)
    {
        var keys = Read(customerId);
        if (keys.Count == 0 && !IsCustomer(customerId))
            return new Failure(FailureKind.NotFound, UnknownCustomer, "There is no such customer.");
        var all = await segments.ListAsync(cancellationToken);
        var source = await ranking.SourceAsync(cancellationToken);
        return new SegmentsOfCustomer(
            customerId,
            [.. all.Select(s => s.Key).Where(keys.Contains)],
            all.Where(s => s.Kind == SegmentKind.Lifecycle).Select(s => (DateTime?)s.ComputedAt).Max(),
            source?.ModelId,
            source?.At);
    }

    /// <summary>The refusal of a segment that the shop does not have; null for one that it has, also when nobody is in it.</summary>
    public async Task<Failure?> RefusalAsync(string segment, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Segments.AnyAsync(s => s.Key == segment, cancellationToken) ? null
            : UpliftSegments.Has(segment) && await modelInUse(cancellationToken) is null ? NoEffectModel.Failure
            : new Failure(FailureKind.NotFound, UnknownSegment, "The shop has no such segment. GET /audiences lists them.");
    }

    /// <summary>Writes a header and the id of each member on a line of its own, in the ids' order, without holding them all.</summary>
    public async Task WriteCsvAsync(string segment, Stream stream, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        await writer.WriteLineAsync("customerId".AsMemory(), cancellationToken);
        if (!File.Exists(lake.PathTo(SegmentService.CurrentFile)))
            return;
        using var connection = lake.Open(threads: 1);
        using var command = Ask(connection, $"SELECT customer_id FROM {lake.SourceOf(SegmentService.CurrentFile)} WHERE segment = $1 ORDER BY customer_id", segment);
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            await writer.WriteLineAsync(CsvCell.Of(reader.GetString(0)).AsMemory(), cancellationToken);
    }

    private HashSet<string> Read(string customerId)
    {
        HashSet<string> keys = [];
        if (!File.Exists(lake.PathTo(SegmentService.CurrentFile)))
            return keys;
        using var connection = lake.Open(threads: 1);
        using var command = Ask(connection, $"SELECT segment FROM {lake.SourceOf(SegmentService.CurrentFile)} WHERE customer_id = $1", customerId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            keys.Add(reader.GetString(0));
        return keys;
    }

    private bool IsCustomer(string customerId)
    {
        using var connection = lake.Open(threads: 1);
        using var command = Ask(
            connection, $"SELECT count(*) FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {CustomerBucket.Of(customerId, lake.Buckets)} AND customer_id = $1", customerId);
        return (long)command.ExecuteScalar()! > 0;
    }

    private static DuckDBCommand Ask(DuckDBConnection connection, string sql, string value)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add(new DuckDBParameter(value));
        return command;
    }
}
