using CampaignManager.Engine.Offers;

namespace CampaignManager.Web.Campaigns;

/// <summary>What is wrong with the form, by JSON path, for the fields to show beside themselves.</summary>
public sealed class FormErrors
{
    private Dictionary<string, string> byPath = [];

    public static FormErrors None => new();

    public int Count => byPath.Count;

    public static FormErrors Of(IEnumerable<RuleError> errors, CampaignWords words) =>
        new() { byPath = errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => words.Error(g.First())) };

    public bool Has(string path) => byPath.ContainsKey(path);

    public string? Text(string path) => byPath.GetValueOrDefault(path);

    /// <summary>The first sentence at or below a path.</summary>
    public string? Below(string path) => byPath.FirstOrDefault(e => e.Key.StartsWith(path, StringComparison.Ordinal)).Value;
}
