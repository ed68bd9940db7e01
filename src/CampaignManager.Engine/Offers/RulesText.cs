using System.Globalization;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers;

/// <summary>One line of rules in words.</summary>
/// <param name="Path">JSON path of what the line tells.</param>
/// <param name="Label">What it is, in the reader's language.</param>
/// <param name="Value">What it says.</param>
public sealed record RuleLine(string Path, string Label, string Value);

/// <summary>How the keys of categories and segments are called in the reader's language.</summary>
public sealed record RuleNames(Func<string, string> Category, Func<string, string> Segment)
{
    /// <summary>The keys themselves.</summary>
    public static RuleNames Keys { get; } = new(key => key, key => key);

    /// <summary>How sales channels are called; their keys where it is not said.</summary>
    public Func<string, string> Channel { get; init; } = key => key;

    /// <summary>How regions are called; their keys where it is not said.</summary>
    public Func<string, string> Region { get; init; } = key => key;

    /// <summary>How time zones are called; their IANA names where it is not said.</summary>
    public Func<string, string> TimeZone { get; init; } = id => id;
}

/// <summary>Rules in words, every field of them, in English and Chinese: what pages list and what versions are compared by.</summary>
public static class RulesText
{
    /// <summary>All lines, in reading order; fields at their default are told too ("none", "everyone").</summary>
    public static IReadOnlyList<RuleLine> Lines(CampaignRules rules, CultureInfo culture, RuleNames? names = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var w = new RuleWords(culture, rules.Currency, names ?? RuleNames.Keys);
        var (scope, audience, combining, limits) = (rules.Scope, rules.Audience, rules.Combining, rules.Limits);
        var allowFree = rules.Offer is FullReduction { AllowFree: true };
        List<RuleLine> lines =
        [
            new("offer", w.Pick("Offer", "优惠"), OfferSentence.Of(rules.Offer, rules.Currency, culture, names) + (allowFree ? w.Pick(" (may exceed the spend)", "（允许减免超过门槛）") : "")),
            new("currency", w.Pick("Currency", "币种"), rules.Currency),
            new("scope.include", w.Pick("Products", "适用商品"), w.Selector(scope.Include, w.Pick("everything", "全部商品"))),
            new("scope.exclude", w.Pick("Except", "排除商品"), w.Selector(scope.Exclude, w.None)),
            .. scope.PerSegment.Select(s => new RuleLine(
                $"scope.perSegment.{s.Segment}", w.Pick("Products for ", "适用商品：") + w.Names.Segment(s.Segment), w.List(s.Categories.Select(w.Names.Category)))),
            new("scope.onlyUndiscounted", w.Pick("Only products not yet reduced", "仅限未享优惠的商品"), w.YesNo(scope.OnlyUndiscounted)),
            new("scope.cheapestOnly", w.Pick("Only the cheapest unit", "仅最低价一件"), w.YesNo(scope.CheapestOnly)),
            new("scope.thresholdNetOfTax", w.Pick("Thresholds net of tax", "门槛按不含税金额"), w.YesNo(scope.ThresholdNetOfTax)),
            new("audience.anyOf", w.Pick("Customers", "目标人群"), audience.AnyOf.Count == 0 ? w.Pick("everyone", "全部客户") : w.List(audience.AnyOf.Select(w.Names.Segment))),
            new("audience.noneOf", w.Pick("Not for", "排除人群"), w.ListOrNone(audience.NoneOf.Select(w.Names.Segment))),
            new("audience.customerKinds", w.Pick("Ordered before?", "是否下过单"), audience.CustomerKinds.Count == 0 ? w.Pick("both", "不限") : w.List(audience.CustomerKinds.Select(w.Word))),
            new("audience.channels", w.Pick("Channels", "渠道"), audience.Channels.Count == 0 ? w.Any : w.List(audience.Channels.Select(w.Names.Channel))),
            new("audience.regions", w.Pick("Regions", "地区"), audience.Regions.Count == 0 ? w.Any : w.List(audience.Regions.Select(w.Names.Region))),
            new("schedule.start", w.Pick("First day", "开始日期"), w.Moment(rules.Schedule.Start, w.Pick("at launch", "上线时"))),
            new("schedule.end", w.Pick("Last day", "结束日期"), w.Moment(rules.Schedule.End, w.Pick("open", "长期"))),
            new("schedule.timeZone", w.Pick("Time zone", "时区"), w.Names.TimeZone(rules.Schedule.TimeZone)),
            new("schedule.weekly", w.Pick("Hours", "每周时段"), w.Windows(rules.Schedule.Weekly)),
            new("trigger.code", w.Pick("Code", "优惠码"), rules.Trigger.Code ?? w.None),
            new("trigger.uniqueCodes", w.Pick("Unique codes", "唯一码"), w.YesNo(rules.Trigger.UniqueCodes)),
            new("limits.budget", w.Pick("Budget", "预算"), w.Money(limits.Budget)),
            new("limits.uses", w.Pick("Total uses", "总使用次数"), w.Count(limits.Uses)),
            new("limits.usesPerCustomer", w.Pick("Uses per customer", "每人限用"), w.Count(limits.UsesPerCustomer)),
            new("limits.usesPerCode", w.Pick("Uses per code", "每码限用"), w.Count(limits.UsesPerCode)),
            new("limits.usesPerDay", w.Pick("Uses per day", "每日限用"), w.Count(limits.UsesPerDay)),
            new("limits.onBudgetShort", w.Pick("When the budget is short", "预算不足时"), w.Word(limits.OnBudgetShort)),
            new("limits.reusableOnCancel", w.Pick("A cancelled order frees its use", "取消订单返还次数"), w.YesNo(limits.ReusableOnCancel)),
            new("limits.reservationMinutes", w.Pick("Reservation holds", "预占时长"), w.Minutes(limits.ReservationMinutes)),
            new("combining.class", w.Pick("Class", "优惠层级"), combining.Class is { } own ? w.Word(own) : w.Pick("by mechanic", "按玩法默认")),
            new("combining.priority", w.Pick("Priority", "优先级"), combining.Priority.ToString(culture)),
            new("combining.group", w.Pick("Group (only its best applies)", "互斥组（组内取最优）"), combining.Group ?? w.None),
            new("combining.exclusive", w.Pick("Applies alone", "不可叠加"), w.YesNo(combining.Exclusive)),
            new("combining.thresholdBase", w.Pick("Thresholds count", "门槛计算口径"), w.Word(combining.ThresholdBase)),
            new("returnPolicy", w.Pick("Returns", "退货时"), w.Word(rules.ReturnPolicy)),
            new("experiment.holdoutPercent", w.Pick("Holdout", "对照组"), w.Percent(rules.Experiment.HoldoutPercent)),
            new("experiment.attributionDays", w.Pick("Attribution window", "归因窗口"), w.Days(rules.Experiment.AttributionDays)),
        ];
        return lines;
    }
}
