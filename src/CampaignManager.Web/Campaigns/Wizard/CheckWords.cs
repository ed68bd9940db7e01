using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Campaigns.Wizard;

/// <summary>Lines of the checklist, and wrong fields, in words.</summary>
public sealed class CheckWords(CampaignWords words, ClashWords clashes, IStringLocalizer<CampaignTexts> campaigns, IStringLocalizer<WizardTexts> texts)
{
    public string Of(CheckItem item) => item switch
    {
        { Key: "Field", Arguments: [RuleError error] } => Wrong(error),
        { Key: "Never", Arguments: [RuleError error] } => words.Error(error),
        { Key: "Clash", Arguments: [CampaignOverlap other, Clash clash] } => texts["Check.Clash", other.Name, clashes.Of(clash, other)],
        { Key: "SegmentUnknown" or "SegmentOutdated", Arguments: [string segment, .. var others] } => texts["Check." + item.Key, [words.Names.Segment(segment), .. others]],
        _ => texts["Check." + item.Key, item.Arguments],
    };

    /// <summary>A wrong field by its name, with what is wrong.</summary>
    public string Wrong(RuleError error) => texts["FieldWrong", Label(error.Path), words.Error(error)];

    // The field as the rules' own words call it; below a grid the grid's.
    private string Label(string path)
    {
        if (path is "name" or "note" or "tags")
            return campaigns[char.ToUpperInvariant(path[0]) + path[1..]];
        var lines = RulesText.Lines(new CampaignRules(), CultureInfo.CurrentUICulture, words.Names);
        return lines.FirstOrDefault(l => path.StartsWith(l.Path, StringComparison.Ordinal))?.Label ?? texts["Step." + WizardSteps.OfField(path)];
    }
}
