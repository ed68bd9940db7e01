using System.Globalization;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers;

/// <summary>The values of rules in words.</summary>
internal sealed class RuleWords(CultureInfo culture, string currency, RuleNames names)
{
    private static readonly Dictionary<string, (string English, string Chinese)> Terms = new(StringComparer.Ordinal)
    {
        ["new"] = ("before their first order", "首单前"),
        ["returning"] = ("has ordered before", "下过单"),
        ["reject"] = ("stop the offer", "不再发放"),
        ["partial"] = ("pay out what is left", "发放剩余部分"),
        ["item"] = ("item", "单品级"),
        ["order"] = ("order", "订单级"),
        ["shipping"] = ("shipping", "运费级"),
        ["running"] = ("what is left after earlier campaigns", "前序优惠后的金额"),
        ["list"] = ("list prices", "原价"),
        ["keep"] = ("the customer keeps the paid share", "按实付比例退款"),
        ["clawback"] = ("the order is repriced", "重新计价后退款"),
        ["mon"] = ("Mon", "周一"),
        ["tue"] = ("Tue", "周二"),
        ["wed"] = ("Wed", "周三"),
        ["thu"] = ("Thu", "周四"),
        ["fri"] = ("Fri", "周五"),
        ["sat"] = ("Sat", "周六"),
        ["sun"] = ("Sun", "周日"),
    };

    private readonly bool chinese = OfferSentence.IsChinese(culture);

    public RuleNames Names => names;

    public string None => Pick("none", "无");

    public string Any => Pick("any", "不限");

    public string Pick(string english, string chineseText) => chinese ? chineseText : english;

    public string Word(string key) => Terms.TryGetValue(key, out var term) ? Pick(term.English, term.Chinese) : key;

    public string Word<T>(T member)
        where T : struct, Enum => Word(member.Name());

    public string YesNo(bool value) => value ? Pick("yes", "是") : Pick("no", "否");

    public string List(IEnumerable<string> parts) => string.Join(Pick(", ", "、"), parts);

    public string ListOrNone(IEnumerable<string> parts) => List(parts) is { Length: > 0 } text ? text : None;

    public string Count(int? value) => value?.ToString("N0", culture) ?? Pick("no limit", "不限");

    public string Money(decimal? value) => value is { } amount ? MoneyText.Of(amount, currency, culture) : Pick("no limit", "不限");

    public string Percent(decimal value) => value.ToString("0.##########", culture) + "%";

    public string Days(int days) => days.ToString(culture) + (chinese ? "天" : days == 1 ? " day" : " days");

    public string Minutes(int minutes) => minutes.ToString(culture) + (chinese ? "分钟" : minutes == 1 ? " minute" : " minutes");

    public string Moment(LocalMoment? moment, string missing) => moment is not { } at ? missing
        : at.Day.ToString(Pick("d MMM yyyy", "yyyy年M月d日"), culture) + (at.Time is { } time ? time.ToString(time.Second == 0 ? " HH:mm" : " HH:mm:ss", CultureInfo.InvariantCulture) : "");

    public string Windows(IReadOnlyList<WeeklyWindow> weekly) => weekly.Count == 0
        ? Pick("around the clock", "全天")
        : string.Join(Pick("; ", "；"), weekly.Select(w => $"{List(w.Days.Select(Word))} {w.From}–{w.To}"));

    public string Selector(ScopeSelector? selector, string nothing)
    {
        if (selector is null || selector.IsEmpty)
            return nothing;
        List<string> parts = [];
        if (selector.All)
            parts.Add(Pick("everything", "全部商品"));
        Add(selector.Categories.Select(Names.Category), Pick("categories", "品类"));
        Add(selector.Brands, Pick("brands", "品牌"));
        Add(selector.Skus, "SKU");
        Add(selector.Tags, Pick("tags", "标签"));
        return string.Join(Pick("; ", "；"), parts);

        void Add(IEnumerable<string> values, string kind)
        {
            if (List(values) is { Length: > 0 } text)
                parts.Add(kind + Pick(": ", "：") + text);
        }
    }
}
