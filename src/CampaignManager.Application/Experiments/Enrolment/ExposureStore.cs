using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>An entry that is to be written: who, where, in which arm.</summary>
internal readonly record struct Entry(long EpochId, string CustomerId, string AssignmentId, int Arm, double Propensity);

/// <summary>The database's side of exposures. A customer enters an epoch once, the first time, and only while the epoch runs.</summary>
internal sealed class ExposureStore(IDbContextFactory<AppDbContext> contexts, GroupCommit commits, WriterGate gate, TimeProvider time)
{
    /// <summary>So many entries of a batch are one commit: whoever redeems waits for it.</summary>
    internal const int AtOnce = 2_000;

    /// <summary>Told before each step of a batch: a test ends the process's work there.</summary>
    internal Action<string>? Step { get; set; }

    /// <summary>The running epochs that a customer is in.</summary>
    public async Task<HashSet<long>> EpochsOfAsync(string customer, CancellationToken cancel)
    {
        HashSet<long> epochs = [];
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var batch = new SqlBatch(context);
        batch.Add($"""SELECT "EpochId" FROM "Exposures" WHERE "CustomerId" = {customer}""");
        await batch.RunAsync((reader, _) => epochs.Add(reader.GetInt64(0)), cancel);
        return epochs;
    }

    /// <summary>Which of these campaigns have one of the codes, issued and not revoked.</summary>
    public async Task<IReadOnlyList<Guid>> WithCodesAsync(IReadOnlyList<Guid> campaigns, IReadOnlyList<string> codes, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        return await context.IssuedCodes.Where(c => campaigns.Contains(c.CampaignId) && codes.Contains(c.Normalised) && c.RevokedAt == null)
            .Select(c => c.CampaignId).Distinct().ToListAsync(cancel);
    }

    /// <summary>Writes one customer's entries; answered when they are on the disk.</summary>
    public Task AddAsync(IReadOnlyList<Entry> entries, CancellationToken cancel) => commits.RunAsync(
        async (context, stop) =>
        {
            await AddAsync(context, entries, time.GetUtcNow().UtcDateTime, stop);
            return Change.Keep(true);
        },
        cancel);

    /// <summary>Writes many customers' entries, some at a time.</summary>
    /// <returns>How many had not been there.</returns>
    public async Task<int> AddManyAsync(IReadOnlyList<Entry> entries, CancellationToken cancel)
    {
        var added = 0;
        foreach (var some in entries.Chunk(AtOnce))
        {
            Step?.Invoke("chunk");
            await using var context = await contexts.CreateDbContextAsync(cancel);
            context.OnlyChangesUsage = true;
            using var pass = await gate.EnterAsync(context, cancel);
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            added += await AddAsync(context, some, time.GetUtcNow().UtcDateTime, cancel);
            await transaction.CommitAsync(cancel);
        }

        return added;
    }

    /// <summary>Within somebody's transaction.</summary>
    internal static async Task<int> AddAsync(AppDbContext context, IReadOnlyList<Entry> entries, DateTime now, CancellationToken cancel)
    {
        var batch = new SqlBatch(context);
        foreach (var e in entries)
        {
            // The condition is also what lets SQLite tell the conflict clause from a join's.
            batch.Add($"""
                INSERT INTO "Exposures" ("EpochId", "CustomerId", "AssignmentId", "Arm", "Propensity", "AssignedAt")
                SELECT "Id", {e.CustomerId}, {e.AssignmentId}, {e.Arm}, {e.Propensity}, {now} FROM "ExperimentEpochs"
                WHERE "Id" = {e.EpochId} AND "EndedAt" IS NULL ON CONFLICT ("CustomerId", "EpochId") DO NOTHING
                """);
        }

        return await batch.RunAsync(null, cancel);
    }
}
