using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Campaigns;

/// <summary>The columns that repeat the rules so that lists can filter and sort: always made here, from valid rules.</summary>
public sealed record CampaignColumns(
    string RulesJson, string OfferType, string Currency, long? BudgetMinor, DateTime? StartsAt, DateTime? EndsAt, string SegmentKeys)
{
    public static CampaignColumns Of(CampaignRules rules)
    {
        var interval = ScheduleInterval.ToUtc(rules.Schedule);
        return new CampaignColumns(
            Engine.Offers.RulesJson.Write(rules),
            rules.Offer.Type,
            rules.Currency,
            rules.Limits.Budget is { } budget ? Engine.Money.Currency.Get(rules.Currency).ToMinor(budget) : null,
            interval.StartUtc,
            interval.EndUtc,
            rules.Audience.AnyOf.Count == 0 ? " " : $" {string.Join(' ', rules.Audience.AnyOf)} ");
    }
}
