using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>Reserves what campaigns grant an order: priced on the server, counted by conditional updates, all in one transaction.</summary>
public sealed class RedemptionService(LiveOffers live, IDbContextFactory<AppDbContext> contexts, GroupCommit commits, TimeProvider time, EnrolAtQuote? enrol = null)
{
    private const int Attempts = 8;
    private const int UsualMinutes = 30;

    private static readonly ReasonCode[] UsedUp = [ReasonCode.LimitReached, ReasonCode.BudgetExhausted, ReasonCode.CodeUsedUp];

    public async Task<Redeemed> RedeemAsync(RedeemRequest request, OfferCaller caller, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> contended = [];
        var (again, fullPriceIsRight) = (false, false);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var offers = await live.CurrentAsync(cancellationToken, again);
            // Who redeems without having asked for a price enters here; a sandbox's orders are nobody's.
            if (attempt == 0 && !caller.Sandbox && enrol is not null)
                await enrol(request.Cart, offers, cancellationToken);
            var order = new Order(request, caller, offers, contended, fullPriceIsRight);
            var tried = await commits.RunAsync((context, stop) => TryAsync(context, order, stop), cancellationToken);
            if (tried.UsedUp is { } reason)
            {
                // A campaign that is used up concerns only orders that would have cost less with it. Asked outside of the transaction, in
                // which others wait.
                var settings = new QuoteSettings
                {
                    ConflictResolution = offers.ConflictResolution,
                    Explain = Explain.None,
                    HeldOutOfAll = offers.HoldsOutOfAll(request.Cart.CustomerId, time.GetUtcNow().UtcDateTime),
                    IgnoreLimits = true,
                };
                var without = PromotionEngine.Quote(request.Cart, offers.CompiledFor(request.Cart.CustomerId), tried.Usage!, settings, tried.At);
                fullPriceIsRight = without.Total >= tried.Now!.Quote.Total;
                if (fullPriceIsRight)
                    continue;
                tried = tried with { Answer = new Redeemed(null, UsedUpFailure(reason), tried.Now) };
            }

            if (tried.Answer is { } answer)
            {
                await TellShortAsync(tried.TooShort, cancellationToken);
                return answer;
            }

            (contended, again) = (tried.Contended, true);
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

    private async Task<Change<Tried>> TryAsync(AppDbContext context, Order order, CancellationToken cancellationToken)
    {
        var (request, caller, offers) = (order.Request, order.Caller, order.Offers);
        if (await RedemptionRows.LiveAsync(context, request.OrderId, caller.Sandbox, cancellationToken) is { } known)
            return Change.Drop(new Tried(await KnownAsync(context, known, request.CallKey, cancellationToken)));
        await LockAsync(context, order.Contended, cancellationToken);

        var now = time.GetUtcNow();
        var at = request.At ?? now.UtcDateTime;
        var usage = await OfferUsage.ReadAsync(context, offers, request.Cart, at, null, cancellationToken);
        var left = new Usage(usage);
        var (trace, quote, shown) = Price(request.Cart, caller, offers, left, at, now.UtcDateTime);
        IReadOnlyList<HeldCampaign> tooShort = caller.Sandbox ? []
            : [.. trace.Campaigns.Where(c => c.Reason?.Code == ReasonCode.BudgetExhausted).Select(c => offers.ById[c.Id])];
        if (request.ExpectedTotal is { } expected ? expected != trace.Total : FailedCode(trace) is not null || (!order.FullPriceIsRight && UsedUpBy(trace) is not null))
            return Change.Drop(Refused(request, trace, new Quoted(shown, offers)) with { TooShort = tooShort, Usage = left, At = at });

        var applied = trace.Campaigns.Where(c => c.Applied).ToList();
        var parts = applied.Select(c => PartOf(c, offers.ById[c.Id], request.Cart, at, caller.Sandbox)).OrderBy(p => p.Part.CampaignId).ToList();
        var minutes = applied.Count == 0 ? UsualMinutes : applied.Min(c => offers.ById[c.Id].Rules.Limits.ReservationMinutes);
        var row = new Redemption
        {
            Id = Guid.CreateVersion7(now),
            OrderId = request.OrderId,
            LiveOrderId = request.OrderId,
            Sandbox = caller.Sandbox,
            Currency = trace.Currency,
            CustomerId = request.Cart.CustomerId,
            TotalMinor = trace.Total,
            DiscountMinor = trace.DiscountTotal + trace.ShippingDiscount,
            PricedAt = at,
            InputsJson = OfferJson.Write(new QuoteInputs(request.Cart, usage, offers.ConflictResolution)),
            QuoteJson = OfferJson.Write(quote),
            CallKey = request.CallKey,
            ReservedAt = now.UtcDateTime,
            ExpiresAt = now.UtcDateTime.AddMinutes(minutes),
        };
        if (!await RedemptionRows.AddAsync(context, row, cancellationToken))
        {
            // The same order at the same moment: the other one has it, or had it and is to be looked for again.
            return Change.Drop(await RedemptionRows.LiveAsync(context, request.OrderId, caller.Sandbox, cancellationToken) is { } other
                ? new Tried(await KnownAsync(context, other, request.CallKey, cancellationToken)) : new Tried(null));
        }

        List<TakenPart> taken = [];
        foreach (var (part, campaign) in parts)
            taken.Add(new TakenPart(part, campaign, offers.HasIssuedCodes ? await CodeUsesAsync(context, part, cancellationToken) : null));
        if (!await OfferUsage.TakeAsync(context, row.Id, taken, cancellationToken))
            return Change.Drop(new Tried(null) { Contended = [.. parts.Select(p => p.Part.CampaignId)] });
        await TellSpentAsync(context, [.. parts.Where(p => p.Part.Counts && p.Campaign.Rules.Limits.Budget is not null)], usage, now, cancellationToken);
        var made = new Redeemed(RedemptionView.Of(row, [], shown), Now: new Quoted(quote, offers));
        return Change.Keep(new Tried(made) { TooShort = tooShort });
    }

    /// <summary>Priced once: all that is decided on, what is stored, and what the caller may see.</summary>
    private static (Quote Trace, Quote Stored, Quote Shown) Price(
        Cart cart, OfferCaller caller, HeldOffers offers, Usage usage, DateTime at, DateTime now)
    {
        var settings = new QuoteSettings { ConflictResolution = offers.ConflictResolution, HeldOutOfAll = offers.HoldsOutOfAll(cart.CustomerId, now) };
        using var priced = PromotionEngine.Price(cart, offers.CompiledFor(cart.CustomerId), usage, settings, at);
        var (trace, stored) = (priced.View(Explain.Full, nearMisses: false), priced.View(Explain.None));
        return (trace, stored, caller.Explain == Explain.None ? stored : priced.View(caller.Explain));
    }

    /// <summary>Tells of budgets too short, after the orders' own transactions.</summary>
    private async Task TellShortAsync(IReadOnlyList<HeldCampaign> tooShort, CancellationToken cancellationToken)
    {
        foreach (var campaign in tooShort)
        {
            await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
            {
                if (!await BudgetNews.IsNewsAsync(context, campaign, cancellationToken))
                    continue;
            }

            await commits.RunAsync(
                async (context, stop) =>
                {
                    await BudgetNews.ShortAsync(context, campaign, time.GetUtcNow(), stop);
                    return Change.Keep(true);
                },
                cancellationToken);
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

    private static Tried Refused(RedeemRequest request, Quote trace, Quoted now)
    {
        if (request.ExpectedTotal is not null)
        {
            var changed = Failure.Conflict("total-changed", "The total is not the one expected. The answer has the quote as it is now.");
            return new Tried(new Redeemed(null, changed, now));
        }

        return FailedCode(trace) is { } failed
            ? new Tried(new Redeemed(null, CodeFailure(failed.Code, failed.Reason), now))
            : new Tried(null) { UsedUp = UsedUpBy(trace), Now = now };
    }

    /// <summary>
    /// Without an expected total any price is taken, but not silently the full one when a code of the cart does nothing at all. Whom a campaign holds out learns no more of its
    /// code than of one that does not exist.
    /// </summary>
    private static (string Code, ReasonCode Reason)? FailedCode(Quote quote)
    {
        foreach (var code in quote.Codes)
        {
            if (code.Reason is { } reason && ReasonCodes.FailsCode(reason.Code))
                return (code.Code, reason.Code == ReasonCode.Holdout ? ReasonCode.CodeUnknown : reason.Code);
        }

        return null;
    }

    private static Failure CodeFailure(string code, ReasonCode reason) => reason switch
    {
        ReasonCode.CodeUnknown => Failed($"The code '{code}' is not known.", reason),
        ReasonCode.CodeRevoked => Failed($"The code '{code}' has been revoked.", reason),
        ReasonCode.Ended => Failed($"The campaign of the code '{code}' has ended.", reason),
        ReasonCode.Paused => Failed($"The campaign of the code '{code}' is paused.", reason),
        _ => UsedUpFailure(reason),
    };

    private static Failure Failed(string sentence, ReasonCode reason) => Failure.Conflict(reason.Name(), sentence + " Send expectedTotal to redeem the order at the price without.");

    /// <summary>Where no campaign applies, one that is used up.</summary>
    private static ReasonCode? UsedUpBy(Quote quote)
    {
        if (quote.Applied.Count > 0)
            return null;
        foreach (var campaign in quote.Campaigns)
        {
            if (campaign.Reason is { } reason && UsedUp.Contains(reason.Code))
                return reason.Code;
        }

        return null;
    }

    private static Failure UsedUpFailure(ReasonCode reason) =>
        Failure.Conflict(reason.Name(), "What the order asked for is used up. Send expectedTotal to redeem it at the price without.");

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

    private sealed record Order(
        RedeemRequest Request, OfferCaller Caller, HeldOffers Offers, IReadOnlyList<Guid> Contended, bool FullPriceIsRight);

    /// <param name="Answer">The answer; null where another try, or a look outside of the transaction, decides.</param>
    private sealed record Tried(Redeemed? Answer)
    {
        /// <summary>Another order was faster: the campaigns to wait for.</summary>
        public IReadOnlyList<Guid> Contended { get; init; } = [];

        /// <summary>
        /// A campaign that might have made the order cheaper is used up; <see cref="Now"/> is the price without it, with what is left and
        /// the moment.
        /// </summary>
        public ReasonCode? UsedUp { get; init; }

        public Quoted? Now { get; init; }

        public Usage? Usage { get; init; }

        public DateTime At { get; init; }

        public IReadOnlyList<HeldCampaign> TooShort { get; init; } = [];
    }
}
