using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Web.Campaigns.Wizard;

/// <summary>A row of the worked cart; price in major units.</summary>
public sealed class WorkedRow
{
    public required string Name { get; init; }

    /// <summary>What scopes see of it.</summary>
    public required CartLine Goods { get; init; }

    public decimal Price { get; set; }

    public int Quantity { get; set; } = 1;
}

/// <summary>An example cart that shows what an offer does: goods that the shop sells, enough of them for the offer to apply.</summary>
public static class WorkedCart
{
    private const int MostUnits = 99;
    private static readonly decimal[] Plain = [120, 80];

    /// <summary>Goods for the rules; of a shop without a catalogue goods without a name.</summary>
    /// <param name="nameOf">How a product is called.</param>
    /// <param name="unnamed">What goods without a name are called.</param>
    public static List<WorkedRow> Of(CampaignRules rules, Catalogue goods, Func<CatalogueProduct, string> nameOf, string unnamed)
    {
        var currency = Currency.Get(rules.Currency);
        var inScope = goods.In(rules.Scope.Include, rules.Scope.Exclude).Where(p => p.PriceMinor > 0).ToList();
        List<WorkedRow> rows = [];
        foreach (var (quantity, scope) in Slots(rules.Offer))
        {
            var match = scope is null ? null : ScopeMatch.Of(scope.Include, scope.Exclude);
            var fitting = inScope.Where(p => match?.Covers(p.AsLine) ?? true).ToList();
            var product = fitting.FirstOrDefault(p => rows.All(r => r.Goods.Sku != p.Sku)) ?? fitting.FirstOrDefault();
            if (product is not null && rows.FirstOrDefault(r => r.Goods.Sku == product.Sku) is { } there)
                there.Quantity += quantity;
            else if (product is not null)
                rows.Add(new WorkedRow { Name = nameOf(product), Goods = product.AsLine, Price = currency.ToMajor(product.PriceMinor!.Value), Quantity = quantity });
            else
                rows.Add(new WorkedRow { Name = $"{unnamed} {rows.Count + 1}", Goods = Named(rules.Scope.Include, scope?.Include, rows.Count), Price = Plain[rows.Count % Plain.Length], Quantity = quantity });
        }

        Reach(rows, Threshold(rules.Offer));
        return rows;
    }

    /// <summary>Prices it with the offer as if it ran, for a customer who is meant.</summary>
    public static Quote Price(IEnumerable<WorkedRow> rows, CampaignRules rules, long shippingMinor)
    {
        var currency = Currency.Get(rules.Currency);
        var cart = new Cart
        {
            Currency = rules.Currency,
            Shipping = shippingMinor,
            Lines = [.. rows.Select((row, i) => row.Goods with { Id = i.ToString(System.Globalization.CultureInfo.InvariantCulture), UnitPrice = currency.ToMinor(decimal.Round(row.Price, currency.FractionDigits)), Quantity = row.Quantity })],
        };
        var bare = rules with { Audience = new Audience(), Schedule = new Schedule(), Trigger = new Trigger(), Limits = new Limits() };
        var campaigns = CompiledCampaigns.Of([new LiveCampaign("draft", bare) { Interval = new ScheduleInterval(null, null) }]);
        return PromotionEngine.Quote(cart, campaigns, Usage.None, QuoteSettings.Default, DateTime.UnixEpoch);
    }

    private static IEnumerable<(int Quantity, GoodsScope? Scope)> Slots(Offer offer) => offer switch
    {
        BuyXGetY sets => [(sets.Buy.Quantity, sets.Buy.Scope), (sets.Get.Quantity, sets.Get.Scope)],
        Bundle bundle => bundle.Items.Select(i => (i.Quantity, i.Scope)),
        _ when offer.Units() is [var units, ..] => [(Math.Max(1, units - 1), null), (1, null)],
        _ => [(1, null), (1, null)],
    };

    private static decimal Threshold(Offer offer) => offer.Spends() is [var first, ..] ? first : 0;

    // More of the dearest until the offer applies: a cart that shows nothing explains nothing.
    private static void Reach(List<WorkedRow> rows, decimal threshold)
    {
        if (rows.MaxBy(r => r.Price) is not { Price: > 0 } dearest)
            return;
        var missing = threshold - rows.Sum(r => r.Price * r.Quantity);
        if (missing > 0)
            dearest.Quantity = (int)Math.Min(MostUnits, dearest.Quantity + decimal.Ceiling(missing / dearest.Price));
    }

    private static CartLine Named(ScopeSelector? scope, ScopeSelector? slot, int number) => new()
    {
        Id = "1",
        Sku = slot?.Skus is [var own, ..] ? own : scope?.Skus is [var sku, ..] ? sku : "goods-" + number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Brand = slot?.Brands is [var named, ..] ? named : scope?.Brands is [var brand, ..] ? brand : null,
        Categories = [.. (slot?.Categories ?? []).Take(1).Concat((scope?.Categories ?? []).Take(1))],
        Tags = [.. (slot?.Tags ?? []).Take(1).Concat((scope?.Tags ?? []).Take(1))],
    };
}
