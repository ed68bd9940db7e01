using CampaignManager.Engine.Offers;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns;

/// <summary>What is wrong with the form, by JSON path, for the fields to show beside themselves.</summary>
public sealed class FormErrors
{
    private Dictionary<string, string> byPath = [];

    public static FormErrors None => new();

    public int Count => byPath.Count;

    /// <summary>Where fields keep what is no number.</summary>
    public UnreadNumbers Unread { get; private init; } = [];

    public static FormErrors Of(IEnumerable<RuleError> errors, CampaignWords words, UnreadNumbers unread) => new()
    {
        byPath = errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => words.Error(g.First())),
        Unread = unread,
    };

    public bool Has(string path) => byPath.ContainsKey(path);

    public string? Text(string path) => byPath.GetValueOrDefault(path);

    /// <summary>The first sentence at or below a path.</summary>
    public string? Below(string path) => byPath.FirstOrDefault(e => e.Key.StartsWith(path, StringComparison.Ordinal)).Value;
}
