using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>
/// Copies exposures to the lake, each once: a batch is written down with its id before anything else, the lake takes an id once and has it on the disk, and only then is it
/// marked as written. Killed anywhere, the next one takes the same batch up.
/// </summary>
internal sealed class ExposureCompaction(IDbContextFactory<AppDbContext> contexts, ShopWriter writer, DataLake lake, TimeProvider time) : IDisposable
{
    private const int MostAtOnce = 500_000;

    /// <summary>So many rows of ended epochs leave the database at once: checkouts wait for it.</summary>
    private const int LeaveAtOnce = 10_000;

    private const long AdvisoryLock = 4843920117;

    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>Told before each step: a test ends the process's work there.</summary>
    internal Action<string>? Step { get; set; }

    /// <returns>Rows that came into the lake.</returns>
    public async Task<long> RunAsync(CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            await using var holding = await contexts.CreateDbContextAsync(cancel);
            if (!await TryHoldAsync(holding, cancel))
                return 0;
            long written = 0;
            while (await BeginAsync(cancel) is { } batch)
            {
                Step?.Invoke("begun");
                var source = new ImportSource(DayOf(batch.BegunAt), Source, batch.BegunAt) { Batch = batch.Batch };
                var report = await writer.WriteAsync(source, await ReadAsync(batch, cancel), new Taken(), null, cancel);
                written += report["written:exposures"];
                Step?.Invoke("written");
                await FinishAsync(batch, cancel);
                Step?.Invoke("finished");
            }

            await LeaveAsync(cancel);
            return written;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Since when the oldest that the lake lacks waits; null: it has all.</summary>
    public async Task<DateTime?> WaitingSinceAsync(CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var done = await context.ExposureBatches.Select(b => (long?)b.Written).SingleOrDefaultAsync(cancel) ?? 0;
        return await context.Exposures.Where(e => e.Seq > done).OrderBy(e => e.Seq).Select(e => (DateTime?)e.AssignedAt).FirstOrDefaultAsync(cancel);
    }

    public void Dispose() => one.Dispose();

    /// <summary>Enrolment's own source in the lake: of its rows the first stays.</summary>
    public const string Source = PeopleWrite.FirstStays;

    /// <summary>All of one day (UTC) is one import of the catalogue.</summary>
    internal static Guid DayOf(DateTime begun) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"exposures {Source} {begun:yyyy-MM-dd}")))[..16]);

    /// <summary>One node at a time; what it holds ends with its connection.</summary>
    private static async Task<bool> TryHoldAsync(AppDbContext context, CancellationToken cancel)
    {
        if (!context.Database.IsNpgsql())
            return true;
        await context.Database.OpenConnectionAsync(cancel);
        return await context.Database.SqlQuery<bool>($"""SELECT pg_try_advisory_lock({AdvisoryLock}) AS "Value" """).SingleAsync(cancel);
    }

    private async Task<ExposureBatch?> BeginAsync(CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // Numbers are given before the commit that shows them: who is at it is waited for, so that no lower number appears later.
        if (context.Database.IsNpgsql())
            await context.Database.ExecuteSqlRawAsync("""LOCK TABLE "Exposures" IN SHARE MODE""", cancel);
        var row = await context.ExposureBatches.SingleOrDefaultAsync(cancel);
        if (row is { Batch: not null })
            return row;
        var done = row?.Written ?? 0;
        var upto = await context.Exposures.Where(e => e.Seq > done).OrderBy(e => e.Seq).Take(MostAtOnce).MaxAsync(e => (long?)e.Seq, cancel);
        if (upto is null)
            return null;
        if (row is null)
            context.ExposureBatches.Add(row = new ExposureBatch());
        (row.Batch, row.Upto, row.BegunAt) = (Guid.CreateVersion7(), upto.Value, time.GetUtcNow().UtcDateTime);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return row;
    }

    private async Task<IEnumerable<ReadRow>> ReadAsync(ExposureBatch batch, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var epochs = await context.ExperimentEpochs.AsNoTracking().ToDictionaryAsync(e => e.Id, cancel);
        var there = Known([.. epochs.Values.Where(e => e.Adopted).Select(e => e.ExperimentId)]);
        return Rows();

        IEnumerable<ReadRow> Rows()
        {
            using var reading = contexts.CreateDbContext();
            foreach (var e in reading.Exposures.AsNoTracking().Where(e => e.Seq > batch.Written && e.Seq <= batch.Upto).OrderBy(e => e.Seq).AsEnumerable())
            {
                var epoch = epochs[e.EpochId];
                if (!epoch.Adopted || !there.Contains((epoch.ExperimentId, e.CustomerId)))
                    yield return RowOf(e, epoch);
            }
        }
    }

    internal static ExposureRow RowOf(Exposure e, ExperimentEpoch epoch) => new(epoch.CampaignId?.ToString("D") ?? epoch.ExperimentId.ToString("D"), e.CustomerId, e.Arm, e.Seq)
    {
        AssignedAt = e.AssignedAt,
        Propensity = e.Propensity,
        Randomised = true,
        ExperimentId = epoch.ExperimentId.ToString("D"),
        Epoch = epoch.Number,
        VersionId = epoch.VersionId?.ToString("D"),
        AssignmentId = e.AssignmentId,
        Risk = e.Risk,
    };

    /// <summary>Who was exposed before there were epochs: files of an earlier release are in no catalogue, so that their writer would not find them.</summary>
    private HashSet<(Guid, string)> Known(IReadOnlyList<Guid> adopted)
    {
        if (adopted.Count == 0 || !lake.HasRows(LakeTable.Exposures))
            return [];
        using var connection = lake.Open(threads: 1);
        var ids = string.Join(", ", adopted.Select(id => $"'{id:D}'"));
        return
        [
            .. connection.Query(
                $"SELECT campaign_id, customer_id FROM {lake.Source(LakeTable.Exposures)} WHERE campaign_id IN ({ids}) AND epoch = 1 AND source <> '{Source}'",
                r => (Guid.Parse(r.GetString(0)), r.GetString(1))),
        ];
    }

    private async Task FinishAsync(ExposureBatch batch, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        await context.ExposureBatches.Where(b => b.Batch == batch.Batch).ExecuteUpdateAsync(
            s => s.SetProperty(b => b.Written, b => b.Upto).SetProperty(b => b.Batch, (Guid?)null), cancel);
    }

    /// <summary>Nobody enters an epoch that has ended: its rows are needed no more once the lake has them.</summary>
    private async Task LeaveAsync(CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var done = await context.ExposureBatches.Select(b => (long?)b.Written).SingleOrDefaultAsync(cancel) ?? 0;
        var ended = await context.ExperimentEpochs.Where(e => e.EndedAt != null && context.Set<Exposure>().Any(x => x.EpochId == e.Id && x.Seq <= done))
            .Select(e => e.Id).ToListAsync(cancel);
        foreach (var epoch in ended)
        {
            while (true)
            {
                var some = context.Exposures.Where(x => x.EpochId == epoch && x.Seq <= done).OrderBy(x => x.Seq).Take(LeaveAtOnce).Select(x => x.Seq);
                if (await context.Exposures.Where(x => some.Contains(x.Seq)).ExecuteDeleteAsync(cancel) == 0)
                    break;
            }
        }
    }

    /// <summary>Of somebody whom the lake knows in the epoch already the first entry stays.</summary>
    private sealed class Taken : IRejects
    {
        public void Add(RejectedRow row)
        {
        }
    }
}
