using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers.TestCarts;

/// <summary>Prices carts with one campaign as if it were live, beside all live ones. Stores nothing and uses nothing up.</summary>
public sealed class TestCartService(IDbContextFactory<AppDbContext> contexts, SettingsService settings, TimeProvider time)
{
    /// <param name="campaignId">The campaign that is tried.</param>
    /// <param name="cart">The cart.</param>
    /// <param name="rules">Rules to try it with, not saved yet; null for its own.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Outcome<PricedCart>> PriceAsync(Guid campaignId, TestCart cart, CampaignRules? rules, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAny(Roles.Marketer, Roles.Manager, Roles.Admin))
            return Failure.Forbidden("Only staff try carts.");
        if (CartValidation.Read(cart.Input, "", out var wrong) is not { } read)
            return Invalid(wrong);
        var bench = await SetUpAsync(campaignId, rules, cancellationToken);
        return bench.Succeeded ? await PriceAsync(bench.Value, cart, read, cancellationToken) : bench.Failure;
    }

    internal async Task<Outcome<TestBench>> SetUpAsync(Guid campaignId, CampaignRules? rules, CancellationToken cancellationToken)
    {
        if (rules is not null && RulesValidation.Check(rules) is { Count: > 0 } wrong)
            return Invalid(wrong);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId, cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        return await TestBench.SetUpAsync(context, campaign, rules, await settings.GetAsync(cancellationToken), cancellationToken) is { } bench
            ? bench : Failure.Conflict("rules-invalid", "The campaign's rules are not valid: mend them in the editor.");
    }

    internal Task<PricedCart> PriceAsync(TestBench bench, TestCart cart, Cart read, CancellationToken cancellationToken) =>
        bench.PriceAsync(contexts, read, Moment(cart), cart.CountLimits, cancellationToken);

    internal DateTime Moment(TestCart cart) => (cart.Input.At ?? time.GetUtcNow()).UtcDateTime;

    internal static Failure Invalid(IReadOnlyList<RuleError> errors) =>
        Failure.Invalid(errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray()));
}
