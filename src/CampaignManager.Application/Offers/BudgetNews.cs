using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Webhooks;
using CampaignManager.Engine.Money;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>
/// Tells once of each budget that four fifths of it are spent, and once that it is exhausted: used to its last unit, or too little left for an order that wanted more. A
/// budget topped up is another budget.
/// </summary>
internal static class BudgetNews
{
    private const int Low = 80;

    /// <summary>Call after the spending, in its transaction: the campaign's row is locked by it, so every crossing is seen by exactly one order.</summary>
    /// <param name="amount">What the order has just taken.</param>
    /// <param name="spent">What is spent with it.</param>
    public static async Task SpentAsync(AppDbContext context, HeldCampaign campaign, long amount, long spent, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (campaign.BudgetMinor is not { } budget)
            return;
        if (Share(spent - amount, budget) < Low && Share(spent, budget) >= Low)
            await TellAsync(context, campaign, WebhookTopics.BudgetLow, spent, budget, at, cancellationToken);
        if (spent - amount < budget && spent >= budget)
            await TellAsync(context, campaign, WebhookTopics.BudgetExhausted, spent, budget, at, cancellationToken);
    }

    /// <summary>
    /// Somebody wants to know that the campaign's budget is exhausted, and has not been told. Where orders are turned away by the
    /// hundred, this is all they ask.
    /// </summary>
    public static async Task<bool> IsNewsAsync(AppDbContext context, HeldCampaign campaign, CancellationToken cancellationToken)
    {
        if (campaign.BudgetMinor is not { } budget)
            return false;
        var (key, wanted) = (Key(campaign, WebhookTopics.BudgetExhausted, budget), $" {WebhookTopics.BudgetExhausted} ");
        return await context.Webhooks.AnyAsync(w => w.Active && w.Topics.Contains(wanted), cancellationToken)
            && !await context.WebhookEvents.AnyAsync(e => e.Key == key, cancellationToken);
    }

    /// <summary>
    /// An order got nothing of the campaign because its budget is too short. Call in a transaction after the order's own: that one locks
    /// campaigns in the order of their ids, and a lock out of turn would have two orders wait for each other. Nothing is lost by it: the
    /// next order turned away tells what a crash kept this one from telling.
    /// </summary>
    public static async Task ShortAsync(AppDbContext context, HeldCampaign campaign, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (campaign.BudgetMinor is not { } budget)
            return;
        // Of two orders turned away at once the second finds what the first has told.
        if (context.Database.IsNpgsql())
            await context.Database.ExecuteSqlAsync($"""SELECT 1 FROM "Campaigns" WHERE "Id" = {campaign.Id} FOR UPDATE""", cancellationToken);
        var spent = await context.Campaigns.Where(c => c.Id == campaign.Id).Select(c => c.DiscountSpentMinor).SingleOrDefaultAsync(cancellationToken);
        await TellAsync(context, campaign, WebhookTopics.BudgetExhausted, spent, budget, at, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
    }

    private static decimal Share(long spent, long budget) => budget == 0 ? 100 : 100m * spent / budget;

    private static string Key(HeldCampaign campaign, string topic, long budget) => string.Create(CultureInfo.InvariantCulture, $"{topic}:{campaign.Id}:{budget}");

    private static Task TellAsync(AppDbContext context, HeldCampaign campaign, string topic, long spent, long budget, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var currency = Currency.Get(campaign.Rules.Currency);
        return context.TellAsync(
            topic,
            Key(campaign, topic, budget),
            new
            {
                campaignId = campaign.Id,
                campaign.Name,
                currency = currency.Code,
                budget = currency.ToMajor(budget),
                spent = currency.ToMajor(spent),
                left = currency.ToMajor(Math.Max(0, budget - spent)),
                percent = Math.Round(Share(spent, budget), 2),
            },
            at,
            cancellationToken);
    }
}
