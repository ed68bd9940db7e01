using System.Globalization;

namespace CampaignManager.Engine.Audiences.Predicates;

/// <summary>A predicate as a sentence, in English and Chinese. Every condition stands in it.</summary>
public static class PredicateSentence
{
    /// <summary>The whole sentence.</summary>
    public static string Of(Predicate predicate, CultureInfo culture, PredicateWords? words = null)
    {
        var said = new PredicatePhrases(culture, words ?? new PredicateWords()).Of(predicate, inGroup: false);
        return IsChinese(culture) ? $"{said}的客户。" : $"Customers who {said}.";
    }

    /// <summary>One condition or group as it stands within the sentence.</summary>
    public static string Part(Predicate predicate, CultureInfo culture, PredicateWords? words = null) =>
        new PredicatePhrases(culture, words ?? new PredicateWords()).Of(predicate, inGroup: false);

    internal static bool IsChinese(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh";
}

/// <summary>Its parts.</summary>
internal sealed class PredicatePhrases(CultureInfo culture, PredicateWords words)
{
    private readonly bool zh = PredicateSentence.IsChinese(culture);

    public string Of(Predicate predicate, bool inGroup) => predicate switch
    {
        Every { Of: [var one] } => Of(one, inGroup),
        Some { Of: [var one] } => Of(one, inGroup),
        Every every => Within(string.Join(Pick(" and ", "，且"), every.Of.Select(p => Of(p, inGroup: true))), inGroup),
        Some some => Within(string.Join(Pick(" or ", "，或"), some.Of.Select(p => Of(p, inGroup: true))), inGroup),
        Not not => Pick($"are not among those who ({Of(not.Of, inGroup: false)})", $"不满足（{Of(not.Of, inGroup: false)}）"),
        WordIn word => Word(word),
        FlagIs flag => Flag(flag),
        DaysSince since => Since(since),
        Did did => Doings(did),
        RfmIs rfm => Pick($"have a score of {Range(rfm.Score)} for {Name(rfm.Part)} (1 to 5)", $"{Name(rfm.Part)}评分{Range(rfm.Score)}（1至5分）"),
        InSegment segment => Pick($"are in “{words.Segment(segment.Key)}”", $"属于“{words.Segment(segment.Key)}”"),
        ScoreIs score => Pick($"have a predicted {Name(score.Of)} of {Range(Percent(score.Value))} %", $"预测{Name(score.Of)}{Range(Percent(score.Value))}%"),
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    private string Word(WordIn word)
    {
        var values = string.Join(Pick(" or ", "或"), word.Values.Select(v => words.Of(word.Attribute, v)));
        return word.Attribute switch
        {
            WordAttribute.Region => Pick($"are in the region {values}", $"地区为{values}"),
            WordAttribute.Channel => Pick($"buy through {values}", $"渠道为{values}"),
            WordAttribute.Device => Pick($"use {values}", $"设备为{values}"),
            WordAttribute.Country => Pick($"are in the country {values}", $"国家为{values}"),
            WordAttribute.MemberTier => Pick($"have the member tier {values}", $"会员等级为{values}"),
            WordAttribute.Tags => Pick($"have the tag {values}", $"带有标签{values}"),
            _ => throw new ArgumentOutOfRangeException(nameof(word)),
        };
    }

    private string Flag(FlagIs flag) => (flag.Attribute, flag.Value) switch
    {
        (FlagAttribute.EmailOptIn, true) => Pick("agreed to e-mails", "同意接收邮件"),
        (FlagAttribute.EmailOptIn, false) => Pick("did not agree to e-mails", "未同意接收邮件"),
        (FlagAttribute.OptOutMarketing, true) => Pick("objected to marketing", "拒绝营销"),
        (FlagAttribute.OptOutMarketing, false) => Pick("did not object to marketing", "未拒绝营销"),
        _ => throw new ArgumentOutOfRangeException(nameof(flag)),
    };

    private string Since(DaysSince since) => since.What switch
    {
        SinceWhat.Joined => Pick($"joined {Range(since.Days)} days ago", $"加入{Range(since.Days)}天"),
        SinceWhat.Order => Pick($"last ordered {Range(since.Days)} days ago", $"距上次下单{Range(since.Days)}天"),
        SinceWhat.View => Pick($"last looked at something {Range(since.Days)} days ago", $"距上次浏览{Range(since.Days)}天"),
        _ => throw new ArgumentOutOfRangeException(nameof(since)),
    };

    private string Doings(Did did)
    {
        var goods = did.Of is not { } of ? "" : of.Kind switch
        {
            GoodsKind.Category => words.Category(of.Key),
            GoodsKind.Brand => Pick($"the brand {of.Key}", $"品牌{of.Key}"),
            GoodsKind.Sku => Pick($"the product {of.Key}", $"商品{of.Key}"),
            _ => throw new ArgumentOutOfRangeException(nameof(did)),
        };
        var window = did.Days is not { } days ? Pick(" so far", "至今") : Pick($" in the last {Figure(days)} {(days == 1 ? "day" : "days")}", $"近{Figure(days)}天");
        var times = did.Times is { AtLeast: null, AtMost: 0 } ? Pick("not once", "0次") : $"{Range(did.Times)}{Pick(" times", "次")}";
        return (did.What, zh) switch
        {
            (Doing.Views, false) => $"looked at {Or(goods, "products")} {times}{window}",
            (Doing.Views, true) => $"{window}浏览{Or(goods, "商品")}{times}",
            (Doing.Carts, false) => $"put {Or(goods, "products")} into the cart {times}{window}",
            (Doing.Carts, true) => $"{window}加购{Or(goods, "商品")}{times}",
            (Doing.Purchases, false) => $"bought {Or(goods, "products")} {times}{window}",
            (Doing.Purchases, true) => $"{window}购买{Or(goods, "商品")}{times}",
            (Doing.Orders, false) => $"placed orders{(goods == "" ? "" : " with " + goods)} {times}{window}",
            (Doing.Orders, true) => $"{window}{(goods == "" ? "" : $"含{goods}的")}下单{times}",
            (Doing.Spend, false) => $"paid {Range(did.Times)}{(goods == "" ? "" : " for " + goods)}{window}",
            (Doing.Spend, true) => $"{window}{(goods == "" ? "" : goods)}消费{Range(did.Times)}",
            _ => throw new ArgumentOutOfRangeException(nameof(did)),
        };
    }

    private string Range(Bounds bounds) => bounds switch
    {
        { AtLeast: { } low, AtMost: { } high } when low == high => Pick($"exactly {Figure(low)}", $"恰好{Figure(low)}"),
        { AtLeast: { } low, AtMost: { } high } => Pick($"{Figure(low)} to {Figure(high)}", $"{Figure(low)}至{Figure(high)}"),
        { AtLeast: { } low } => Pick($"at least {Figure(low)}", $"至少{Figure(low)}"),
        { AtMost: { } high } => Pick($"at most {Figure(high)}", $"至多{Figure(high)}"),
        _ => throw new ArgumentOutOfRangeException(nameof(bounds)),
    };

    private string Name(RfmPart part) => part switch
    {
        RfmPart.Recency => Pick("recency", "近度（R）"),
        RfmPart.Frequency => Pick("frequency", "频度（F）"),
        RfmPart.Monetary => Pick("money spent", "额度（M）"),
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    private string Name(Prediction of) => of switch
    {
        Prediction.Uplift => Pick("uplift", "增量"),
        Prediction.Control => Pick("conversion without a campaign", "无活动转化率"),
        _ => throw new ArgumentOutOfRangeException(nameof(of)),
    };

    private static Bounds Percent(Bounds share) => new(share.AtLeast * 100, share.AtMost * 100);

    private static string Or(string goods, string all) => goods == "" ? all : goods;

    private string Within(string text, bool inGroup) => inGroup ? Pick($"({text})", $"（{text}）") : text;

    private string Figure(decimal value) => value.ToString("#,0.######", culture);

    private string Pick(string english, string chinese) => zh ? chinese : english;
}
