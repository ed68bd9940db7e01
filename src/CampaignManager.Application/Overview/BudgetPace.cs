using CampaignManager.Application.Campaigns;

namespace CampaignManager.Application.Overview;

public enum Pace
{
    /// <summary>Without a budget or an end there is nothing to compare.</summary>
    Unknown,
    Behind,
    OnTrack,
    Ahead,
    Spent,
}

/// <summary>A campaign that runs or is paused, and how its spending keeps step with its time.</summary>
/// <param name="SpentShare">Of the budget; null without one.</param>
/// <param name="TimeShare">Of its time; null without an end.</param>
/// <param name="RunsOutAt">When the budget is used up if spending goes on as so far, where that is before the end.</param>
public sealed record BudgetPace(
    Guid Id, string Name, CampaignStatus Status, DateTime? StartsAt, DateTime? EndsAt, string TimeZone, string Currency, long? BudgetMinor, long SpentMinor,
    double? SpentShare, double? TimeShare, Pace Pace, DateTime? RunsOutAt)
{
    // Spending may run ahead of time or behind it by a seventh before anyone should care.
    private const double Slack = 1.15;

    // In the first twentieth of its time a campaign's pace says little, unless a tenth of the budget is gone.
    private const double EarlyTime = 0.05;
    private const double EarlySpent = 0.1;

    internal static BudgetPace Of(CampaignRow campaign, DateTime now)
    {
        double? spent = campaign.BudgetMinor is > 0 and { } budget ? (double)campaign.DiscountSpentMinor / budget : null;
        double? passed = campaign is { StartsAt: { } start, EndsAt: { } end } && end > start ? Math.Clamp((now - start) / (end - start), 0, 1) : null;
        var runsOut = spent is > 0 and < 1 && campaign.StartsAt is { } from && now > from ? from + ((now - from) / spent.Value) : (DateTime?)null;
        return new BudgetPace(
            campaign.Id, campaign.Name, campaign.Status, campaign.StartsAt, campaign.EndsAt, campaign.Rules.Schedule.TimeZone, campaign.Rules.Currency, campaign.BudgetMinor, campaign.DiscountSpentMinor,
            spent, passed, Judge(spent, passed), campaign.EndsAt is { } ends && runsOut < ends && Judge(spent, passed) != Pace.Unknown ? runsOut : null);
    }

    private static Pace Judge(double? spent, double? passed) => (spent, passed) switch
    {
        (null, _) => Pace.Unknown,
        ( >= 1, _) => Pace.Spent,
        (_, null) => Pace.Unknown,
        ( < EarlySpent, < EarlyTime) => Pace.Unknown,
        var (s, t) when s > t * Slack => Pace.Ahead,
        var (s, t) when s < t / Slack => Pace.Behind,
        _ => Pace.OnTrack,
    };
}
