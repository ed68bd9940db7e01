using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers.TestCarts;

/// <summary>An example priced again.</summary>
/// <param name="Id">The example.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">What accepting another price answers to.</param>
/// <param name="Cart">Its cart.</param>
/// <param name="Expected">The price that was accepted.</param>
/// <param name="Actual">The price now.</param>
/// <param name="Differences">Empty: it passes.</param>
/// <param name="AcceptedByName">Who accepted the expected price.</param>
/// <param name="AcceptedAt">When, UTC.</param>
public sealed record ExampleCheck(
    Guid Id, string Name, int Version, TestCart Cart, ExamplePrice Expected, ExamplePrice Actual, IReadOnlyList<ExampleDifference> Differences, string AcceptedByName, DateTime AcceptedAt)
{
    public bool Passes => Differences.Count == 0;
}

/// <summary>Keeps carts as examples of what a campaign should give, and checks them.</summary>
public sealed class CartExampleService(IDbContextFactory<AppDbContext> contexts, TestCartService carts, TimeProvider time)
{
    public const int LongestName = 100;
    public const int MostExamples = 50;

    /// <summary>Who keeps a campaign's examples: its owner, managers and admins, whatever its status.</summary>
    public static bool MayKeep(CampaignStake stake, Actor actor) =>
        actor.IsAny(Roles.Manager, Roles.Admin) || (actor.Is(Roles.Marketer) && stake.OwnerId == actor.Id);

    /// <summary>Prices all examples of a campaign again, by name.</summary>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="rules">Rules that are not saved yet; null for its own.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Outcome<IReadOnlyList<ExampleCheck>>> CheckAsync(Guid campaignId, CampaignRules? rules, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var examples = await context.CartExamples.AsNoTracking().Where(e => e.CampaignId == campaignId).OrderBy(e => e.Name).ThenBy(e => e.Id).ToListAsync(cancellationToken);
        if (examples.Count == 0)
            return Outcome<IReadOnlyList<ExampleCheck>>.Of([]);
        var bench = await carts.SetUpAsync(campaignId, rules, cancellationToken);
        if (!bench.Succeeded)
            return bench.Failure;
        List<ExampleCheck> checks = [];
        foreach (var example in examples)
            checks.Add(await CheckAsync(example, bench.Value, cancellationToken));
        return Outcome<IReadOnlyList<ExampleCheck>>.Of(checks);
    }

    /// <summary>Keeps a cart with the price it has now. A cart without a moment keeps this one, so that it is always priced at the same.</summary>
    public async Task<Outcome<Guid>> SaveAsync(Guid campaignId, string? name, TestCart cart, Actor actor, CancellationToken cancellationToken)
    {
        var called = (name ?? "").Trim();
        if (called.Length is 0 or > LongestName)
            return Failure.Invalid("name", "An example needs a name of at most 100 characters.");
        if (!called.IsOneLine())
            return Failure.Invalid("name", OneLine.Rule);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await RefuseAsync(context, campaignId, actor, cancellationToken) is { } refused)
            return refused;
        var now = time.GetUtcNow();
        var kept = cart with { Input = cart.Input with { At = carts.Moment(cart) } };
        var priced = await carts.PriceAsync(campaignId, kept, null, actor, cancellationToken);
        if (!priced.Succeeded)
            return priced.Failure;
        if (priced.Value.Quote.Lines.Count == 0)
            return Failure.Invalid("lines", "An example needs at least one line.");

        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var own = context.CartExamples.Where(e => e.CampaignId == campaignId);
        if (await own.AnyAsync(e => e.Name == called, cancellationToken))
            return Failure.Conflict("example-name-taken", "The campaign has an example of this name.");
        if (await own.CountAsync(cancellationToken) >= MostExamples)
            return Failure.Conflict("examples-many", "A campaign has at most 50 examples.");
        var example = new CartExample
        {
            Id = Guid.CreateVersion7(now),
            CampaignId = campaignId,
            Name = called,
            CartJson = JsonSerializer.Serialize(kept, RulesJson.Options),
            ExpectedJson = JsonSerializer.Serialize(ExamplePrice.Of(priced.Value), RulesJson.Options),
            AcceptedByName = actor.Name,
            AcceptedAt = now.UtcDateTime,
            CreatedAt = now.UtcDateTime,
        };
        context.CartExamples.Add(example);
        context.AddActivity(campaignId, "example-saved", called, actor, now);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return example.Id;
    }

    /// <summary>Takes the price that a person has seen as the expected one, if the cart still has it.</summary>
    public async Task<Outcome> AcceptAsync(Guid id, int expectedVersion, ExamplePrice seen, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var example = await context.CartExamples.SingleOrDefaultAsync(e => e.Id == id, cancellationToken);
        if (example is null)
            return Failure.NotFound("The example");
        if (await RefuseAsync(context, example.CampaignId, actor, cancellationToken) is { } refused)
            return refused;
        // A new price is right because somebody says so.
        if (actor.Id == Actor.System.Id)
            return Failure.Forbidden("Only a person accepts a new result.");
        var bench = await carts.SetUpAsync(example.CampaignId, null, cancellationToken);
        if (!bench.Succeeded)
            return bench.Failure;
        var check = await CheckAsync(example, bench.Value, cancellationToken);
        if (example.Version != expectedVersion || ExamplePrice.Between(seen, check.Actual).Count > 0)
            return new Failure(FailureKind.Stale, "example-stale", "The result has changed in the meantime. Look at it again.");
        if (check.Passes)
            return Outcome.Success;
        var now = time.GetUtcNow();
        example.ExpectedJson = JsonSerializer.Serialize(check.Actual, RulesJson.Options);
        example.AcceptedByName = actor.Name;
        example.AcceptedAt = now.UtcDateTime;
        example.Version++;
        context.AddActivity(example.CampaignId, "example-accepted", example.Name, actor, now);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Failure(FailureKind.Stale, "example-stale", "The result has changed in the meantime. Look at it again.");
        }

        return Outcome.Success;
    }

    public async Task<Outcome> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var example = await context.CartExamples.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellationToken);
        if (example is null)
            return Failure.NotFound("The example");
        if (await RefuseAsync(context, example.CampaignId, actor, cancellationToken) is { } refused)
            return refused;
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await context.CartExamples.Where(e => e.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
            return Failure.NotFound("The example");
        context.AddActivity(example.CampaignId, "example-deleted", example.Name, actor, time.GetUtcNow());
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Outcome.Success;
    }

    private async Task<ExampleCheck> CheckAsync(CartExample example, TestBench bench, CancellationToken cancellationToken)
    {
        var cart = JsonSerializer.Deserialize<TestCart>(example.CartJson, RulesJson.Options)!;
        var expected = JsonSerializer.Deserialize<ExamplePrice>(example.ExpectedJson, RulesJson.Options)!;
        var read = CartValidation.Read(cart.Input, "", out var wrong)
            ?? throw new InvalidOperationException($"The example {example.Id} is no valid cart: {wrong[0].Path}: {wrong[0].Message}");
        var actual = ExamplePrice.Of(await carts.PriceAsync(bench, cart, read, cancellationToken));
        return new ExampleCheck(example.Id, example.Name, example.Version, cart, expected, actual, ExamplePrice.Between(expected, actual), example.AcceptedByName, example.AcceptedAt);
    }

    private static async Task<Failure?> RefuseAsync(AppDbContext context, Guid campaignId, Actor actor, CancellationToken cancellationToken)
    {
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId, cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        return MayKeep(CampaignView.StakeOf(campaign), actor) ? null : Failure.Forbidden("Only the owner or a manager keeps a campaign's examples.");
    }
}
