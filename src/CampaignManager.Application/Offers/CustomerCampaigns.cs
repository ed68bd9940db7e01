using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>What is known of the customer, as a cart would say it.</summary>
public sealed record CustomerQuestion(string Id, IReadOnlyList<string> Segments, bool? IsNew, string? Channel, string? Region);

/// <param name="Eligible">The campaign is for the customer, now, if the cart fits.</param>
/// <param name="Why">Why not, or that it is; kebab-case.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="Arm"><c>treatment</c> or <c>control</c>; null when nobody is held out, or when the caller may not know.</param>
public sealed record CustomerCampaign(Guid CampaignId, string Name, bool Eligible, string Why, string Message, string? Arm);

/// <summary>Which live campaigns a customer may have, without a cart.</summary>
public sealed class CustomerCampaigns(LiveOffers live, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    // What only a cart can decide does not stand against the customer.
    private static readonly ReasonCode[] CartDecides = [ReasonCode.NothingInScope, ReasonCode.BelowThreshold, ReasonCode.NoEffect, ReasonCode.LostInGroup, ReasonCode.ExcludedBy];

    /// <param name="question">Whom it is about.</param>
    /// <param name="explain">How much is told.</param>
    /// <param name="culture">Of the sentences.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="blind">As if nobody were held out: neither an arm nor what follows from it is told.</param>
    public async Task<IReadOnlyList<CustomerCampaign>> ListAsync(
        CustomerQuestion question, Explain explain, CultureInfo culture, CancellationToken cancellationToken, bool blind = false)
    {
        var offers = await live.CurrentAsync(cancellationToken);
        var at = time.GetUtcNow().UtcDateTime;
        var settings = new QuoteSettings { ConflictResolution = offers.ConflictResolution, Explain = Explain.Full, IgnoreHoldouts = true };
        List<CustomerCampaign> rows = [];
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var currency in offers.ById.Values.Where(c => c.Status == CampaignStatus.Live).Select(c => c.Rules.Currency).Distinct().Order(StringComparer.Ordinal))
        {
            var cart = new Cart { Currency = currency, CustomerId = question.Id, Segments = question.Segments, IsNew = question.IsNew, Channel = question.Channel, Region = question.Region, Lines = [] };
            var usage = new Usage(await OfferUsage.ReadAsync(context, offers, cart, at, null, cancellationToken));
            var words = new QuoteWords(currency, culture);
            foreach (var outcome in PromotionEngine.Quote(cart, offers.Compiled, usage, settings, at).Campaigns)
            {
                var campaign = offers.ById[outcome.Id];
                if (campaign.Rules.Currency == currency && campaign.Status == CampaignStatus.Live && Row(campaign, outcome, usage.Of(outcome.Id), blind ? null : question.Id, !blind && offers.HoldsOutOfAll(question.Id, at), explain, words) is { } row)
                    rows.Add(row);
            }
        }

        return rows;
    }

    private static CustomerCampaign? Row(HeldCampaign campaign, CampaignOutcome outcome, CampaignUsage? left, string? customer, bool ofAll, Explain explain, QuoteWords words)
    {
        var held = ofAll || customer is not null && campaign is { Salt: { } salt, HoldoutShare: > 0 and var share } && Assignment.IsControl(salt, customer, share);
        var reason = outcome.Reason ?? new QuoteReason(ReasonCode.Applied);
        if (CartDecides.Contains(reason.Code))
            reason = UsedUp(left) ?? new QuoteReason(ReasonCode.Applied);
        if (held && reason.Code is (ReasonCode.Applied or ReasonCode.CodeRequired))
            reason = new QuoteReason(ReasonCode.Holdout);
        // A shopper's answer shows neither arms nor campaigns that only a code opens.
        if (explain != Explain.Full && (held || reason.Code == ReasonCode.CodeRequired))
            return null;
        return new CustomerCampaign(
            campaign.Id, campaign.Name, reason.Code is ReasonCode.Applied or ReasonCode.CodeRequired, reason.Code == ReasonCode.Applied ? "eligible" : reason.Code.Name(), words.Of(reason),
            explain != Explain.Full || (campaign.HoldoutShare == 0 && !ofAll) || customer is null ? null : held ? "control" : "treatment");
    }

    // Pricing looks at limits only once there are goods in scope.
    private static QuoteReason? UsedUp(CampaignUsage? left) =>
        left?.UsesLeft <= 0 ? new QuoteReason(ReasonCode.LimitReached) { Limit = "uses" }
        : left?.CustomerUsesLeft <= 0 ? new QuoteReason(ReasonCode.LimitReached) { Limit = "usesPerCustomer" }
        : left?.DayUsesLeft <= 0 ? new QuoteReason(ReasonCode.LimitReached) { Limit = "usesPerDay" }
        : left?.BudgetLeft <= 0 ? new QuoteReason(ReasonCode.BudgetExhausted)
        : null;
}
