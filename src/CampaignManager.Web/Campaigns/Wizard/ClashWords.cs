using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Campaigns.Wizard;

/// <summary>A way out of a clash: words for the button and what it does to the form; without a change it leads to a step.</summary>
public sealed record ClashFix(string Text, Action<CampaignForm>? Apply, WizardStep Step);

public static class ClashSentences
{
    /// <summary>How many campaigns meet this one, and how many clash.</summary>
    public static string Clashes(this IStringLocalizer<WizardTexts> texts, OverlapReport report)
    {
        var serious = report.Meeting.SelectMany(o => o.Clashes).Count(c => c.IsSerious);
        return report.Meeting.Count == 0 ? texts[report.Drafts ? "ClashNobodyDrafts" : "ClashNobody", report.Apart]
            : serious == 0 ? texts["ClashFree", report.Meeting.Count, report.Apart] : texts["ClashCount", serious, report.Meeting.Count, report.Apart];
    }
}

/// <summary>Clashes in words, and the ways out of them.</summary>
public sealed class ClashWords(IStringLocalizer<WizardTexts> texts, ShopNames names)
{
    private const int MostNamed = 3;

    /// <summary>What happens between the draft and the other campaign.</summary>
    public string Of(Clash clash, CampaignOverlap other)
    {
        var currency = other.Rules.Currency;
        return texts["Clash." + clash.Kind + (clash.Kind switch
        {
            ClashKind.MineAlone or ClashKind.OtherAlone or ClashKind.BothAlone => "." + clash.Winner,
            ClashKind.SharesUnits => clash.MineFirst ? ".Mine" : ".Other",
            _ => "",
        }), [other.Name, Money(clash.Basket), Money(clash.FirstOff), Money(clash.Basket - clash.FirstOff), Money(clash.Threshold), Money(clash.BothOff), Share(clash), clash.Shared ?? ""]];

        string Money(long minor) => CampaignWords.Money(minor, currency);
    }

    /// <summary>What can be done about it, the best first.</summary>
    public IReadOnlyList<ClashFix> Fixes(Clash clash, CampaignOverlap other)
    {
        var theirs = other.Rules.Combining;
        return clash.Kind switch
        {
            ClashKind.MineAlone or ClashKind.BothAlone => [Fix("LetCombine", f => f.Exclusive = false), Go("ChangeDates", WizardStep.Limits)],
            ClashKind.OtherAlone => [Go("ChangeDates", WizardStep.Limits), Go("ChangeAudience", WizardStep.Audience)],
            ClashKind.SameCode => [Go("ChangeCode", WizardStep.Limits)],
            ClashKind.SameGroup => [Fix("LeaveGroup", f => f.Group = null)],
            ClashKind.LosesThreshold => [Fix("CountList", f => f.ThresholdBase = ThresholdBase.List), .. Join(theirs), Goods(other)],
            ClashKind.TakesThreshold => [.. After(theirs, clash.MineFirst), .. Join(theirs), Goods(other)],
            ClashKind.SkipsReduced => [Fix("AllowReduced", f => f.Scope.OnlyUndiscounted = false)],
            ClashKind.OtherSkipsReduced => [.. After(theirs, clash.MineFirst), Goods(other)],
            ClashKind.SameGoods => [.. clash.MineFirst ? [] : new[] { Fix("SkipReduced", f => f.Scope.OnlyUndiscounted = true) }, .. Join(theirs), Goods(other)],
            ClashKind.SharesUnits => [Goods(other)],
            ClashKind.SameShipping => [.. Join(theirs), Go("ChangeDates", WizardStep.Limits)],
            _ => throw new InvalidOperationException($"Nothing is known to do about {clash.Kind}."),
        };

        // Only a campaign that is in a group can be joined from here.
        ClashFix[] Join(Combining combining) => combining is { Group: { Length: > 0 } group, Exclusive: false }
            ? [new ClashFix(texts["Fix.JoinGroup", group], f => f.Group = group, WizardStep.Combining)] : [];

        // Within one class the priority says whose turn comes first.
        ClashFix[] After(Combining combining, bool mineFirst) => mineFirst ? [new ClashFix(texts["Fix.GoAfter", other.Name], f => (f.Class, f.Priority) = (other.Rules.Class, combining.Priority - 1), WizardStep.Combining)] : [];
    }

    // What the other one names is left out here, by its names, as long as something is left; else there is only to choose anew.
    private ClashFix Goods(CampaignOverlap other)
    {
        var include = other.Rules.Scope.Include;
        if (!other.HasOtherGoods || include is null or { All: true } or { IsEmpty: true })
            return Go("ChangeGoods", WizardStep.Scope);
        List<string> named = [.. include.Categories.Select(names.Category), .. include.Brands, .. include.Skus, .. include.Tags];
        var listed = string.Join(texts["ListComma"], named.Take(MostNamed)) + (named.Count > MostNamed ? texts["AndMore", named.Count - MostNamed] : "");
        return new ClashFix(texts["Fix.LeaveOut", listed], form =>
        {
            var exclude = form.Scope.Exclude;
            exclude.Categories.UnionWith(include.Categories);
            exclude.Brands.UnionWith(include.Brands);
            exclude.Skus.UnionWith(include.Skus);
            exclude.Tags.UnionWith(include.Tags);
        }, WizardStep.Scope);
    }

    private ClashFix Fix(string key, Action<CampaignForm> apply) => new(texts["Fix." + key], apply, WizardStep.Combining);

    private ClashFix Go(string key, WizardStep step) => new(texts["Fix." + key], null, step);

    private static string Share(Clash clash) => clash.Basket == 0 ? "" : (100m * clash.BothOff / clash.Basket).ToString("0.#", System.Globalization.CultureInfo.CurrentCulture);
}
