using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Offers;

/// <summary>Rules that are sound, and under which no cart can ever get anything: submitted, such a campaign would run and do nothing.</summary>
public static class NeverGrants
{
    /// <summary>Everything of that kind.</summary>
    /// <param name="rules">Valid rules.</param>
    /// <param name="products">The shop's products as a cart would hold them; null where they are not known.</param>
    /// <param name="now">The moment, UTC: what has passed grants nothing any more.</param>
    public static IReadOnlyList<RuleError> Check(CampaignRules rules, IReadOnlyCollection<CartLine>? products, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var errors = new RuleErrors(rules.Currency);
        Scope(rules, products, errors);
        if (rules.Schedule.Weekly.Count > 0 && !HoursComeRound(rules.Schedule, now))
            errors.Add("schedule.weekly", "never-hours", "None of the weekly hours falls between the start and the end.");
        if (rules.Limits is { Budget: { } budget, OnBudgetShort: OnBudgetShort.Reject } && Least(rules) is { } least && budget < least)
            errors.Add("limits.budget", "never-budget", "The budget is below the smallest discount that the offer gives, and what it does not cover is refused.");
        return errors.All;
    }

    private static void Scope(CampaignRules rules, IReadOnlyCollection<CartLine>? products, RuleErrors errors)
    {
        var own = Goods(rules.Scope.Include, rules.Scope.Exclude, products);
        if (own.IsEmpty && rules.Scope.PerSegment.All(s => Goods(new ScopeSelector { Categories = s.Categories }, rules.Scope.Exclude, products).IsEmpty))
        {
            errors.Add(
                rules.Scope.Exclude is { All: true } ? "scope.exclude" : "scope", "never-goods", "No goods are in scope: everything that is included is left out, or the shop sells none of it.");
            return;
        }

        foreach (var (path, scope) in Slots(rules.Offer))
        {
            if (scope is not null && own.And(scope.Include, scope.Exclude).IsEmpty && rules.Scope.PerSegment.Count == 0)
                errors.Add(path, "never-goods", "No goods are in scope: everything that is included is left out, or the shop sells none of it.");
        }
    }

    private static IEnumerable<(string Path, GoodsScope? Scope)> Slots(Offer offer) => offer switch
    {
        BuyXGetY sets => [("offer.buy.scope", sets.Buy.Scope), ("offer.get.scope", sets.Get.Scope)],
        Bundle bundle => bundle.Items.Select((item, i) => (FormattableString.Invariant($"offer.items[{i}].scope"), item.Scope)),
        _ => [],
    };

    private static GoodsLeft Goods(ScopeSelector? include, ScopeSelector? exclude, IReadOnlyCollection<CartLine>? products) => new GoodsLeft(products, false, false).And(include, exclude);

    /// <summary>Whether the hours come at all between the start, or now, and the end: looked at minute by minute, so that days on which clocks change are no matter of thought.</summary>
    private static bool HoursComeRound(Schedule schedule, DateTime now)
    {
        // Two weeks hold every weekday also where the clocks jump over its hours once.
        const int Minutes = 14 * 24 * 60;
        var interval = ScheduleInterval.ToUtc(schedule);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        LocalHours[] hours = [.. schedule.Weekly.Select(w => new LocalHours(w))];
        var at = interval.StartUtc > now ? interval.StartUtc.Value : now;
        for (var i = 0; i <= Minutes && (interval.EndUtc is null || at < interval.EndUtc); i++)
        {
            var local = TimeZoneInfo.ConvertTimeFromUtc(at, zone);
            if (hours.Any(h => h.Contains(local)))
                return true;
            at = at.AddSeconds(60 - at.Second).AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
        }

        return false;
    }

    /// <summary>The smallest discount that the offer can give, major units; null where any is possible, as where the goods discounted are fewer than those that reach the threshold.</summary>
    private static decimal? Least(CampaignRules rules)
    {
        if (rules.Scope.OnlyUndiscounted || rules.Scope.CheapestOnly || rules.Combining.ThresholdBase == ThresholdBase.List)
            return null;
        return rules.Offer switch
        {
            FullReduction { Every: { } every, Off: { } off } => Math.Min(every, off),
            FullReduction reduction => reduction.Tiers.Min(t => Math.Min(t.Spend, t.Off)),
            PercentOff percent => percent.Tiers.Min(t => Math.Min(percent.Cap ?? decimal.MaxValue, (t.Spend ?? 0) * t.Percent / 100)),
            _ => null,
        };
    }

    /// <summary>What may still be in scope: of known products those that are, of unknown ones whether everything is left out by name.</summary>
    private readonly record struct GoodsLeft(IReadOnlyCollection<CartLine>? Products, bool ByTag, bool AllOut)
    {
        // Products do not say their tags: where goods are chosen by them nobody knows.
        public bool IsEmpty => AllOut || (!ByTag && Products is { Count: 0 });

        public GoodsLeft And(ScopeSelector? include, ScopeSelector? exclude)
        {
            var match = ScopeMatch.Of(include, exclude);
            return new GoodsLeft(
                Products is null ? null : [.. Products.Where(match.Covers)],
                ByTag || include is { All: false, Tags.Count: > 0 },
                AllOut || exclude is { All: true } || (include is { All: false, IsEmpty: false } && exclude is not null && EveryNameIsOut(include, exclude)));
        }

        private static bool EveryNameIsOut(ScopeSelector include, ScopeSelector exclude) =>
            include.Categories.All(c => CategoryTree.Flat.SelfAndAncestors(c).Any(exclude.Categories.Contains)) && include.Brands.All(exclude.Brands.Contains)
            && include.Skus.All(exclude.Skus.Contains) && include.Tags.All(exclude.Tags.Contains);
    }
}
