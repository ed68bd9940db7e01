using CampaignManager.Application.Jobs;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared.Runs;

/// <summary>How a feature says the values of its own kinds in the sentences of its jobs.</summary>
public interface ISentenceValues
{
    /// <summary>The value in the reader's language; null when it is of a kind of another feature.</summary>
    string? Say(SentenceValue value);
}

/// <summary>What jobs have written, in the reader's language; where there are no words for it, the English it was written in.</summary>
public sealed class JobSentences(
    IStringLocalizer<JobSentenceTexts> texts, JobWords words, CodedWords coded, IEnumerable<ISentenceValues> values)
{
    public string Line(JobLogLine line) => Say(line.Sentence, line.Text);

    public string? Error(JobRun run) => run.Error is { } text ? Say(run.ErrorSentence, text) : null;

    public string Say(string? json, string text)
    {
        if (JobSentence.Read(json, text) is not { } sentence)
            return text;
        string[] said = [.. sentence.Values.Select(Value)];
        return texts[sentence.Code, said] is { ResourceNotFound: false } own ? own : coded.Find("Sentence." + sentence.Code, said) ?? text;
    }

    private string Value(SentenceValue value) => value.Kind == SentenceValue.StageKind
        ? words.Stage(value.Text.Length == 0 ? null : value.Text)
        : values.Select(v => v.Say(value)).FirstOrDefault(said => said is not null) ?? value.Text;
}
