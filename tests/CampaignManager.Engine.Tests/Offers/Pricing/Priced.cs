using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>Carts, campaigns and quotes in few words. Amounts are minor units, offers are written in major ones.</summary>
internal static class Priced
{
    public static readonly DateTime Noon = new(2026, 11, 11, 4, 0, 0, DateTimeKind.Utc);

    public static CartLine Line(string id, long price, int quantity = 1, string category = "any", long min = 0, bool selected = true, string? brand = null, decimal tax = 0) =>
        new() { Id = id, Sku = "S-" + id, UnitPrice = price, Quantity = quantity, Categories = [category], MinUnitPrice = min, Selected = selected, Brand = brand, TaxRate = tax };

    public static Cart Cart(params CartLine[] lines) => new() { Currency = "CNY", Lines = lines };

    public static Cart Basket(params long[] prices) => Cart([.. prices.Select((p, i) => Line(((char)('a' + i)).ToString(), p))]);

    public static LiveCampaign Campaign(
        string id, Offer offer, int priority = 0, bool exclusive = false, string? group = null, string? category = null, OfferClass? @class = null, string? code = null,
        bool onlyUndiscounted = false, bool cheapestOnly = false, string currency = "CNY", ThresholdBase thresholdBase = ThresholdBase.Running, Limits? limits = null) =>
        new(id, new CampaignRules
        {
            Currency = currency,
            Offer = offer,
            Scope = new Scope
            {
                Include = category is null ? null : new ScopeSelector { Categories = [category] },
                OnlyUndiscounted = onlyUndiscounted,
                CheapestOnly = cheapestOnly,
            },
            Combining = new Combining { Priority = priority, Exclusive = exclusive, Group = group, Class = @class, ThresholdBase = thresholdBase },
            Trigger = new Trigger { Code = code },
            Limits = limits ?? new Limits(),
        });

    public static FullReduction Full(decimal spend, decimal off) => new() { Tiers = [new SpendTier(spend, off)], AllowFree = true };

    public static PercentOff Percent(decimal percent, decimal? spend = null, decimal? cap = null) => new() { Tiers = [new PercentTier(spend, percent)], Cap = cap };

    public static GoodsScope Goods(params string[] categories) => new() { Include = new ScopeSelector { Categories = categories } };

    public static Quote Quote(this Cart cart, params LiveCampaign[] campaigns) => cart.Quote(QuoteSettings.Default, campaigns);

    public static Quote Quote(this Cart cart, QuoteSettings settings, params LiveCampaign[] campaigns) =>
        PromotionEngine.Quote(cart, CompiledCampaigns.Of(campaigns), Usage.None, settings, Noon);

    public static Quote Quote(this Cart cart, CampaignUsage usage, LiveCampaign campaign, QuoteSettings? settings = null) =>
        PromotionEngine.Quote(cart, CompiledCampaigns.Of([campaign]), new Usage(new Dictionary<string, CampaignUsage> { [campaign.Id] = usage }), settings ?? QuoteSettings.Default, Noon);

    public static CampaignOutcome Of(this Quote quote, string id) => quote.Campaigns.Single(c => c.Id == id);

    public static ReasonCode? Why(this Quote quote, string id) => quote.Of(id).Reason?.Code;

    /// <summary>Off each line.</summary>
    public static long[] Off(this Quote quote) => [.. quote.Lines.Where(l => l.GiftOf is null).Select(l => l.Discount)];
}
