using System.Globalization;
using CampaignManager.Application.Jobs;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Jobs;

/// <summary>What jobs have written, in the reader's language; where there are no words for it, the English it was written in.</summary>
public sealed class JobSentences(IStringLocalizer<JobSentenceTexts> texts, IStringLocalizer<UpliftTexts> uplift, UpliftWords words)
{
    public string Line(JobLogLine line) => Say(line.Sentence, line.Text);

    public string? Error(JobRun run) => run.Error is { } text ? Say(run.ErrorSentence, text) : null;

    public string Say(string? json, string text) =>
        JobSentence.Read(json, text) is { } sentence && texts[sentence.Code, [.. sentence.Values.Select(Value)]] is { ResourceNotFound: false } said ? said : text;

    private string Value(SentenceValue value) => value.Kind switch
    {
        SentenceValue.LearnerKind => words.Learner(value.Text),
        SentenceValue.OutcomeKind => words.Outcome(value.Text),
        SentenceValue.PropensityKind => uplift["OverlapForm_" + value.Text],
        SentenceValue.MembersKind => string.Join(", ", value.Text.Split(' ').Select(Member)),
        _ => value.Text,
    };

    private string Member(string member)
    {
        var at = member.LastIndexOf('=');
        return $"{words.Candidate(member[..at])} {double.Parse(member[(at + 1)..], CultureInfo.InvariantCulture).ToString("P0", CultureInfo.CurrentCulture)}";
    }
}
