using System.Globalization;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers;

/// <summary>The words of the mechanics that count or pick units.</summary>
internal sealed class MechanicSentence(string currency, CultureInfo culture, RuleNames names)
{
    private readonly bool chinese = OfferSentence.IsChinese(culture);
    private readonly RuleWords words = new(culture, currency, names);

    /// <summary>Null when the mechanic is none of these.</summary>
    public string? Of(Offer offer) => offer switch
    {
        QuantityDiscount quantity => Joined(quantity.Tiers.Select(Tier)) + Cap(quantity.Cap),
        AmountOff { Per: AmountPer.Unit } amount => Pick($"{Amount(amount.Amount)} off each unit", $"每件立减{Amount(amount.Amount)}") + Most(amount.MaxUnits, amount.MaxUnitsPer),
        AmountOff amount => Pick($"{Amount(amount.Amount)} off the order", $"立减{Amount(amount.Amount)}"),
        FixedPrice price => Pick($"{Amount(price.Price)} each", $"一口价{Amount(price.Price)}") + Most(price.MaxUnits, price.MaxUnitsPer),
        BuyXGetY sets => Sets(sets),
        Bundle bundle => BundleText(bundle),
        Gift gift => Gifts(gift),
        _ => null,
    };

    private string Pick(string english, string chineseText) => chinese ? chineseText : english;

    private string Joined(IEnumerable<string> parts)
    {
        var joined = string.Join(Pick("; ", "，"), parts);
        return chinese || joined.Length == 0 ? joined : char.ToUpperInvariant(joined[0]) + joined[1..];
    }

    private string Tier(QuantityTier tier)
    {
        var from = Count(tier.Quantity);
        return tier.Off is { } off
            ? Pick($"{from} units, save {Amount(off)}", $"满{from}件减{Amount(off)}")
            : Pick($"{from} units, get {Percent(tier.Percent ?? 0)} off", $"满{from}件{Discounted(tier.Percent ?? 0)}");
    }

    private string Sets(BuyXGetY offer)
    {
        var (buy, get) = (Count(offer.Buy.Quantity), Count(offer.Get.Quantity));
        var free = offer.Get.Percent >= 100;
        var dearest = offer.Pick == UnitPick.Dearest;
        var english = $"Buy {buy}{Goods(offer.Buy.Scope)}, get {get}{Goods(offer.Get.Scope)} {(free ? "free" : Percent(offer.Get.Percent) + " off")}{(dearest ? ", the dearest" : "")}";
        var inChinese = free
            ? $"买{buy}件{Goods(offer.Buy.Scope)}送{get}件{Goods(offer.Get.Scope)}"
            : $"买{buy}件{Goods(offer.Buy.Scope)}，另{get}件{Goods(offer.Get.Scope)}{Discounted(offer.Get.Percent)}";
        return Pick(english, inChinese + (dearest ? "（取高价商品）" : "")) + Times(offer.MaxTimes);
    }

    private string BundleText(Bundle offer)
    {
        var items = string.Join(" + ", offer.Items.Select(i => Pick(Count(i.Quantity) + (i.Scope is null or { IsEverything: true } ? "" : Goods(i.Scope)), Count(i.Quantity) + "件" + Goods(i.Scope))));
        var one = offer.Items is [{ Quantity: 1 }];
        return Pick($"{items} {(offer.Items.All(i => i.Scope is null or { IsEverything: true }) ? one ? "unit " : "units " : "")}for {Amount(offer.Price)}", $"{items}{Amount(offer.Price)}{(currency == "CNY" ? "元" : "")}") + Times(offer.MaxTimes);
    }

    private string Gifts(Gift offer) => Joined(offer.Tiers.Select(t =>
    {
        var gift = $"{t.Sku} × {Count(t.GiftQuantity)}" + (t.Value is { } value ? Pick($" (worth {Amount(value)})", $"（价值{Amount(value)}）") : "");
        var every = offer.PerTimes && t == offer.Tiers[0];
        return t.Spend is { } spend
            ? Pick($"{(every ? "on every" : "spend")} {Amount(spend)}{(every ? "" : ",")} get {gift}", $"{(every ? "每" : "")}满{Amount(spend)}赠{gift}")
            : Pick($"{(every ? "on every " : "")}{Count(t.Quantity ?? 0)} units{(every ? "" : ",")} get {gift}", $"{(every ? "每" : "")}满{Count(t.Quantity ?? 0)}件赠{gift}");
    }));

    private string Goods(GoodsScope? scope)
    {
        if (scope is null or { IsEverything: true })
            return "";
        var text = words.Selector(scope.Include, words.Pick("everything", "全部商品"));
        if (scope.Exclude is { IsEmpty: false } exclude)
            text += words.Pick(" but not ", "，不含") + words.Selector(exclude, "");
        return Pick($" ({text})", $"（{text}）");
    }

    private string Cap(decimal? cap) => cap is { } most ? Pick($", at most {Amount(most)}", $"，最高减{Amount(most)}") : "";

    private string Most(int? units, UnitsPer per) => (units, per) switch
    {
        (null, _) => "",
        ({ } most, UnitsPer.Order) => Pick($", at most {Count(most)} per order", $"，每单限{Count(most)}件"),
        ({ } most, UnitsPer.Sku) => Pick($", at most {Count(most)} of each SKU", $"，每个SKU限{Count(most)}件"),
        ({ } most, _) => Pick($", at most {Count(most)} of each product", $"，每款限{Count(most)}件"),
    };

    private string Times(int? times) => times is { } most ? Pick($", up to {Count(most)}×", $"，最多{Count(most)}次") : "";

    private string Count(int count) => count.ToString(culture);

    private string Percent(decimal percent) => percent.ToString("0.######", culture) + "%";

    private string Discounted(decimal percent) => OfferSentence.Discounted(percent, culture);

    private string Amount(decimal major) => OfferSentence.Amount(major, currency, culture);
}
