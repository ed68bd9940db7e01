using System.Globalization;
using System.Text.RegularExpressions;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Campaigns.Wizard;

/// <summary>Lines of the checklist, and wrong fields, in words.</summary>
public sealed partial class CheckWords(CampaignWords words, ClashWords clashes, IStringLocalizer<CampaignTexts> campaigns, IStringLocalizer<WizardTexts> texts)
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

    // The field as the rules' own words call it, and below it the row and what the row's field is called where it is typed.
    private string Label(string path)
    {
        if (path is "name" or "note" or "tags")
            return campaigns[char.ToUpperInvariant(path[0]) + path[1..]];
        var lines = RulesText.Lines(new CampaignRules(), CultureInfo.CurrentUICulture, words.Names);
        List<string> parts = [lines.FirstOrDefault(l => path.StartsWith(l.Path, StringComparison.Ordinal))?.Label ?? texts["Step." + WizardSteps.OfField(path)]];
        if (Row().Match(path) is { Success: true } row)
            parts.Add(texts["FieldRow", int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture) + 1]);
        if (path.StartsWith("offer.", StringComparison.Ordinal) && Typed(path[(path.LastIndexOf('.') + 1)..]) is { } field)
            parts.Add(field);
        return string.Join(texts["ListComma"], parts);
    }

    private string? Typed(string field) => field switch
    {
        "spend" => campaigns["SpendFrom"].Value,
        "off" or "amount" => campaigns["Saves"].Value,
        "percent" => campaigns["PercentOff"].Value,
        "every" => campaigns["OnEvery"].Value,
        "cap" => campaigns["AtMost"].Value,
        "maxTimes" => campaigns["MaxTimes"].Value,
        "price" => texts["UnitPrice"].Value,
        "quantity" or "maxUnits" => texts["Units"].Value,
        "sku" => texts["GiftSku"].Value,
        "giftQuantity" => texts["GiftCount"].Value,
        "value" => texts["GiftValue"].Value,
        _ => null,
    };

    [GeneratedRegex(@"\[(\d+)\]")]
    private static partial Regex Row();
}
