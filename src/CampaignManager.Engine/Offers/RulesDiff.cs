using System.Globalization;

namespace CampaignManager.Engine.Offers;

/// <summary>One field that differs between two rules, in words; an empty side means that the line is not there.</summary>
public sealed record RuleChange(string Path, string Label, string Before, string After);

/// <summary>What changed between two versions of rules, as people read it.</summary>
public static class RulesDiff
{
    /// <summary>The lines that differ, in reading order; empty when the rules say the same.</summary>
    public static IReadOnlyList<RuleChange> Between(CampaignRules before, CampaignRules after, CultureInfo culture, RuleNames? names = null)
    {
        var old = RulesText.Lines(before, culture, names);
        var fresh = RulesText.Lines(after, culture, names);
        var oldByPath = old.ToDictionary(l => l.Path, StringComparer.Ordinal);
        var freshPaths = fresh.Select(l => l.Path).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. fresh.Where(l => oldByPath.GetValueOrDefault(l.Path)?.Value != l.Value)
                .Select(l => new RuleChange(l.Path, l.Label, oldByPath.GetValueOrDefault(l.Path)?.Value ?? "", l.Value)),
            .. old.Where(l => !freshPaths.Contains(l.Path)).Select(l => new RuleChange(l.Path, l.Label, l.Value, "")),
        ];
    }
}
