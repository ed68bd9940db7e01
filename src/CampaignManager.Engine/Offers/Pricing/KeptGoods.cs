namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What the goods that a customer keeps would have cost by themselves.</summary>
internal static class KeptGoods
{
    /// <summary>
    /// Only the campaigns that had applied, in the order in which they had; <c>clawback</c> ones work anew on what is kept, never giving more than they gave;
    /// <c>keep</c> ones contribute what they gave on the kept units. Shipping stays out of it.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="returned">Units that are back, by line id.</param>
    public static (long Goods, IReadOnlyList<LostGift> Gifts) Reprice(ConfirmedOrder order, IReadOnlyDictionary<string, int> returned)
    {
        var kept = order.Cart.Lines.Select(l => l with { Quantity = l.Quantity - returned.GetValueOrDefault(l.Id) }).Where(l => l.Quantity > 0).ToArray();
        var applied = order.Campaigns.Where(c => order.Quote.Applied.Contains(c.Id) && c.Rules.Offer is not FreeShipping).ToList();
        // What was given then bounds what is given now, as a budget would.
        var compiled = CompiledCampaigns.Of(applied.Select(c => c with { Rules = c.Rules with { Limits = c.Rules.Limits with { OnBudgetShort = "partial" } } }), order.Categories);
        var lines = order.Quote.Lines.ToDictionary(l => l.Id, StringComparer.Ordinal);
        var run = QuoteRun.Rent();
        run.Begin(order.Cart with { Lines = kept }, compiled);
        foreach (var id in order.Quote.Applied)
        {
            if (!compiled.ById.TryGetValue(id, out var campaign))
                continue;
            if (campaign.Rules.ReturnPolicy == "clawback")
                run.Apply(campaign, Given(order.Quote, id));
            else
                run.ApplyShares(campaign, [.. kept.Select(l => Share(lines[l.Id], id, l.Quantity))]);
        }

        var gifts = order.Quote.Lines.Where(l => l.GiftOf is { } id && compiled.ById.TryGetValue(id, out var c) && c.Rules.ReturnPolicy == "clawback")
            .Select(l => new LostGift(l.GiftOf!, l.Sku, l.Quantity - StillGiven(run, compiled.ById[l.GiftOf!], l.Sku) - returned.GetValueOrDefault(l.Id)))
            .Where(g => g.Quantity > 0).ToList();
        var goods = run.State.Goods;
        QuoteRun.Return(run);
        return (goods, gifts);
    }

    private static long Given(Quote quote, string id) => quote.Lines.Sum(l => l.Discounts.Where(d => d.CampaignId == id).Sum(d => d.Amount));

    /// <summary>What a campaign gave on the last units of a line, its amount being split evenly.</summary>
    private static long Share(QuoteLine line, string id, int kept)
    {
        var amount = line.Discounts.Where(d => d.CampaignId == id).Sum(d => d.Amount);
        return amount - Refunds.FirstUnits(amount, line.Quantity, line.Quantity - kept);
    }

    private static int StillGiven(QuoteRun run, CompiledCampaign campaign, string sku)
    {
        ref readonly var outcome = ref run.Outcomes[campaign.Index];
        return outcome is { Applies: true, GiftCount: > 0 } && campaign.Mechanic.Gifts[outcome.GiftStep].Sku == sku ? outcome.GiftCount : 0;
    }
}
