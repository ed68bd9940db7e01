using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>Reserves what campaigns grant an order: priced on the server, counted by conditional updates, all in one transaction.</summary>
public sealed class RedemptionService(LiveOffers live, IDbContextFactory<AppDbContext> contexts, WriterGate writers, TimeProvider time)
{
    private const int Attempts = 8;
    private const int UsualMinutes = 30;

    private static readonly ReasonCode[] UsedUp = [ReasonCode.LimitReached, ReasonCode.BudgetExhausted, ReasonCode.CodeUsedUp];

    public async Task<Redeemed> RedeemAsync(RedeemRequest request, OfferCaller caller, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> contended = [];
        List<HeldCampaign> tooShort = [];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var offers = await live.CurrentAsync(cancellationToken, lookAgain: attempt > 0);
            var (answer, wanted) = await TryAsync(request, caller, offers, contended, tooShort, cancellationToken);
            if (answer is not null)
            {
                await TellShortAsync(tooShort, cancellationToken);
                return answer;
            }

            contended = wanted;
        }

        return new Redeemed(null, Failure.Conflict("busy", "Too many orders want the same campaign at this moment. Ask again."));
    }

    public async Task<RedemptionView?> GetAsync(Guid id, OfferCaller caller, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Redemptions.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.Sandbox == caller.Sandbox, cancellationToken);
        return row is null ? null : await ShowAsync(context, row, cancellationToken);
    }

    /// <summary>All redemptions of an order, the newest first: at most one of them lives.</summary>
    public async Task<Paged<RedemptionView>> ListAsync(string? orderId, PageRequest page, OfferCaller caller, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.Redemptions.AsNoTracking().Where(r => r.Sandbox == caller.Sandbox && (orderId == null || r.OrderId == orderId));
        List<RedemptionView> items = [];
        foreach (var row in await rows.OrderByDescending(r => r.ReservedAt).ThenBy(r => r.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken))
            items.Add(await ShowAsync(context, row, cancellationToken));
        return new Paged<RedemptionView>(items, await rows.CountAsync(cancellationToken));
    }

    internal static async Task<RedemptionView> ShowAsync(AppDbContext context, Redemption row, CancellationToken cancellationToken) => RedemptionView.Of(
        row, row.RefundedMinor == 0 && row.State is not (RedemptionState.PartlyRefunded or RedemptionState.Refunded)
            ? [] : await context.RedemptionRefunds.AsNoTracking().Where(f => f.RedemptionId == row.Id).ToListAsync(cancellationToken));

    /// <summary>An answer; or none and the campaigns to wait for, when another order was faster.</summary>
    private async Task<(Redeemed? Answer, IReadOnlyList<Guid> Contended)> TryAsync(
        RedeemRequest request, OfferCaller caller, HeldOffers offers, IReadOnlyList<Guid> contended, List<HeldCampaign> tooShort, CancellationToken cancellationToken)
    {
        tooShort.Clear();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.OnlyChangesUsage = true;
        using var pass = await writers.EnterAsync(context, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await context.Redemptions.AsNoTracking().SingleOrDefaultAsync(r => r.Sandbox == caller.Sandbox && r.LiveOrderId == request.OrderId, cancellationToken) is { } known)
            return (await KnownAsync(context, known, request.CallKey, cancellationToken), []);
        await LockAsync(context, contended, cancellationToken);

        var now = time.GetUtcNow();
        var at = request.At ?? now.UtcDateTime;
        var usage = await OfferUsage.ReadAsync(context, offers, request.Cart, at, null, cancellationToken);
        var settings = new QuoteSettings { ConflictResolution = offers.ConflictResolution, Explain = Explain.Full };
        var full = PromotionEngine.Quote(request.Cart, offers.Compiled, new Usage(usage), settings, at);
        if (!caller.Sandbox)
            tooShort.AddRange(full.Campaigns.Where(c => c.Reason?.Code == ReasonCode.BudgetExhausted).Select(c => offers.ById[c.Id]));
        if (Refuse(request, full, () => PromotionEngine.Quote(request.Cart, offers.Compiled, new Usage(usage), settings with { IgnoreLimits = true }, at).Total) is { } failure)
            return (new Redeemed(null, failure, new Quoted(Priced(caller.Explain), offers)), []);

        var applied = full.Campaigns.Where(c => c.Applied).ToList();
        var parts = applied.Select(c => PartOf(c, offers.ById[c.Id], request.Cart, at, caller.Sandbox)).OrderBy(p => p.Part.CampaignId).ToList();
        var minutes = applied.Count == 0 ? UsualMinutes : applied.Min(c => offers.ById[c.Id].Rules.Limits.ReservationMinutes);
        var quote = Priced(Explain.None);
        var row = new Redemption
        {
            Id = Guid.CreateVersion7(now),
            OrderId = request.OrderId,
            LiveOrderId = request.OrderId,
            Sandbox = caller.Sandbox,
            Currency = full.Currency,
            CustomerId = request.Cart.CustomerId,
            TotalMinor = full.Total,
            DiscountMinor = full.DiscountTotal + full.ShippingDiscount,
            PricedAt = at,
            InputsJson = OfferJson.Write(new QuoteInputs(request.Cart, usage, offers.ConflictResolution)),
            QuoteJson = OfferJson.Write(quote),
            CallKey = request.CallKey,
            ReservedAt = now.UtcDateTime,
            ExpiresAt = now.UtcDateTime.AddMinutes(minutes),
        };
        context.Redemptions.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The same order at the same moment: the other one has it.
            await transaction.RollbackAsync(cancellationToken);
            context.ChangeTracker.Clear();
            if (await context.Redemptions.AsNoTracking().SingleOrDefaultAsync(r => r.Sandbox == caller.Sandbox && r.LiveOrderId == request.OrderId, cancellationToken) is { } other)
                return (await KnownAsync(context, other, request.CallKey, cancellationToken), []);
            throw;
        }

        List<TakenPart> taken = [];
        foreach (var (part, campaign) in parts)
            taken.Add(new TakenPart(part, campaign, await CodeUsesAsync(context, part, cancellationToken)));
        if (!await OfferUsage.TakeAsync(context, row.Id, taken, cancellationToken))
            return (null, [.. parts.Select(p => p.Part.CampaignId)]);
        await TellSpentAsync(context, [.. parts.Where(p => p.Part.Counts && p.Campaign.Rules.Limits.Budget is not null)], usage, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (new Redeemed(RedemptionView.Of(row, [], Priced(caller.Explain)), Now: new Quoted(quote, offers)), []);

        Quote Priced(Explain explain) => explain == Explain.Full ? full : PromotionEngine.Quote(request.Cart, offers.Compiled, new Usage(usage), settings with { Explain = explain }, at);
    }

    private async Task TellShortAsync(List<HeldCampaign> tooShort, CancellationToken cancellationToken)
    {
        foreach (var campaign in tooShort)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            using var pass = await writers.EnterAsync(context, cancellationToken);
            await BudgetNews.ShortAsync(context, campaign, time.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>Tells of the budgets that the order has brought to their marks, while it still holds their campaigns' rows.</summary>
    private static async Task TellSpentAsync(
        AppDbContext context, IReadOnlyList<(RedemptionCampaign Part, HeldCampaign Campaign)> budgeted, IReadOnlyDictionary<string, CampaignUsage> usage, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (budgeted.Count == 0)
            return;
        // SQLite's one writer has spent nothing since it read; elsewhere another order may have come in between.
        var ids = budgeted.Select(p => p.Campaign.Id).ToList();
        var spent = context.Database.IsSqlite()
            ? budgeted.ToDictionary(p => p.Campaign.Id, p => p.Campaign.BudgetMinor!.Value - (usage[p.Campaign.Key].BudgetLeft ?? 0) + p.Part.AmountMinor)
            : await context.Campaigns.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.DiscountSpentMinor, cancellationToken);
        foreach (var (part, campaign) in budgeted)
            await BudgetNews.SpentAsync(context, campaign, part.AmountMinor, spent[campaign.Id], now, cancellationToken);
        if (context.ChangeTracker.HasChanges())
            await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The same call again gets its own answer; any other call for the order is refused.</summary>
    private static async Task<Redeemed> KnownAsync(AppDbContext context, Redemption known, string? callKey, CancellationToken cancellationToken) =>
        callKey is not null && known.CallKey == callKey
            ? new Redeemed(await ShowAsync(context, known, cancellationToken))
            : new Redeemed(null, Failure.Conflict("order-redeemed", $"The order has a live redemption already: {known.Id}."));

    /// <summary>After a lost race the rows are locked before anything is read, so that the next try decides. SQLite has one writer anyway.</summary>
    private static async Task LockAsync(AppDbContext context, IReadOnlyList<Guid> campaigns, CancellationToken cancellationToken)
    {
        if (!context.Database.IsNpgsql())
            return;
        foreach (var id in campaigns.Order())
            await context.Database.ExecuteSqlAsync($"""SELECT 1 FROM "Campaigns" WHERE "Id" = {id} FOR UPDATE""", cancellationToken);
    }

    private static Failure? Refuse(RedeemRequest request, Quote quote, Func<long> withoutLimits)
    {
        if (request.ExpectedTotal is { } expected)
        {
            return expected == quote.Total ? null
                : Failure.Conflict("total-changed", "The total is not the one expected. The answer has the quote as it is now.");
        }

        // Without an expected total any price is taken, but not silently the full one when what was asked for is used up.
        var spent = quote.Campaigns.Where(c => c.Reason is { } reason && UsedUp.Contains(reason.Code)).Select(c => c.Reason!.Value.Code).ToList();
        var codes = quote.Codes.Where(c => c.Reason is { } reason && UsedUp.Contains(reason.Code)).Select(c => c.Reason!.Value.Code).ToList();
        // A campaign that is used up concerns only orders that would have cost less with it.
        if (codes.Count > 0 || (spent.Count > 0 && !quote.Campaigns.Any(c => c.Applied) && withoutLimits() < quote.Total))
            return Failure.Conflict(codes.Concat(spent).First().Name(), "What the order asked for is used up. Send expectedTotal to redeem it at the price without.");
        return null;
    }

    private static async Task<int?> CodeUsesAsync(AppDbContext context, RedemptionCampaign part, CancellationToken cancellationToken) => part.CodeKey is null
        ? null
        : await context.IssuedCodes.Where(c => c.CampaignId == part.CampaignId && c.Normalised == part.CodeKey).Select(c => c.MaxUses).SingleOrDefaultAsync(cancellationToken);

    private static (RedemptionCampaign Part, HeldCampaign Campaign) PartOf(CampaignOutcome outcome, HeldCampaign campaign, Cart cart, DateTime at, bool sandbox)
    {
        var limits = campaign.Rules.Limits;
        return (new RedemptionCampaign
        {
            CampaignId = campaign.Id,
            CampaignVersionId = campaign.VersionId,
            AmountMinor = outcome.Amount,
            CustomerKey = limits.UsesPerCustomer is null ? null : cart.CustomerId,
            DayKey = limits.UsesPerDay is null ? null : campaign.DayOf(at),
            CodeKey = outcome.Code,
            Reusable = limits.ReusableOnCancel,
            Counts = !sandbox,
        }, campaign);
    }
}
