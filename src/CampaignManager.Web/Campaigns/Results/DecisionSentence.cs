using CampaignManager.Application.Experiments.Results;
using CampaignManager.Engine.Experiments.Decisions;

namespace CampaignManager.Web.Campaigns.Results;

/// <summary>A decision in an English sentence, for logs and the API.</summary>
internal static class DecisionSentence
{
    public static string Of(ResultBanner banner) => banner.Decision switch
    {
        Decision.Unhealthy => $"An alarm fires ({banner.Reason}): the figures are not to be believed.",
        Decision.NoData => banner.Reason == DecisionReason.Gate ? "Not enough buyers for a verdict." : "All customers did the same: nothing can be told.",
        Decision.Stop => "It loses money: stop it.",
        Decision.PositiveSoFar => "Positive so far; it is decided at the end.",
        Decision.DaysLeft => banner.DaysLeft is { } days ? $"Nothing can be said yet; about {days} days left." : "Nothing can be said yet.",
        Decision.Keep => banner.Reason == DecisionReason.NoHarm ? "It looks good and is shown to do no harm: keep it." : "It pays: keep it.",
        Decision.Repeat => banner.Reason == DecisionReason.NotWholeWeeks ? "It did not run for whole weeks: repeat it." : "Not measured well enough: repeat it with more customers.",
        _ => banner.Reason == DecisionReason.Guardrail ? "It pays, but a guardrail proves harm." : "Measured well, and neither a gain nor a loss is shown.",
    };
}
