using System.Globalization;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers;

/// <summary>An offer in one sentence, in the reader's language: "Spend ¥200, save ¥30; spend ¥400, save ¥80", "满200减30，满400减80".</summary>
public static class OfferSentence
{
    /// <summary>The sentence.</summary>
    /// <param name="offer">The offer; amounts in major units.</param>
    /// <param name="currency">ISO 4217 code of the amounts.</param>
    /// <param name="culture">Chinese for any <c>zh</c> culture, English otherwise; also writes the figures.</param>
    /// <param name="names">How categories are called; their keys when null.</param>
    public static string Of(Offer offer, string currency, CultureInfo culture, RuleNames? names = null)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var words = new Words(currency, culture);
        return offer switch
        {
            FullReduction { Every: { } every } reduction => words.Every(every, reduction.Off ?? 0, reduction.MaxTimes),
            FullReduction reduction => words.Join(reduction.Tiers.Select(t => words.Tier(t.Spend, t.Off))),
            PercentOff percent => words.Join(percent.Tiers.Select(t => words.Percent(t.Spend, t.Percent))) + words.Cap(percent.Cap),
            FreeShipping shipping => words.Shipping(shipping.Spend, shipping.Cap) + words.AllInScope(shipping.OnlyIfAllInScope),
            _ => new MechanicSentence(currency, culture, names ?? RuleNames.Keys).Of(offer) ?? offer.Type,
        };
    }

    /// <summary>True when the culture reads Chinese.</summary>
    internal static bool IsChinese(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh";

    // A Chinese shop says what is left to pay: 20 % off is 8折.
    internal static string Discounted(decimal percent, CultureInfo culture) => percent >= 100 ? "免单" : $"打{((100 - percent) / 10).ToString("0.#######", culture)}折";

    // 满200减30 needs no sign in the shop's home currency.
    internal static string Amount(decimal major, string currency, CultureInfo culture) =>
        IsChinese(culture) && currency == "CNY" ? MoneyText.Figure(major, currency, culture).Replace(",", "", StringComparison.Ordinal) : MoneyText.Of(major, currency, culture);

    private sealed class Words(string currency, CultureInfo culture)
    {
        private readonly bool chinese = IsChinese(culture);

        public string Join(IEnumerable<string> parts)
        {
            var joined = string.Join(chinese ? "，" : "; ", parts);
            return chinese || joined.Length == 0 ? joined : char.ToUpperInvariant(joined[0]) + joined[1..];
        }

        public string Tier(decimal spend, decimal off) =>
            chinese ? $"满{Amount(spend)}减{Amount(off)}" : $"spend {Amount(spend)}, save {Amount(off)}";

        public string Every(decimal every, decimal off, int? maxTimes)
        {
            var text = chinese ? $"每满{Amount(every)}减{Amount(off)}" : $"Save {Amount(off)} on every {Amount(every)}";
            if (maxTimes is not { } times)
                return text;
            var count = times.ToString(culture);
            return chinese ? $"{text}，最多{count}次" : $"{text}, up to {count}×";
        }

        public string Percent(decimal? spend, decimal percent)
        {
            var granted = chinese ? Discounted(percent) : $"{percent.ToString("0.######", culture)}% off";
            if (spend is not { } from)
                return granted;
            return chinese ? $"满{Amount(from)}{granted}" : $"spend {Amount(from)}, get {granted}";
        }

        public string Cap(decimal? cap) => cap is not { } most ? "" : chinese ? $"，最高减{Amount(most)}" : $", at most {Amount(most)}";

        public string Shipping(decimal? spend, decimal? cap)
        {
            var text = (chinese, spend) switch
            {
                (true, { } from) => $"满{Amount(from)}包邮",
                (true, null) => "包邮",
                (false, { } from) => $"Free shipping from {Amount(from)}",
                (false, null) => "Free shipping",
            };
            if (cap is not { } most)
                return text;
            return chinese ? $"{text}，运费最高抵{Amount(most)}" : $"{text}, up to {Amount(most)} of the fee";
        }

        public string AllInScope(bool only) => !only ? "" : chinese ? "，仅当全部商品参与活动" : ", if all goods take part";

        private string Discounted(decimal percent) => OfferSentence.Discounted(percent, culture);

        private string Amount(decimal major) => OfferSentence.Amount(major, currency, culture);
    }
}
