using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What the goods that a customer keeps would have cost by themselves.</summary>
/// <param name="Goods">Minor units.</param>
/// <param name="Breaks">A campaign that claws back reaches less of its thresholds with them than it did with the whole order.</param>
/// <param name="Gifts">Gifts whose reason is gone.</param>
/// <param name="Reproduces">
/// Pricing the whole order again gives what was paid for it; where it does not, because it was priced by other rules of pricing, the rest
/// says nothing.
/// </param>
internal readonly record struct KeptGoods(long Goods, bool Breaks, IReadOnlyList<LostGift> Gifts, bool Reproduces)
{
    /// <summary>
    /// Only the campaigns that had applied, in the order in which they had; <c>clawback</c> ones work anew on what is kept, <c>keep</c> ones contribute what they
    /// gave on the kept units. Shipping stays out of it.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="returned">Units that are back, by line id.</param>
    public static KeptGoods Of(ConfirmedOrder order, IReadOnlyDictionary<string, int> returned)
    {
        var compiled = CompiledCampaigns.Of(order.Campaigns.Where(c => order.Quote.Applied.Contains(c.Id) && c.Rules.Offer is not FreeShipping).Select(Bounded), order.Categories);
        var lines = order.Quote.Lines.ToDictionary(l => l.Id, StringComparer.Ordinal);
        // Lines that were not selected are in the quotes of earlier releases only, which charged them.
        var bought = order.Cart.Lines.Where(l => lines.ContainsKey(l.Id)).ToList();
        var run = QuoteRun.Rent();
        var then = Apply(bought);
        var reproduces = run.State.Goods == order.Quote.GoodsTotal - order.Quote.DiscountTotal;
        var now = Apply([.. bought.Select(l => l with { Quantity = l.Quantity - returned.GetValueOrDefault(l.Id) }).Where(l => l.Quantity > 0)]);
        var gifts = order.Quote.Lines.Where(l => l.GiftOf is { } id && compiled.ById.TryGetValue(id, out var c) && ClawsBack(c))
            .Select(l => new LostGift(l.GiftOf!, l.Sku, l.Quantity - StillGiven(run, compiled.ById[l.GiftOf!], l.Sku) - returned.GetValueOrDefault(l.Id)))
            .Where(g => g.Quantity > 0).ToList();
        var goods = run.State.Goods;
        QuoteRun.Return(run);
        return new KeptGoods(goods, then.Zip(now).Any(l => l.Second < l.First), gifts, reproduces);

        List<long> Apply(IReadOnlyList<CartLine> goods)
        {
            List<long> levels = [];
            run.Begin(order.Cart with { Lines = goods }, compiled);
            foreach (var id in order.Quote.Applied)
            {
                if (!compiled.ById.TryGetValue(id, out var campaign))
                    continue;
                if (ClawsBack(campaign))
                    levels.Add(run.Apply(campaign, Most(order.Quote, campaign)));
                else
                    run.ApplyShares(campaign, [.. goods.Select(l => Share(lines[l.Id], id, l.Quantity))]);
            }

            return levels;
        }
    }

    private static bool ClawsBack(CompiledCampaign campaign) => campaign.Rules.ReturnPolicy == ReturnPolicy.Clawback;

    // The budget of then is spent: what it cut short bounds what is given now.
    private static LiveCampaign Bounded(LiveCampaign campaign) => campaign with { Rules = campaign.Rules with { Limits = campaign.Rules.Limits with { OnBudgetShort = OnBudgetShort.Partial } } };

    private static long Most(Quote quote, CompiledCampaign campaign)
    {
        if (campaign.Rules.Limits.Budget is null)
            return long.MaxValue;
        var given = quote.Lines.Sum(l => l.Discounts.Where(d => d.CampaignId == campaign.Id).Sum(d => d.Amount));
        return quote.Campaigns.FirstOrDefault(c => c.Id == campaign.Id) is { Id: not null } outcome && outcome.Desired > given ? given : long.MaxValue;
    }

    /// <summary>What a campaign gave on the last units of a line, its amount being split evenly.</summary>
    private static long Share(QuoteLine line, string id, int kept)
    {
        var amount = line.Discounts.Where(d => d.CampaignId == id).Sum(d => d.Amount);
        return amount - Allocation.First(amount, line.Quantity, line.Quantity - kept);
    }

    private static int StillGiven(QuoteRun run, CompiledCampaign campaign, string sku)
    {
        ref readonly var outcome = ref run.Outcomes[campaign.Index];
        return outcome is { Applies: true, GiftCount: > 0 } && campaign.Mechanic.Gifts[outcome.GiftStep].Sku == sku ? outcome.GiftCount : 0;
    }
}
