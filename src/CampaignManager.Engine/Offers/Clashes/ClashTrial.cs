using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Offers.Clashes;

/// <summary>Two campaigns tried on example baskets of one item that both cover, each alone and both together.</summary>
internal sealed class ClashTrial
{
    private const string Mine = "a-mine";
    private const string Other = "b-other";
    private const int MostBaskets = 24;
    private const int MostUnits = 1000;

    private readonly CampaignRules mine;
    private readonly CampaignRules other;
    private readonly CartLine item;
    private readonly Currency currency;
    private readonly CompiledCampaigns onlyMine;
    private readonly CompiledCampaigns onlyOther;
    private readonly CompiledCampaigns both;
    private readonly Dictionary<ClashKind, Clash> found = [];

    public ClashTrial(LiveCampaign mine, LiveCampaign other, CartLine item)
    {
        (this.mine, this.other, this.item) = (Bare(mine.Rules), Bare(other.Rules), item);
        currency = Currency.Get(mine.Rules.Currency);
        // Ties of priority are settled by the true ids, so the stand-ins keep their order.
        var (a, b) = string.CompareOrdinal(mine.Id, other.Id) < 0 ? (Mine, Other) : ("c-mine", Other);
        MineId = a;
        var (me, they) = (new LiveCampaign(a, this.mine) { Interval = Always }, new LiveCampaign(b, this.other) { Interval = Always });
        (onlyMine, onlyOther, both) = (CompiledCampaigns.Of([me]), CompiledCampaigns.Of([they]), CompiledCampaigns.Of([me, they]));
    }

    private static ScheduleInterval Always { get; } = new(null, null);

    private string MineId { get; }

    private bool MineFirst => both.Turns[0].Id == MineId;

    public IReadOnlyList<Clash> Run()
    {
        if (IsSet(mine.Offer) && IsSet(other.Offer))
            found[ClashKind.SharesUnits] = new Clash(ClashKind.SharesUnits) { MineFirst = MineFirst };
        foreach (var (price, quantity) in Baskets())
            Try(price, quantity);
        return [.. found.Values.OrderBy(c => c.Kind)];
    }

    private void Try(long price, int quantity)
    {
        var cart = new Cart
        {
            Currency = currency.Code,
            Shipping = 10 * currency.MinorPerMajor,
            Lines = [item with { Id = "1", UnitPrice = price, Quantity = quantity, MinUnitPrice = 0, TaxRate = 0 }],
        };
        var (alone, alone2, together) = (Price(cart, onlyMine), Price(cart, onlyOther), Price(cart, both));
        var (me, they) = (Outcome(alone, MineId), Outcome(alone2, Other));
        var (meThen, theyThen) = (Outcome(together, MineId), Outcome(together, Other));
        if (!me.Applied || !they.Applied)
            return;
        Judge(me, meThen, theyThen, mine, together, ClashKind.LosesThreshold, ClashKind.SkipsReduced);
        Judge(they, theyThen, meThen, other, together, ClashKind.TakesThreshold, ClashKind.OtherSkipsReduced);
        if (meThen.Applied && theyThen.Applied && OffGoods(together, MineId) > 0 && OffGoods(together, Other) > 0)
            Keep(new Clash(ClashKind.SameGoods) { Basket = together.GoodsTotal, BothOff = together.DiscountTotal, FirstOff = OffGoods(together, MineFirst ? MineId : Other), MineFirst = MineFirst });
    }

    /// <summary>What became of one campaign because of the other.</summary>
    private void Judge(CampaignOutcome alone, CampaignOutcome then, CampaignOutcome culprit, CampaignRules rules, Quote together, ClashKind threshold, ClashKind skips)
    {
        if (!culprit.Applied)
            return;
        var lost = then.Reason is { Code: ReasonCode.BelowThreshold, MissingIsQuantity: false };
        // A lower step than alone: the step was lost, not the rest of the basket.
        var lower = then.Applied && rules.Offer is FullReduction && then.Desired < alone.Desired;
        if (lost || lower)
            Keep(new Clash(threshold) { Basket = together.GoodsTotal, FirstOff = culprit.Amount, Threshold = Reached(rules, together.GoodsTotal), MineFirst = MineFirst });
        else if (rules.Scope.OnlyUndiscounted && !then.Applied)
            Keep(new Clash(skips) { Basket = together.GoodsTotal, FirstOff = culprit.Amount, MineFirst = MineFirst });
    }

    // Of several examples the one with the smallest basket is the easiest to follow.
    private void Keep(Clash clash)
    {
        if (!found.TryGetValue(clash.Kind, out var known) || clash.Basket < known.Basket)
            found[clash.Kind] = clash;
    }

    private static Quote Price(Cart cart, CompiledCampaigns campaigns) => PromotionEngine.Quote(cart, campaigns, Usage.None, QuoteSettings.Default, DateTime.UnixEpoch);

    private static CampaignOutcome Outcome(Quote quote, string id) => quote.Campaigns.First(c => c.Id == id);

    private static long OffGoods(Quote quote, string id) => quote.Lines.Sum(l => l.Discounts.Where(d => d.CampaignId == id).Sum(d => d.Amount));

    /// <summary>The highest threshold that the basket reaches at list prices.</summary>
    private long Reached(CampaignRules rules, long basket) => rules.Offer is FullReduction { Every: { } every } && currency.ToMinor(every) is var step
        ? basket / step * step
        : Thresholds(rules.Offer).Select(currency.ToMinor).Where(t => t <= basket).DefaultIfEmpty(0).Max();

    private IEnumerable<(long Price, int Quantity)> Baskets()
    {
        var totals = Thresholds(mine.Offer).Concat(Thresholds(other.Offer)).Append(100).Distinct().Order().Take(MostBaskets).Select(currency.ToMinor).ToList();
        var quantities = Quantities(mine.Offer).Concat(Quantities(other.Offer)).Append(1).Where(q => q is >= 1 and <= MostUnits).Distinct().Order().Take(MostBaskets).ToList();
        return totals.SelectMany(total => quantities.Select(q => ((total + q - 1) / q, q)));
    }

    private static IEnumerable<decimal> Thresholds(Offer offer) => offer switch
    {
        FullReduction { Every: { } every } => [every, 2 * every],
        // Dear enough for the price to bring something down.
        FixedPrice price => [2 * price.Price],
        Bundle bundle => [2 * bundle.Price],
        AmountOff amount => [2 * amount.Amount],
        _ => offer.Spends().Where(s => s > 0),
    };

    private static IEnumerable<int> Quantities(Offer offer) => offer switch
    {
        BuyXGetY sets => [sets.Buy.Quantity + sets.Get.Quantity],
        Bundle bundle => [bundle.Items.Sum(i => i.Quantity)],
        _ => offer.Units(),
    };

    private static bool IsSet(Offer offer) => offer is BuyXGetY or Bundle;

    /// <summary>The rules without what does not bear on prices: who, when, codes and limits have been looked at before.</summary>
    private static CampaignRules Bare(CampaignRules rules) => rules with
    {
        Audience = new Audience(),
        Schedule = new Schedule(),
        Trigger = new Trigger(),
        Limits = new Limits(),
        Combining = rules.Combining with { Exclusive = false, Group = null },
    };
}
