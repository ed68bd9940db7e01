using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Experiments;

/// <summary>A campaign that has exposures in the lake.</summary>
internal sealed record MeasuredCampaign(Guid Id, string Name, CampaignRules Rules);

/// <summary>Exposures with the same campaign, share of the treated and closing day: an experiment, or a day's part of one.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Propensity">Planned share of the treated.</param>
/// <param name="ClosedOn">Local day on which their windows closed; null while they are open.</param>
internal sealed record Cohort(Guid Campaign, double Propensity, DateOnly? ClosedOn);

/// <summary>Addable sums of one arm of a cohort; money in major units.</summary>
internal sealed record ArmSums(Cohort Cohort, bool Treated, ArmStatistics Converted, ArmStatistics Revenue, ArmStatistics Margin, ArmStatistics Discount, double MarginTimesDiscount, DateOnly LastCloses)
{
    public ArmSums Plus(ArmSums other) => this with
    {
        Converted = Converted + other.Converted,
        Revenue = Revenue + other.Revenue,
        Margin = Margin + other.Margin,
        Discount = Discount + other.Discount,
        MarginTimesDiscount = MarginTimesDiscount + other.MarginTimesDiscount,
        LastCloses = LastCloses > other.LastCloses ? LastCloses : other.LastCloses,
    };
}

/// <summary>Customers of one arm and lifecycle at assignment; with a category, those of them who bought from it.</summary>
internal sealed record BuyerCount(Cohort Cohort, bool Treated, string Lifecycle, string? Category, long Customers);

/// <summary>One arm's revenue on the n-th day after assignment; only closed windows.</summary>
internal sealed record DayRevenue(Cohort Cohort, bool Treated, int Day, double Sum, double SumOfSquares);

/// <summary>Everything the overview reads from the lake, aggregated so that any period is a sum of it.</summary>
internal sealed record MeasuredWindows(
    DateOnly LastDay,
    string Currency,
    IReadOnlyList<string> Categories,
    IReadOnlyDictionary<Guid, MeasuredCampaign> Campaigns,
    IReadOnlyList<ArmSums> Arms,
    IReadOnlyList<BuyerCount> Buyers,
    IReadOnlyList<DayRevenue> Days);
