using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Offers;

/// <summary>What becomes of a reservation: confirmed, cancelled, extended, expired. Each step is one conditional update, so two at once cannot both happen.</summary>
public sealed class RedemptionLife(
    IDbContextFactory<AppDbContext> contexts, GroupCommit commits, TimeProvider time, ILogger<RedemptionLife> logger)
{
    public const int MostMinutes = 10_080;
    private const int ExpireAtOnce = 500;
    private const int ExpireTogether = 16;

    public async Task<Outcome<RedemptionView>> ConfirmAsync(Guid id, OfferCaller caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return await StepAsync(id, caller, RedemptionState.Confirmed, async (context, row, stop) => await context.Redemptions
            .Where(r => r.Id == row.Id && r.State == RedemptionState.Reserved && r.ExpiresAt > now)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, RedemptionState.Confirmed).SetProperty(r => r.ConfirmedAt, now), stop) == 1,
            cancellationToken);
    }

    public Task<Outcome<RedemptionView>> CancelAsync(Guid id, OfferCaller caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return StepAsync(
            id, caller, RedemptionState.Cancelled, (context, row, stop) => EndAsync(context, row.Id, RedemptionState.Cancelled, now, stop), cancellationToken);
    }

    /// <summary>A new deadline, so many minutes from now.</summary>
    public Task<Outcome<RedemptionView>> ExtendAsync(Guid id, int? minutes, OfferCaller caller, CancellationToken cancellationToken)
    {
        if (minutes is < 1 or > MostMinutes)
            return Task.FromResult<Outcome<RedemptionView>>(Failure.Invalid("minutes", "A reservation is extended by 1 to 10080 minutes."));
        var now = time.GetUtcNow().UtcDateTime;
        return StepAsync(id, caller, null, async (context, row, stop) =>
        {
            var usual = Math.Max(1, (int)Math.Round((row.ExpiresAt - row.ReservedAt).TotalMinutes));
            var until = now.AddMinutes(minutes ?? Math.Min(usual, 30));
            return await context.Redemptions.Where(r => r.Id == row.Id && r.State == RedemptionState.Reserved && r.ExpiresAt > now)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.ExpiresAt, until), stop) == 1;
        }, cancellationToken);
    }

    /// <summary>Ends every reservation whose time is up and gives back what it held, once.</summary>
    /// <returns>How many have expired.</returns>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var expired = 0;
        while (true)
        {
            var now = time.GetUtcNow().UtcDateTime;
            List<Guid> due;
            await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
            {
                due = await context.Redemptions.AsNoTracking().Where(r => r.State == RedemptionState.Reserved && r.ExpiresAt <= now)
                    .OrderBy(r => r.ExpiresAt).ThenBy(r => r.Id).Take(ExpireAtOnce).Select(r => r.Id).ToListAsync(cancellationToken);
            }

            // Some at a time, so that they share commits and orders come in between.
            foreach (var some in due.Chunk(ExpireTogether))
            {
                var ended = await Task.WhenAll(some.Select(id => commits.RunAsync(
                    async (context, stop) =>
                        await EndAsync(context, id, RedemptionState.Expired, now, stop) ? Change.Keep(true) : Change.Drop(false),
                    cancellationToken)));
                expired += ended.Count(e => e);
            }

            if (due.Count < ExpireAtOnce)
                break;
        }

        if (expired > 0)
            logger.LogInformation("{Count} reservations have expired and gave back what they held", expired);
        return expired;
    }

    /// <summary>Gives the counters back that a redemption holds. Call in the transaction that ends it.</summary>
    internal static async Task GiveBackAsync(AppDbContext context, Guid id, CancellationToken cancellationToken)
    {
        var parts = await context.RedemptionCampaigns.AsNoTracking().Where(p => p.RedemptionId == id && p.Counts && p.Reusable).ToListAsync(cancellationToken);
        foreach (var part in parts.OrderBy(p => p.CampaignId))
            await OfferUsage.GiveBackAsync(context, part, cancellationToken);
        await context.RedemptionCampaigns.Where(p => p.RedemptionId == id && p.Counts && p.Reusable).ExecuteUpdateAsync(s => s.SetProperty(p => p.Counts, false), cancellationToken);
    }

    private static async Task<bool> EndAsync(AppDbContext context, Guid id, RedemptionState state, DateTime now, CancellationToken cancellationToken)
    {
        var due = context.Redemptions.Where(r => r.Id == id && r.State == RedemptionState.Reserved);
        // An extension that came in between keeps the reservation.
        if (state == RedemptionState.Expired)
            due = due.Where(r => r.ExpiresAt <= now);
        var ended = await due.ExecuteUpdateAsync(
            s => s.SetProperty(r => r.State, state).SetProperty(r => r.LiveOrderId, (string?)null).SetProperty(r => r.ClosedAt, now), cancellationToken);
        if (ended == 1)
            await GiveBackAsync(context, id, cancellationToken);
        return ended == 1;
    }

    /// <param name="to">Where the step leads: being there already is success, not an error.</param>
    private Task<Outcome<RedemptionView>> StepAsync(
        Guid id, OfferCaller caller, RedemptionState? to, Func<AppDbContext, Redemption, CancellationToken, Task<bool>> step,
        CancellationToken cancellationToken) => commits.RunAsync(
        async (context, stop) =>
        {
            var row = await context.Redemptions.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.Sandbox == caller.Sandbox, stop);
            if (row is null)
                return Change.Drop<Outcome<RedemptionView>>(Failure.NotFound("The redemption"));
            var done = await step(context, row, stop);
            row = await context.Redemptions.AsNoTracking().SingleAsync(r => r.Id == id, stop);
            if (!done && row.State != to)
                return Change.Drop<Outcome<RedemptionView>>(Wrong(row));
            return Change.Keep<Outcome<RedemptionView>>(await RedemptionService.ShowAsync(context, row, stop));
        },
        cancellationToken);

    private static Failure Wrong(Redemption row) => row.State is RedemptionState.Reserved or RedemptionState.Expired
        ? Failure.Conflict("expired", "The reservation has expired.")
        : Failure.Conflict("wrong-state", $"The redemption is {OfferWords.Of(row.State)}.");
}

internal static class OfferWords
{
    public static string Of(RedemptionState state) => state switch
    {
        RedemptionState.PartlyRefunded => "partly refunded",
        _ => state.ToString().ToLowerInvariant(),
    };
}
