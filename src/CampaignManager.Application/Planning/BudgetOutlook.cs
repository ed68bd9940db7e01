using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Planning;

/// <summary>How far a campaign's budget reaches at the predicted pace; days by the campaign's own clock.</summary>
/// <param name="Left">What is left of the budget, major units.</param>
/// <param name="Cost">Discounts expected until the end.</param>
/// <param name="Day">When it is used up; null when it lasts.</param>
/// <param name="EarliestDay">The same where discounts come to the upper end of their interval.</param>
/// <param name="DaysBeforeEnd">Whole days that it falls short.</param>
public sealed record BudgetOutlook(double Left, double Cost, string Currency, DateOnly? Day, DateOnly? EarliestDay, int? DaysBeforeEnd)
{
    internal static BudgetOutlook? Of(
        CampaignRules rules, double budget, long spentMinor, DateTime? startsAt, DateTime? endsAt, CampaignPrediction predicted,
            DateTime now)
    {
        var from = startsAt is { } start && start > now ? start : now;
        // Without an end the discounts fall into the days after a customer enters.
        var whole = endsAt is { } ends ? (ends - (startsAt ?? from)).TotalDays : predicted.WindowDays;
        var left = endsAt is { } end ? (end - from).TotalDays : predicted.WindowDays;
        if (whole <= 0 || left <= 0)
            return null;
        var share = Math.Min(1, left / whole);
        var spent = (double)Engine.Money.Currency.Get(rules.Currency).ToMajor(spentMinor);
        var (cost, high) = (share * predicted.Total.DiscountCost, share * predicted.Total.DiscountCostHigh);
        var reach = BudgetEnd.Of(Math.Max(0, budget - spent), cost, high, left);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(rules.Schedule.TimeZone);
        DateOnly? DayAt(double? days) =>
            days is { } d ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(from.AddDays(d), zone)) : null;
        return new BudgetOutlook(
            Math.Max(0, budget - spent), cost, rules.Currency, DayAt(reach.Days), DayAt(reach.EarliestDays),
            reach.Days is { } until ? (int)Math.Floor(left - until) : null);
    }
}
