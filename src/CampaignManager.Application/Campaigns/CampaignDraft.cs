using System.Globalization;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Campaigns;

/// <summary>What a person writes when making or changing a campaign.</summary>
public sealed record CampaignDraft(string Name, CampaignRules Rules, string? Note = null, IReadOnlyList<string>? Tags = null)
{
    public const int LongestName = 200;
    public const int LongestNote = 2000;
    public const int LongestTag = 30;
    public const int MostTags = 9;

    /// <summary>Tags as they are stored: trimmed, lower case, each once.</summary>
    public IReadOnlyList<string> CleanTags =>
        [.. (Tags ?? []).Select(t => t?.Trim().ToLowerInvariant() ?? "").Where(t => t.Length > 0).Distinct()];

    /// <summary>Everything wrong with it, by JSON path.</summary>
    public IReadOnlyList<RuleError> Check()
    {
        List<RuleError> errors = [];
        if (string.IsNullOrWhiteSpace(Name))
            Add("name", "name-missing", "A campaign needs a name.");
        else if (Name.Trim().Length > LongestName)
            AddLength("name", LongestName);
        else if (!Name.Trim().IsOneLine())
            Add("name", "name-control", OneLine.Rule);
        if (Note?.Length > LongestNote)
            AddLength("note", LongestNote);
        if (CleanTags.Any(t => t.Length > LongestTag || t.Any(char.IsWhiteSpace) || !t.IsOneLine()))
            Add("tags", "tag-shape", "A tag is one word of at most 30 characters.");
        if (CleanTags.Count > MostTags)
            Add("tags", "tags-many", "A campaign has at most 9 tags.");
        errors.AddRange(RulesValidation.Check(Rules));
        for (var i = 0; i < Rules.Scope.PerSegment.Count; i++)
        {
            // What goods an offer covers is learnt from as of each customer's assignment, and nobody knows how a customer ranked then.
            if (Rules.Scope.PerSegment[i]?.Segment is not { } key)
                continue;
            if (UpliftSegments.Has(key))
                Add($"scope.perSegment[{i}].segment", "segment-by-uplift", "Goods can differ by where customers stand or what they like, not by predicted uplift. Choose the audience by it instead.");
            else if (SegmentKeys.IsOwn(key))
                Add($"scope.perSegment[{i}].segment", "segment-of-own", "Goods can differ by where customers stand or what they like, not by a saved audience. Make a campaign for it instead.");
        }

        return errors;

        void Add(string path, string code, string message, params string[] arguments) => errors.Add(new RuleError(path, code, message, arguments));

        void AddLength(string path, int most)
        {
            var figure = most.ToString(CultureInfo.InvariantCulture);
            Add(path, "too-long", $"At most {figure} characters.", figure);
        }
    }

    internal Failure? Failure() => FailureOf(Check());

    /// <summary>The refusal of what is wrong; null when nothing is.</summary>
    internal static Failure? FailureOf(IReadOnlyList<RuleError> errors) => errors.Count == 0
        ? null
        : Application.Failure.Invalid(errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray()));
}
