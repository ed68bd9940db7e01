using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>A counter that was not what the redemptions say.</summary>
public sealed record UsageDifference(Guid CampaignId, UsageKind Kind, string Key, long Used, long UsedShould, long SpentMinor, long SpentShouldMinor);

public sealed record ReconciledUsage(int Campaigns, int Differences, IReadOnlyList<UsageDifference> First);

/// <summary>Counts again, from the redemptions, how often each campaign was used and what it spent; mends the counters that differ and says which they were.</summary>
public sealed class ReconcileUsageJob(IDbContextFactory<AppDbContext> contexts, WriterGate writers) : IJob
{
    private static readonly JobStage CountingUsage = new("counting-usage");

    public static readonly JobKind Declared = new(Kind, CountingUsage);

    public const string Kind = "reconcile-usage";
    private const int Shown = 100;

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var result = await ReconcileAsync((done, of) => context.ReportAsync(CountingUsage, (double)done / of, cancellationToken), cancellationToken);
        foreach (var d in result.First)
        {
            await context.LogAsync(
                JobSentence.Of("usage-mended", $"{d.CampaignId} {d.Kind} '{d.Key}': used {d.Used} -> {d.UsedShould}, spent {d.SpentMinor} -> {d.SpentShouldMinor}"), cancellationToken);
        }

        return result;
    }

    public async Task<ReconciledUsage> ReconcileAsync(Func<int, int, Task>? report, CancellationToken cancellationToken)
    {
        List<Guid> campaigns;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            campaigns = await context.UsageCounters.Select(u => u.CampaignId).Union(context.RedemptionCampaigns.Where(p => p.Counts).Select(p => p.CampaignId)).ToListAsync(cancellationToken);
        }

        List<UsageDifference> differences = [];
        foreach (var (index, campaign) in campaigns.Order().Index())
        {
            differences.AddRange(await OneAsync(campaign, cancellationToken));
            if (report is not null)
                await report(index + 1, campaigns.Count);
        }

        return new ReconciledUsage(campaigns.Count, differences.Count, [.. differences.Take(Shown)]);
    }

    private async Task<List<UsageDifference>> OneAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var pass = await writers.EnterAsync(context, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        // The campaign's row is the gate to its counters: nobody counts while we do.
        if (context.Database.IsNpgsql())
            await context.Database.ExecuteSqlAsync($"""SELECT 1 FROM "Campaigns" WHERE "Id" = {id} FOR UPDATE""", cancellationToken);
        Dictionary<(UsageKind, string), (long Used, long Spent)> should = [];
        await foreach (var part in context.RedemptionCampaigns.AsNoTracking().Where(p => p.CampaignId == id && p.Counts).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            foreach (var key in OfferUsage.KeysOf(part))
            {
                var (used, spent) = should.GetValueOrDefault(key);
                should[key] = (used + 1, spent + part.AmountMinor);
            }
        }

        var counters = (await context.UsageCounters.AsNoTracking().Where(u => u.CampaignId == id).ToListAsync(cancellationToken)).ToDictionary(u => (u.Kind, u.Key));
        List<UsageDifference> differences = [];
        foreach (var key in counters.Keys.Union(should.Keys).Order())
        {
            var present = counters.GetValueOrDefault(key);
            var (used, spent) = should.GetValueOrDefault(key);
            if ((present?.Used ?? 0) == used && (present?.SpentMinor ?? 0) == spent)
                continue;
            differences.Add(new UsageDifference(id, key.Item1, key.Item2, present?.Used ?? 0, used, present?.SpentMinor ?? 0, spent));
            await MendAsync(context, differences[^1], cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return differences;
    }

    private static async Task MendAsync(AppDbContext context, UsageDifference d, CancellationToken cancellationToken)
    {
        var (id, kind, key, used, spent, off) = (d.CampaignId, (int)d.Kind, d.Key, d.UsedShould, d.SpentShouldMinor, d.SpentShouldMinor - d.SpentMinor);
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "UsageCounters" ("CampaignId", "Kind", "Key", "Used", "SpentMinor") VALUES ({id}, {kind}, {key}, {used}, {spent})
            ON CONFLICT ("CampaignId", "Kind", "Key") DO UPDATE SET "Used" = {used}, "SpentMinor" = {spent}
            """,
            cancellationToken);
        // The budget moves with the total: what was spent before there were redemptions stays in it.
        if (d.Kind == UsageKind.All && off != 0)
            await context.Database.ExecuteSqlAsync($"""UPDATE "Campaigns" SET "DiscountSpentMinor" = "DiscountSpentMinor" + {off} WHERE "Id" = {id}""", cancellationToken);
    }
}
