using System.Threading.Channels;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>What an offer would have meant for recent orders, whoever placed them. Money in major units.</summary>
/// <param name="Orders">Orders looked at.</param>
/// <param name="Earning">Of them those that would have earned it.</param>
/// <param name="Goods">List value of the goods of such an order, on average.</param>
/// <param name="Discount">What it takes off such an order, on average.</param>
public sealed record OfferSample(long Orders, long Earning, double Goods, double Discount);

/// <summary>Prices a sample of recent orders with an offer: whoever edits it sees at once what it costs. The replay prices them all.</summary>
public sealed class OfferSampler(DataLake lake, SettingsService settings, TimeProvider time) : IDisposable
{
    private const int Days = 90;
    private const int Enough = 4000;

    private readonly SemaphoreSlim gate = new(1, 1);
    private (string Asked, OfferSample? Sample)? last;

    /// <returns>Null without orders, in another currency than theirs, or for rules that cannot be priced.</returns>
    public async Task<OfferSample?> ReadAsync(CampaignRules rules, CancellationToken cancellationToken)
    {
        var shop = await settings.GetAsync(cancellationToken);
        // Who gets it is asked elsewhere: here it is what it gives on an order.
        var alone = new CampaignRules { Currency = rules.Currency, Offer = rules.Offer, Scope = rules.Scope with { PerSegment = [] } };
        if (rules.Currency != shop.Currency || RulesValidation.CheckPriceable(alone).Count > 0 || !lake.HasRows(LakeTable.Orders))
            return null;
        var asked = $"{RulesJson.Write(alone)}|{lake.StampOf(LakeTable.Orders, LakeTable.OrderLines, LakeTable.Products)}";
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (last is not { } known || known.Asked != asked)
                last = known = (asked, await Task.Run(() => PriceAsync(alone, cancellationToken), cancellationToken));
            return known.Sample;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<OfferSample?> PriceAsync(CampaignRules rules, CancellationToken cancel)
    {
        using var orders = new ReplayOrders(lake, time.GetUtcNow().UtcDateTime, Days, [], cancel);
        if (orders.Count == 0)
            return null;
        var (currency, bench) = (Currency.Get(rules.Currency), ReplayBench.Single(rules));
        var thresholds = ReplayThresholds.Of(rules.Offer, currency);
        var tally = new ReplayTally(thresholds, thresholds.IsQuantity ? 1 : currency.MinorPerMajor, Days, orders.Categories.Count, 0);
        var pricer = new ReplayPricer(bench, orders.Goods, orders.From, tally);
        var batches = Channel.CreateUnbounded<ReplayBatch>();
        await orders.HandOnAsync(batches.Writer, _ => Task.CompletedTask, cancel, Enough);
        while (batches.Reader.TryRead(out var batch))
            pricer.Price(batch);
        double units = currency.MinorPerMajor, reached = Math.Max(1, tally.Reached);
        return tally.Orders == 0 ? null
            : new OfferSample(tally.Orders, tally.Reached, tally.GoodsReached / units / reached, tally.Discount / units / reached);
    }
}
