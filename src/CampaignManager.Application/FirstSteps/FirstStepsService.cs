using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.FirstSteps;

/// <summary>What a shop's data let be said so far, and what the next step takes. What hangs on orders alone is read once for each state of the lake.</summary>
public sealed class FirstStepsService(
    DataLake lake, AudienceReach reach, ShopModelInUse modelInUse, PastCampaignLogs past, SettingsService settings, IDbContextFactory<AppDbContext> contexts)
{
    private readonly Lock asking = new();
    private (string Stamp, Task<OrderFacts> Facts)? last;

    /// <summary>The offer that is weighed before anybody typed one: a tenth off, whatever the currency.</summary>
    public static OfferQuestion Usual { get; } = new(null, null, 10);

    public async Task<Outcome<FirstStepsReport>> ReadAsync(OfferQuestion question, CancellationToken cancellationToken)
    {
        if (question.Check() is { Count: > 0 } errors)
            return Failure.Invalid(errors);
        if (question.Segment is { } key && LifecycleRules.All.All(l => l.Key() != key))
            return Failure.Invalid("segment", $"There is no such segment. There are: {string.Join(", ", LifecycleRules.All.Select(l => l.Key()))}.");
        var shop = await settings.GetAsync(cancellationToken);
        var facts = await FactsAsync(shop, cancellationToken);
        if (facts.Orders is not { } orders)
            return new FirstStepsReport(FirstStep.Nothing, null, false, null, null, question, null, [], null, null, []);
        var (margin, from) = await ShopMargin.FindAsync(question.MarginPercent, orders, contexts, cancellationToken);
        using var connection = lake.Open(threads: 1);
        var offer = OfferEconomics.Read(lake, connection, orders, question, margin, from);
        List<SegmentBreakEven> segments = [];
        foreach (var segment in LifecycleRules.All.Select(l => (string?)l.Key()).Prepend(null))
            segments.Add(await SegmentAsync(segment, question, offer, cancellationToken));
        var asked = segments.First(s => s.Segment == question.Segment);
        var advice = asked.Ordering is { } rate && offer.Margin is not null ? FirstExperiment.Advise(asked.Customers, rate, asked.BreakEven) : null;
        var campaigns = await past.ListAsync(cancellationToken);
        var step = await modelInUse(cancellationToken) is not null ? FirstStep.Model
            : campaigns.Any(c => c.Fault is null) ? FirstStep.Campaigns
            : campaigns.Any(c => c.Fault is PastCampaignFault.NotRandomised or PastCampaignFault.OneGroup) ? FirstStep.Log : FirstStep.Orders;
        var days = (int)(orders.To - orders.From).TotalDays;
        return new FirstStepsReport(step, orders, facts.Rfm is not null, facts.Rfm, facts.Response, question, offer, segments, advice, RegionHoldout.Refuse((int)orders.Regions, days), campaigns);
    }

    /// <summary>Whoever asks meanwhile waits for the same reading, and it goes on when one of them leaves: the next one finds it done.</summary>
    private Task<OrderFacts> FactsAsync(ShopSettings shop, CancellationToken cancellationToken)
    {
        var features = new FileInfo(lake.PathTo(CustomerFeatures.CurrentFile));
        var stamp = string.Join('|', lake.StampOf(LakeTable.Orders, LakeTable.OrderLines, LakeTable.Products, LakeTable.Customers), shop.Currency, features.Exists ? features.LastWriteTimeUtc.Ticks : 0);
        lock (asking)
        {
            if (last is not { Facts.IsFaulted: false } known || known.Stamp != stamp)
                last = known = (stamp, Task.Run(() => OrderFacts.Read(lake, shop, CancellationToken.None), CancellationToken.None));
            return known.Facts.WaitAsync(cancellationToken);
        }
    }

    private async Task<SegmentBreakEven> SegmentAsync(string? key, OfferQuestion question, OfferEconomics offer, CancellationToken cancellationToken)
    {
        var audience = new Audience { AnyOf = key is null ? [] : [key] };
        var size = (await reach.CustomersAsync(cancellationToken)).Size(audience);
        if ((await reach.HistoryAsync(audience, question.Days, cancellationToken))?.Rate is not { } rate)
            return new SegmentBreakEven(key, size, null, null, null, null, null);
        var baseline = rate * offer.EarningShare;
        var half = PowerWindow.OfConversion(size, rate).Detectable(PowerPlan.Half);
        if (offer is not { Discount: { } discount })
            return new SegmentBreakEven(key, size, rate, baseline, null, null, half);
        // Without a margin no effect pays that anybody could name; what goes to sure buyers hangs on the discount alone.
        var weighed = new BreakEven(offer.Margin ?? double.NaN, discount, baseline, (double)question.ContactCost);
        return new SegmentBreakEven(key, size, rate, baseline, weighed.Effect, 100 * weighed.ToSureBuyers, half);
    }

    private sealed record OrderFacts(ShopOrders? Orders, RfmTable? Rfm, OrderResponse? Response)
    {
        public static OrderFacts Read(DataLake lake, ShopSettings shop, CancellationToken cancel)
        {
            using var connection = lake.Open();
            return ShopOrders.Read(lake, connection, shop) is { } orders
                ? new OrderFacts(orders, RfmTable.Read(lake, connection), OrderResponse.Read(lake, connection, orders, cancel))
                : new OrderFacts(null, null, null);
        }
    }
}
