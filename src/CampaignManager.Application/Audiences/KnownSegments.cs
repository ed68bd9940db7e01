using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Engine.Audiences;

namespace CampaignManager.Application.Audiences;

/// <summary>A segment as people read it.</summary>
/// <param name="Key">As campaigns and carts name it.</param>
/// <param name="Kind">What tells its members apart.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Means">Who is in it.</param>
public sealed record KnownSegment(string Key, SegmentKind Kind, BothLanguages Name, BothLanguages Means);

/// <summary>The one list of the segments that every shop has, in the order in which people read them, and what those of its categories are called.</summary>
public static class KnownSegments
{
    /// <summary>All but those by favourite category, which are the shop's own.</summary>
    public static IReadOnlyList<KnownSegment> All { get; } = [.. LifecycleRules.All.Select(Of), .. UpliftSegments.Shares.Select(Top), Negative];

    private static readonly Dictionary<string, (KnownSegment Segment, int Place)> ByKey = All.Select((s, i) => (s, i)).ToDictionary(s => s.s.Key, StringComparer.Ordinal);

    private static KnownSegment Negative => new(
        UpliftSegments.Negative,
        SegmentKind.Uplift,
        new("Predicted to buy less because of a campaign", "预计因活动反而少买"),
        new("Predicted uplift below zero", "预测增量为负的客户"));

    /// <summary>A segment by its key; one that is not on the list is a category's favourites.</summary>
    public static KnownSegment Find(string key) => ByKey.TryGetValue(key, out var known) ? known.Segment : Favourite(key);

    /// <summary>Where people look for it among those of its kind; all favourites stand in one place.</summary>
    public static int PlaceOf(string key) => ByKey.TryGetValue(key, out var known) ? known.Place : -1;

    private static KnownSegment Favourite(string key)
    {
        if (SegmentKeys.IsOwn(key))
            return new KnownSegment(key, SegmentKind.Audience, new(key, key), new(key, key));
        if (!key.StartsWith(SegmentKeys.FavouritePrefix, StringComparison.Ordinal))
            return new KnownSegment(key, UpliftSegments.Has(key) ? SegmentKind.Uplift : SegmentKind.Favourite, new(key, key), new(key, key));
        var category = KnownCategories.NameOf(key[SegmentKeys.FavouritePrefix.Length..]);
        return new KnownSegment(
            key,
            SegmentKind.Favourite,
            new($"Favourite: {category.En}", $"偏好{category.Zh}"),
            new($"Look at, put into the cart and buy {category.En} most", $"浏览、加购和购买最多的是{category.Zh}"));
    }

    private static KnownSegment Of(Lifecycle lifecycle)
    {
        var (name, means) = lifecycle switch
        {
            Lifecycle.New => (
                new BothLanguages("New customers", "新客"),
                Text($"Joined fewer than {LifecycleRules.NewDays} days ago, at most {LifecycleRules.NewOrders} orders so far",
                    $"加入不足{LifecycleRules.NewDays}天，且最多下过{LifecycleRules.NewOrders}单")),
            Lifecycle.Active => (
                new BothLanguages("Active", "活跃客户"),
                Text($"Last order at most {LifecycleRules.ActiveDays} days ago, fewer than {LifecycleRules.LoyalOrders} in a year",
                    $"{LifecycleRules.ActiveDays}天内下过单，一年内不足{LifecycleRules.LoyalOrders}单")),
            Lifecycle.Loyal => (
                new BothLanguages("Loyal", "忠实客户"),
                Text($"Last order at most {LifecycleRules.ActiveDays} days ago, at least {LifecycleRules.LoyalOrders} in a year",
                    $"{LifecycleRules.ActiveDays}天内下过单，一年内至少{LifecycleRules.LoyalOrders}单")),
            Lifecycle.Lapsing => (
                new BothLanguages("Lapsing", "流失预警"),
                Text($"Last order {LifecycleRules.ActiveDays} to {LifecycleRules.LapsingDays} days ago",
                    $"上次下单在{LifecycleRules.ActiveDays}至{LifecycleRules.LapsingDays}天前")),
            Lifecycle.Lapsed => (
                new BothLanguages("Lapsed", "已流失"),
                Text($"No order for {LifecycleRules.LapsingDays} days, or never one", $"超过{LifecycleRules.LapsingDays}天未下单，或从未下单")),
            _ => throw new ArgumentOutOfRangeException(nameof(lifecycle)),
        };
        return new KnownSegment(lifecycle.Key(), SegmentKind.Lifecycle, name, means);
    }

    private static KnownSegment Top(int percent) => new(
        UpliftSegments.Top(percent),
        SegmentKind.Uplift,
        Text($"Uplift in top {percent}%", $"增量前{percent}%"),
        Text($"The {percent}% of the scored customers with the highest predicted uplift", $"已评分客户中预测增量最高的{percent}%"));

    private static BothLanguages Text(FormattableString english, FormattableString chinese) =>
        new(english.ToString(CultureInfo.InvariantCulture), chinese.ToString(CultureInfo.InvariantCulture));
}
