using System.Globalization;
using CampaignManager.Application;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using CampaignManager.Engine.Planning;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns.Wizard;

/// <summary>A line of the checklist: what is missing (then it cannot be submitted) or worth a look, and on which step.</summary>
/// <param name="Key">Names the text; the text of a wrong field is ready-made instead.</param>
public sealed record CheckItem(WizardStep Step, string Key, bool IsMissing, params object[] Arguments);

/// <summary>What the checklist looks at beside the form; null where it is not known.</summary>
public sealed record CheckFacts(DateTime Now, ScopeSize? Scope, long? Audience, ConversionHistory? History, OverlapReport? Overlaps, IReadOnlyList<AudienceSegment>? Segments = null)
{
    /// <summary>Why the campaign could never grant anything.</summary>
    public IReadOnlyList<RuleError> Never { get; init; } = [];

    /// <summary>What may be meant, and is worth a look.</summary>
    public IReadOnlyList<RuleError> Warnings { get; init; } = [];

    /// <summary>What the planner expects.</summary>
    public CampaignPrediction? Forecast { get; init; }

    /// <summary>Why it expects nothing.</summary>
    public Failure? NoForecast { get; init; }

    /// <summary>Unique codes issued so far.</summary>
    public int? IssuedCodes { get; init; }
}

/// <summary>What to look at before a draft is submitted.</summary>
public static class Checklist
{
    private const int ShortNoticeHours = 24;

    // With many rivals the list is read no longer; the step has them all.
    private const int MostClashes = 5;

    /// <summary>The lines, what is missing first, in the order of the steps.</summary>
    public static IReadOnlyList<CheckItem> Of(CampaignForm form, IReadOnlyList<RuleError> errors, CheckFacts facts)
    {
        List<CheckItem> items = [.. errors.GroupBy(e => e.Path).Select(g => new CheckItem(WizardSteps.OfField(g.Key), "Field", true, g.First()))];
        if (errors.Count == 0)
        {
            var rules = form.ToRules();
            items.AddRange(facts.Never.Select(e => new CheckItem(WizardSteps.OfField(e.Path), "Never", true, e)));
            Time(rules, facts, items);
            Reach(rules, facts, items);
            Money(rules, facts, items);
            Clashes(facts, items);
        }

        return [.. items.OrderByDescending(i => i.IsMissing).ThenBy(i => i.Step)];
    }

    private static void Time(CampaignRules rules, CheckFacts facts, List<CheckItem> items)
    {
        var (start, end) = ScheduleInterval.ToUtc(rules.Schedule);
        if (end <= facts.Now)
            items.Add(new CheckItem(WizardStep.Limits, "EndPassed", true));
        else if (start is null)
            items.Add(new CheckItem(WizardStep.Limits, "NoStart", false));
        else if (start < facts.Now)
            items.Add(new CheckItem(WizardStep.Limits, "StartPassed", false));
        else if (start < facts.Now.AddHours(ShortNoticeHours))
            items.Add(new CheckItem(WizardStep.Limits, "StartSoon", false));
        if (end is null)
            items.Add(new CheckItem(WizardStep.Limits, "NoEnd", false));
    }

    private static void Reach(CampaignRules rules, CheckFacts facts, List<CheckItem> items)
    {
        if (facts.Scope is { Products: 0 } && facts.Never.Count == 0)
            items.Add(new CheckItem(WizardStep.Scope, "NoGoods", false));
        if (facts.Segments is { } segments)
            Named(rules.Audience, segments, items);
        if (facts.Audience == 0)
            items.Add(new CheckItem(WizardStep.Audience, "NobodyInAudience", false));
        var holdout = rules.Experiment.HoldoutPercent;
        if (holdout == 0)
            items.Add(new CheckItem(WizardStep.Audience, "NoHoldout", false));
        else if (holdout >= 100)
            items.Add(new CheckItem(WizardStep.Audience, "AllHeldOut", false));
        else if (facts is { Audience: > 0 and var size, History.Rate: { } rate })
        {
            var lift = PowerWindow.OfConversion(size, rate).Detectable((double)holdout / 100);
            if (lift is { } least && facts.Forecast?.Total is { Size: > 0, Uplift: var expected } && expected < least)
                items.Add(new CheckItem(WizardStep.Audience, "LiftTooSmall", false, Points(expected), Points(least)));
            // Hardly any campaign adds half as many buyers again as there are without it.
            else if (lift is null || lift > rate / 2)
                items.Add(new CheckItem(WizardStep.Audience, "WeakPower", false, lift is null ? "–" : Points(lift.Value), Points(rate)));
        }
    }

    private static void Named(Audience audience, IReadOnlyList<AudienceSegment> segments, List<CheckItem> items)
    {
        foreach (var key in audience.AnyOf.Concat(audience.NoneOf))
        {
            var segment = segments.FirstOrDefault(s => s.Key == key);
            if (segment is null)
                items.Add(new CheckItem(WizardStep.Audience, "SegmentUnknown", false, key));
            else if (segment is { ScoredBy: { InUse: false, Number: var number } })
                items.Add(new CheckItem(WizardStep.Audience, "SegmentOutdated", false, key, number));
        }
    }

    private static string Points(double share) => (100 * share).ToString("0.0", CultureInfo.CurrentCulture);

    private static void Clashes(CheckFacts facts, List<CheckItem> items)
    {
        // Who takes the same code is named below, also where the two never meet in time.
        var shared = facts.Warnings.Where(w => w.Code == "code-shared").ToList();
        items.AddRange(shared.Select(w => new CheckItem(WizardStep.Limits, "CodeShared", false, [.. w.Arguments])));
        var serious = (facts.Overlaps?.Meeting ?? [])
            .SelectMany(other => other.Clashes.Where(c => c.IsSerious && (c.Kind != ClashKind.SameCode || shared.Count == 0)).Select(clash => (other, clash))).ToList();
        items.AddRange(serious.Take(MostClashes).Select(c => new CheckItem(WizardStep.Combining, "Clash", false, c.other, c.clash)));
        if (serious.Count > MostClashes)
            items.Add(new CheckItem(WizardStep.Combining, "MoreClashes", false, serious.Count - MostClashes));
    }

    private static void Money(CampaignRules rules, CheckFacts facts, List<CheckItem> items)
    {
        if (rules.Limits.Budget is not { } budget)
            items.Add(new CheckItem(WizardStep.Limits, "NoBudget", false));
        else if (facts.Forecast?.Total.DiscountCost is { } cost && cost > (double)budget)
            items.Add(new CheckItem(WizardStep.Limits, "CostOverBudget", false, Figures.Money(cost, rules.Currency), Figures.Money((double)budget, rules.Currency)));
        if (rules.Trigger.UniqueCodes && facts.IssuedCodes == 0)
            items.Add(new CheckItem(WizardStep.Limits, "NoCodesIssued", false));
        if (rules.Limits.UsesPerCustomer is null && rules.Trigger is { Code: not null, UniqueCodes: false })
            items.Add(new CheckItem(WizardStep.Limits, "CodeUnlimited", false));
        if (rules.Limits.UsesPerCustomer is not null)
            items.Add(new CheckItem(WizardStep.Limits, "GuestsLeftOut", false));
        if (rules.Limits.UsesPerCode is not null && rules.Trigger is { Code: null, UniqueCodes: false })
            items.Add(new CheckItem(WizardStep.Limits, "NoCodeToLimit", false));
        if (rules.Offer.LargestShare() is { } share and > 0.5m)
            items.Add(new CheckItem(WizardStep.Offer, "DeepDiscount", false, (100 * share).ToString("0.#", CultureInfo.CurrentCulture)));
    }
}
