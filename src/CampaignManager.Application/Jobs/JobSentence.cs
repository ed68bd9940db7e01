using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CampaignManager.Application.Jobs;

/// <summary>
/// What a job tells people: a code with values, so that a page can say it in the reader's language, and the English sentence for the API and for whoever has no words for the code.
/// </summary>
/// <param name="Code">Kebab-case, e.g. <c>training-loaded</c>.</param>
public sealed partial record JobSentence(string Code, string Text, IReadOnlyList<SentenceValue> Values)
{
    /// <summary>The values are the holes of the English sentence, in their order and with their formats.</summary>
    public static JobSentence Of(string code, FormattableString text) => new(
        code,
        text.ToString(CultureInfo.InvariantCulture),
        [.. Holes().Matches(text.Format).Select(hole => Value(text.GetArgument(int.Parse(hole.Groups[1].ValueSpan, CultureInfo.InvariantCulture)), hole.Groups[2].Value))]);

    /// <summary>As it lies in the database beside its text.</summary>
    public string ToJson() => JsonSerializer.Serialize(new Stored(Code, Values), JsonSerializerOptions.Web);

    /// <summary>Null where nothing but a text was stored.</summary>
    public static JobSentence? Read(string? json, string text) =>
        json is null ? null : JsonSerializer.Deserialize<Stored>(json, JsonSerializerOptions.Web) is { } stored ? new JobSentence(stored.Code, text, stored.Values) : null;

    private static SentenceValue Value(object? argument, string format) => argument as SentenceValue ?? new SentenceValue(string.Format(CultureInfo.InvariantCulture, "{0" + format + "}", argument));

    [GeneratedRegex(@"\{(\d+)(:[^}]*)?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Holes();

    private sealed record Stored(string Code, IReadOnlyList<SentenceValue> Values);
}

/// <param name="Kind">What the text names, where readers have a word of their own for it; null is said as it is.</param>
public sealed record SentenceValue(string Text, string? Kind = null)
{
    public const string LearnerKind = "learner";

    /// <summary>Members of an average, as <c>code=share</c> with blanks between; without a share where they have none.</summary>
    public const string MembersKind = "members";

    public const string OutcomeKind = "outcome";

    /// <summary>A stage of a run, by its kebab-case name.</summary>
    public const string StageKind = "stage";

    public const string PropensityKind = "propensity";

    public static SentenceValue Learner(string name) => new(name, LearnerKind);

    public static SentenceValue Outcome(string name) => new(name, OutcomeKind);

    public override string ToString() => Text;
}
