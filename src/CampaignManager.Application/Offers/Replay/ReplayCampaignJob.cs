using System.Text.Json;
using System.Threading.Channels;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers.Replay;

/// <param name="CampaignId">The campaign.</param>
/// <param name="Version">Its version when asked: a later change of the draft does not change what is replayed.</param>
/// <param name="Days">How many days of orders.</param>
public sealed record ReplayCampaign(Guid CampaignId, int Version, int Days);

/// <summary>What the run leaves on its row.</summary>
public sealed record ReplayDone(Guid CampaignId, int Days, long Orders, long Reached);

/// <summary>
/// Prices the last days' orders with a campaign and keeps the result. Nothing is kept half-way: started again after a crash it reads the same orders, with the same rules, to the
/// same result, and replaces what an earlier attempt may have written.
/// </summary>
internal sealed class ReplayCampaignJob(DataLake lake, IDbContextFactory<AppDbContext> contexts, SettingsService settings) : IJob
{
    public const string Kind = "replay-campaign";

    private static readonly JobStage ReadingOrders = new("reading-orders");

    private static readonly JobStage PricingOrders = new("pricing-orders");

    public static readonly JobKind Declared = new(Kind, ReadingOrders, PricingOrders, JobStage.Saving);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var asked = context.Arguments<ReplayCampaign>();
        await context.ReportAsync(ReadingOrders, 0, cancellationToken);
        var shop = await settings.GetAsync(cancellationToken);
        var (rulesJson, bench) = await SetUpAsync(asked, shop, cancellationToken);
        using var orders = await Task.Run(() => new ReplayOrders(lake, context.RequestedAt, asked.Days, NamedSegments(bench), cancellationToken), cancellationToken);
        var currency = Currency.Get(bench.Rules.Currency);
        var thresholds = ReplayThresholds.Of(bench.Rules.Offer, currency);
        var total = Empty();
        if (bench.Rules.Currency != shop.Currency)
            total.Skipped[(int)ReplaySkip.OtherCurrency] = orders.Count;
        else
            await PriceAsync();
        await context.ReportAsync(JobStage.Saving, 1, cancellationToken);
        var result = ReplaySummary.Of(asked.Days, orders, bench, thresholds, total);
        await SaveAsync(context, asked, rulesJson, result, cancellationToken);
        return new ReplayDone(asked.CampaignId, asked.Days, result.Orders, result.Reached);

        ReplayTally Empty() => new(thresholds, thresholds.IsQuantity ? 1 : currency.MinorPerMajor, asked.Days, orders.Categories.Count, bench.Others.Count);

        async Task PriceAsync()
        {
            var cores = Math.Max(1, Environment.ProcessorCount);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // A few batches wait, no more: whoever is slower sets the pace.
            var batches = Channel.CreateBounded<ReplayBatch>(2 * cores);
            var tallies = Enumerable.Range(0, cores).Select(_ => Empty()).ToArray();
            var pricing = Task.WhenAll(tallies.Select(tally => Task.Run(() => TakeAsync(new ReplayPricer(bench, orders.Goods, orders.From, tally)), stop.Token)));
            var reading = Task.Run(() => ReadAsync(), stop.Token);
            // Each stops the other when it fails; the failure itself comes first.
            await Task.WhenAll(reading, pricing);
            foreach (var tally in tallies)
                total.Add(tally);

            async Task TakeAsync(ReplayPricer pricer)
            {
                try
                {
                    await foreach (var batch in batches.Reader.ReadAllAsync(stop.Token))
                        pricer.Price(batch);
                }
                catch
                {
                    await stop.CancelAsync();
                    throw;
                }
            }

            async Task ReadAsync()
            {
                try
                {
                    await orders.HandOnAsync(batches.Writer, done => context.ReportAsync(PricingOrders, (double)done / Math.Max(1, orders.Count), stop.Token), stop.Token);
                }
                catch
                {
                    await stop.CancelAsync();
                    throw;
                }
                finally
                {
                    batches.Writer.Complete();
                }
            }
        }
    }

    private async Task<(string RulesJson, ReplayBench Bench)> SetUpAsync(ReplayCampaign asked, ShopSettings shop, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == asked.CampaignId, cancellationToken)
            ?? throw new JobFailedException("campaign-gone", $"The campaign is no longer there.");
        var rulesJson = await context.CampaignVersions.Where(v => v.CampaignId == asked.CampaignId && v.Number <= asked.Version).OrderByDescending(v => v.Number).Select(v => v.RulesJson)
            .FirstOrDefaultAsync(cancellationToken) ?? campaign.RulesJson;
        var rules = RulesJson.Read(rulesJson);
        if (RulesValidation.CheckPriceable(rules) is [var wrong, ..])
            throw new JobFailedException("rules-not-valid", $"The campaign's rules are not valid: {wrong.Path}: {wrong.Message}");
        return (rulesJson, await ReplayBench.SetUpAsync(context, campaign, rules, shop, cancellationToken));
    }

    private static IEnumerable<string> NamedSegments(ReplayBench bench) => bench.Others.Select(o => o.Rules).Append(bench.Rules)
        .SelectMany(r => r.Audience.AnyOf.Concat(r.Audience.NoneOf).Concat(r.Scope.PerSegment.Select(s => s.Segment)));

    private async Task SaveAsync(JobContext run, ReplayCampaign asked, string rulesJson, ReplayResult result, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await RunClaim.HoldAsync(context, cancellationToken);
        await context.CampaignReplays.Where(r => r.CampaignId == asked.CampaignId && r.Days == asked.Days && r.CampaignVersion == asked.Version).ExecuteDeleteAsync(cancellationToken);
        context.CampaignReplays.Add(new CampaignReplay
        {
            Id = run.RunId,
            CampaignId = asked.CampaignId,
            CampaignVersion = asked.Version,
            Days = asked.Days,
            RulesJson = rulesJson,
            ResultJson = JsonSerializer.Serialize(result, Engine.Offers.RulesJson.Options),
            RequestedAt = run.RequestedAt,
        });
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
