using System.Globalization;
using CampaignManager.Application.Jobs;
using CampaignManager.Web.Shared.Runs;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Uplift;

/// <summary>Learners, outcomes and the like in the sentences that trainings write.</summary>
public sealed class UpliftSentenceValues(IStringLocalizer<UpliftTexts> texts, UpliftWords words) : ISentenceValues
{
    public string? Say(SentenceValue value) => value.Kind switch
    {
        SentenceValue.LearnerKind => words.Learner(value.Text),
        SentenceValue.OutcomeKind => words.Outcome(value.Text),
        SentenceValue.PropensityKind => texts["OverlapForm_" + value.Text],
        SentenceValue.MembersKind => string.Join(", ", value.Text.Split(' ').Select(Member)),
        _ => null,
    };

    private string Member(string member)
    {
        var at = member.LastIndexOf('=');
        if (at < 0)
            return words.Candidate(member);
        var weight = double.Parse(member[(at + 1)..], CultureInfo.InvariantCulture).ToString("P0", CultureInfo.CurrentCulture);
        return $"{words.Candidate(member[..at])} {weight}";
    }
}
