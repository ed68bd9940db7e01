using System.Globalization;
using static CampaignManager.Application.Behaviour.FeatureBasis;
using static CampaignManager.Application.Behaviour.FeatureUnit;

namespace CampaignManager.Application.Behaviour;

/// <summary>
/// Name and plain meaning of each feature of customers, in both languages: the one place that says them.
/// The definitions are in docs/data.md.
/// </summary>
public static class KnownFeatures
{
    private static readonly BothLanguages NeverOrdered = new("who never ordered", "从未下单的客户");
    private static readonly BothLanguages BelowTwo = new("who have fewer than two orders", "不足两单的客户");
    private static readonly BothLanguages NeverViewed = new("who never looked at anything", "从未浏览的客户");
    private static readonly BothLanguages DidNothing = new("who neither looked at nor bought anything", "从未浏览也未购买的客户");
    private static readonly BothLanguages Untold = new("whom no list or order says it of", "名单和订单中都没有此项的客户");

    private static readonly Dictionary<string, KnownFeature> ByName = new(All(), StringComparer.Ordinal);

    /// <summary>All but the shares of categories, which are the shop's own.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>A feature by its column; a share of interest names its category.</summary>
    public static KnownFeature? Find(string column)
    {
        if (ByName.TryGetValue(column, out var known))
            return known;
        if (!FeatureSql.IsAffinity(column))
            return null;
        var category = KnownCategories.NameOf(FeatureSql.CategoryOf(column));
        return new KnownFeature(
            Share, Views | Orders, null, new($"Affinity: {category.En}", $"类目偏好：{category.Zh}"), new(
                $"Share of interest that goes to {category.En}: a view counts 1, a purchase 5", $"兴趣中{category.Zh}的占比：浏览计 1，购买计 5"));
    }

    private static IEnumerable<KeyValuePair<string, KnownFeature>> All() =>
    [
        Of("x_tenure_days", Days, Profile, null, "Days since joining", "注册天数", "Days since the customer joined", "自加入以来的天数", Untold),
        Of("x_recency_days", Days, Orders, null, "Days since last order", "距上次下单天数", "Days since the last order", "距上次下单的天数", NeverOrdered),
        Of("x_orders", Count, Orders, null, "Orders", "订单数", "Orders ever", "累计订单数"),
        .. Windows("x_orders", Orders, [90, 365], "Orders", "订单数", "Orders", "的订单数"),
        Of("x_monetary", Money, Orders, null, "Money spent", "累计消费", "Spent on goods, after discounts", "商品累计消费，已扣除优惠"),
        Of("x_basket_mean", Money, Orders, null, "Mean basket", "平均客单价",
            "Mean of an order's goods after discounts", "平均每单商品金额，已扣除优惠", NeverOrdered),
        Of("x_basket_sd", Money, Orders, null, "Spread of baskets", "客单价波动",
            "How far baskets lie from their mean (standard deviation)", "客单价的标准差", BelowTwo),
        Of("x_days_between_orders", Days, Orders, null, "Days between orders", "下单间隔天数", "Mean gap between orders", "平均下单间隔", BelowTwo),
        Of("x_discount_share", Share, Orders, null, "Discounts by list price", "优惠占原价比例",
            "Discounts of past orders by their list price", "历史订单优惠占原价的比例", NeverOrdered),
        Of("x_campaign_orders", Count, Orders, null, "Orders from campaigns", "活动订单数",
            "Past orders with a campaign's discount", "使用过活动优惠的订单数"),
        .. Windows("x_views", Views, [7, 30, 90], "Views", "浏览", "Product views", "浏览商品的次数"),
        .. Windows("x_carts", Carts, [7, 30, 90], "Carts", "加购", "Things put in the cart", "加入购物车的次数"),
        .. Windows("x_reviews", Reviews, [7, 30, 90], "Reviews", "评价", "Reviews written", "写评价的次数"),
        Of("x_views", Count, Views, null, "Views", "浏览数", "Product views ever", "累计浏览次数"),
        Of("x_view_conversion", Number, Views | Orders, null, "Orders per view", "浏览转化率", "Orders by views", "订单数与浏览数之比",
            new("who have no order or no view", "没有订单或没有浏览的客户")),
        Of("x_carts_left", Share, Carts | Orders, null, "Carts left behind", "弃购率",
            "Share of things put in the cart and not bought", "加购后未购买的比例", new("who put nothing in the cart", "从未加购的客户")),
        Of("x_days_since_view", Days, Views, null, "Days since last view", "距上次浏览天数", "Days since the last view", "距上次浏览的天数", NeverViewed),
        Of("x_price_band", Share, Views | Orders, null, "Price band", "价格带",
            "Where the goods looked at and bought stand by price within their category: 0 the cheapest, 100% the dearest",
            "浏览和购买的商品在其类目中的价位：0 最便宜，100% 最贵", DidNothing),
        Of("x_rating_mean", Number, Reviews, null, "Mean rating", "平均评分",
            "Mean of the ratings given", "给出的平均评分", new("who rated nothing", "从未评分的客户")),
        Of("x_weekend_share", Share, Views | Orders, null, "Share on weekends", "周末占比",
            "Share of views and purchases on Saturdays and Sundays, in the shop's time zone", "周六、周日浏览和购买的占比（店铺时区）", DidNothing),
        Of("x_evening_share", Share, Views | Orders, null, "Share in the evening", "晚间占比",
            "Share of views and purchases from 18:00 on, in the shop's time zone", "18 点以后浏览和购买的占比（店铺时区）", DidNothing),
        Of("x_usual_basket", Money, Orders, null, "Usual basket", "常规客单价",
            "Mean basket, drawn towards that of customers of the same lifecycle while there are few orders", "平均客单价；订单少时向同生命周期客户的均值靠拢"),
        Of("c_lifecycle", Word, Profile | Orders, null, "Lifecycle", "生命周期", "Where the customer stands with the shop", "客户所处的生命周期"),
        Of("c_favourite", Word, Views | Orders, null, "Favourite category", "偏好类目",
            "Category with the most interest: a view counts 1, a purchase 5", "最感兴趣的类目：浏览计 1，购买计 5", DidNothing),
        Of("c_region", Word, Profile, null, "Region", "地区", "Region of the customer", "客户所在地区", Untold),
        Of("c_channel", Word, Profile, null, "Channel", "渠道", "Channel through which the customer came", "客户来源渠道", Untold),
        Of("c_device", Word, Profile, null, "Device", "设备", "Device of the customer", "客户使用的设备", Untold),
    ];

    private static IEnumerable<KeyValuePair<string, KnownFeature>> Windows(
        string column, FeatureBasis basis, int[] windows, string en, string zh, string meansEn, string meansZh) =>
        windows.Select(days => Of(
            Text($"{column}_{days}"), Count, basis, days, Text($"{en}, {days} days"), Text($"近 {days} 天{zh}"),
            Text($"{meansEn} in the last {days} days"), Text($"近 {days} 天{meansZh}")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static KeyValuePair<string, KnownFeature> Of(
        string column, FeatureUnit unit, FeatureBasis basis, int? days, string en, string zh, string meansEn, string meansZh,
        BothLanguages? missing = null) =>
        new(column, new KnownFeature(unit, basis, days, new BothLanguages(en, zh), new BothLanguages(meansEn, meansZh), missing));
}
