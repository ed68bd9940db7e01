using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>What is left of limits, budgets and codes, for one cart.</summary>
internal static class OfferUsage
{
    private static readonly Dictionary<string, CampaignUsage> NothingLeft = [];
    private static readonly Dictionary<string, long> NoCodesLeft = [];
    private static readonly ILookup<Guid, CodeInCart> NoCodes = Enumerable.Empty<CodeInCart>().ToLookup(c => c.CampaignId);

    /// <param name="context">Where to read.</param>
    /// <param name="offers">The live campaigns.</param>
    /// <param name="cart">The cart.</param>
    /// <param name="at">The moment.</param>
    /// <param name="held">What all carts share, where it is known already; null to read it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyDictionary<string, CampaignUsage>> ReadAsync(
        AppDbContext context, HeldOffers offers, Cart cart, DateTime at, UsageRows? held, CancellationToken cancellationToken)
    {
        // A code that kept the form of an earlier release is found by that form, any other by today's.
        var present = cart.Codes.Select(CouponCode.Normalise).Where(StorableText.IsKey).Distinct().ToList();
        var former = cart.Codes.Select(CouponCode.NormaliseAsBefore).Where(StorableText.IsKey).Distinct().ToList();
        List<string> typed = [.. present.Union(former)];
        var customerId = cart.CustomerId;
        var issued = typed.Count == 0 || !offers.HasIssuedCodes ? [] : await (
            from code in context.IssuedCodes.AsNoTracking()
            join batch in context.CodeBatches on code.BatchId equals batch.Id
            where code.Form == CodeForm.Present ? present.Contains(code.Normalised) : former.Contains(code.Normalised)
            // Somebody else's code is one that does not exist.
            where batch.CustomerId == null || batch.CustomerId == customerId
            select new CodeInCart(code.CampaignId, code.Normalised, code.MaxUses, code.RevokedAt != null || batch.RevokedAt != null)).ToListAsync(cancellationToken);
        var codes = issued.ToLookup(c => c.CampaignId);
        var concerned = Concerned(offers, cart, at);
        if (issued.Count > 0)
            concerned = [.. concerned.Concat(offers.ById.Values.Where(c => codes.Contains(c.Id))).DistinctBy(c => c.Id)];
        if (concerned.Count == 0)
            return NothingLeft;

        HashSet<string> keys = [.. typed];
        if (cart.CustomerId is { } customer && StorableText.IsKey(customer) && concerned.Any(c => c.Rules.Limits.UsesPerCustomer is not null))
            keys.Add(customer);
        // A campaign that has only its codes counted is not among those whose shared figures are held.
        var shared = issued.Count == 0 ? held : null;
        var own = shared is not null && keys.Count == 0 ? UsageRows.None
            : await UsageRows.ReadAsync(context, concerned, keys, shared is null ? at : null, cancellationToken);
        return Left(concerned, cart.CustomerId, at, shared ?? own, own, typed, codes);
    }

    // So few are summed up for all carts of a customer at once, sooner than it is found out which of them a cart is about.
    private const int FewLimited = 256;

    /// <summary>
    /// Whether nothing but what can be held in memory counts for a cart: none of its codes was issued one by one or has its uses counted.
    /// </summary>
    public static bool MayBeHeld(HeldOffers offers, Cart cart) => cart.Codes.Count == 0
        || (!offers.HasIssuedCodes
            && (offers.CountedCodes.Count == 0 || !cart.Codes.Any(c => offers.CountedCodes.Contains(CouponCode.Normalise(c)))));

    /// <summary>
    /// The same for a cart that <see cref="MayBeHeld"/>, priced now, from what is held in memory: for quotes, never for redeeming.
    /// </summary>
    public static async ValueTask<Usage> HeldAsync(
        HeldUsage held, HeldOffers offers, Cart cart, DateTime at, CancellationToken cancellationToken)
    {
        if (offers.Limited.Count <= FewLimited && (cart.CustomerId is not { } who || StorableText.IsKey(who)))
            return await held.LeftAsync(offers, cart.CustomerId, at, cancellationToken);
        return new Usage(await HeldOfConcernedAsync(held, offers, cart, at, cancellationToken));
    }

    public static IReadOnlyDictionary<string, CampaignUsage> LeftOf(
        IReadOnlyList<HeldCampaign> campaigns, string? customer, DateTime at, UsageRows shared, UsageRows own) =>
        Left(campaigns, customer, at, shared, own, [], NoCodes);

    private static async ValueTask<IReadOnlyDictionary<string, CampaignUsage>> HeldOfConcernedAsync(
        HeldUsage held, HeldOffers offers, Cart cart, DateTime at, CancellationToken cancellationToken)
    {
        var concerned = Concerned(offers, cart, at);
        if (concerned.Count == 0)
            return NothingLeft;
        var shared = await held.CurrentAsync(offers, cancellationToken);
        var own = UsageRows.None;
        if (cart.CustomerId is { } customer && StorableText.IsKey(customer)
            && concerned.Where(c => c.Rules.Limits.UsesPerCustomer is not null).ToList() is { Count: > 0 } limited)
            own = await held.OfCustomerAsync(customer, limited, cancellationToken);
        return LeftOf(concerned, cart.CustomerId, at, shared, own);
    }

    private static Dictionary<string, CampaignUsage> Left(
        IReadOnlyList<HeldCampaign> concerned, string? customer, DateTime at, UsageRows shared, UsageRows own, List<string> typed,
        ILookup<Guid, CodeInCart> codes)
    {
        Dictionary<string, CampaignUsage> left = new(concerned.Count);
        foreach (var campaign in concerned)
        {
            var limits = campaign.Rules.Limits;
            Dictionary<string, long>? ownCodes = null;
            foreach (var code in codes[campaign.Id].Where(c => !c.Revoked))
                (ownCodes ??= [])[code.Normalised] =
                    (code.MaxUses ?? limits.UsesPerCode ?? long.MaxValue) - own.Used(campaign.Id, UsageKind.Code, code.Normalised);
            if (campaign.Code is { } generic && limits.UsesPerCode is { } perCode && typed.Contains(generic))
                (ownCodes ??= [])[generic] = perCode - own.Used(campaign.Id, UsageKind.Code, generic);
            left.Add(campaign.Key, new CampaignUsage
            {
                BudgetLeft = campaign.BudgetMinor is { } budget ? Math.Max(0, budget - shared.Spent(campaign.Id)) : null,
                UsesLeft = limits.Uses - shared.Used(campaign.Id, UsageKind.All, ""),
                CustomerUsesLeft = customer is { } who ? limits.UsesPerCustomer - own.Used(campaign.Id, UsageKind.Customer, who) : null,
                DayUsesLeft = limits.UsesPerDay - (limits.UsesPerDay is null ? 0 : shared.Used(campaign.Id, UsageKind.Day, campaign.DayOf(at))),
                Codes = ownCodes ?? NoCodesLeft,
                RevokedCodes = [.. codes[campaign.Id].Where(c => c.Revoked).Select(c => c.Normalised)],
            });
        }

        return left;
    }

    private readonly record struct CodeInCart(Guid CampaignId, string Normalised, int? MaxUses, bool Revoked);

    /// <summary>With hundreds of live campaigns, few are about a cart's goods. Without goods the question is about all of them.</summary>
    private static IReadOnlyList<HeldCampaign> Concerned(HeldOffers offers, Cart cart, DateTime at)
    {
        if (cart.Lines.Count == 0 || offers.Limited.Count == 0)
            return offers.Limited;
        var matters = PromotionEngine.WhoseUsageMatters(cart, offers.CompiledFor(cart.CustomerId), at);
        return [.. offers.Limited.Where(c => matters.Contains(c.Key))];
    }

    /// <summary>
    /// Stores what the campaigns of a redemption give, and takes a use and the amount of each, unless a limit or the budget stands against it by now: then nothing counts
    /// and the transaction must not be committed. Campaigns in the order of their ids.
    /// </summary>
    public static async Task<bool> TakeAsync(AppDbContext context, Guid redemption, IReadOnlyList<TakenPart> parts, CancellationToken cancellationToken)
    {
        var batch = new SqlBatch(context);
        foreach (var (part, campaign, codeUses) in parts)
        {
            if (!part.Counts)
                continue;
            var limits = campaign.Rules.Limits;
            context.NoteUse(part.CustomerKey);
            var (id, amount) = (part.CampaignId, part.AmountMinor);
            // The campaign's row is the gate to its counters, so two redemptions never wait for each other.
            batch.Add($"""
                UPDATE "Campaigns" SET "DiscountSpentMinor" = "DiscountSpentMinor" + {amount}
                WHERE "Id" = {id} AND "Status" = 'Live' AND ("BudgetMinor" IS NULL OR "DiscountSpentMinor" + {amount} <= "BudgetMinor")
                """);
            Count(UsageKind.All, "", limits.Uses);
            Count(UsageKind.Customer, part.CustomerKey, limits.UsesPerCustomer);
            Count(UsageKind.Day, part.DayKey, limits.UsesPerDay);
            Count(UsageKind.Code, part.CodeKey, codeUses ?? limits.UsesPerCode);

            // SQLite and PostgreSQL both know this sentence: it counts, or finds the limit reached and changes nothing.
            void Count(UsageKind kind, string? key, int? limit)
            {
                if (key is null)
                    return;
                batch.Add($"""
                    INSERT INTO "UsageCounters" ("CampaignId", "Kind", "Key", "Used", "SpentMinor") 
                    VALUES ({id}, {(int)kind}, {key}, 1, {amount})
                    ON CONFLICT ("CampaignId", "Kind", "Key") DO UPDATE SET
                    "Used" = "UsageCounters"."Used" + 1, "SpentMinor" = "UsageCounters"."SpentMinor" + {amount}
                    WHERE "UsageCounters"."Used" < {limit ?? long.MaxValue}
                    """);
            }
        }

        foreach (var (part, _, _) in parts)
        {
            batch.Add($"""
                INSERT INTO "RedemptionCampaigns" ("RedemptionId", "CampaignId", "CampaignVersionId", "AmountMinor", "CustomerKey",
                "DayKey", "CodeKey", "Reusable", "Counts")
                VALUES ({redemption}, {part.CampaignId}, {part.CampaignVersionId}, {part.AmountMinor}, {part.CustomerKey},
                {part.DayKey}, {part.CodeKey}, {part.Reusable}, {part.Counts})
                """);
        }

        return await batch.EachChangesOneAsync(cancellationToken);
    }

    /// <summary>Gives one use and its amount back. Call in the transaction that ends the redemption.</summary>
    public static async Task GiveBackAsync(AppDbContext context, RedemptionCampaign part, CancellationToken cancellationToken)
    {
        context.NoteUse(part.CustomerKey);
        var (id, amount) = (part.CampaignId, part.AmountMinor);
        await context.Database.ExecuteSqlAsync($"""UPDATE "Campaigns" SET "DiscountSpentMinor" = "DiscountSpentMinor" - {amount} WHERE "Id" = {id}""", cancellationToken);
        foreach (var (kind, key) in KeysOf(part))
        {
            await context.UsageCounters.Where(u => u.CampaignId == id && u.Kind == kind && u.Key == key)
                .ExecuteUpdateAsync(s => s.SetProperty(u => u.Used, u => u.Used - 1).SetProperty(u => u.SpentMinor, u => u.SpentMinor - amount), cancellationToken);
        }
    }

    public static IEnumerable<(UsageKind Kind, string Key)> KeysOf(RedemptionCampaign part)
    {
        yield return (UsageKind.All, "");
        if (part.CustomerKey is { } customer)
            yield return (UsageKind.Customer, customer);
        if (part.DayKey is { } day)
            yield return (UsageKind.Day, day);
        if (part.CodeKey is { } code)
            yield return (UsageKind.Code, code);
    }
}

/// <summary>A campaign's part in a redemption that is about to be stored, and how often its code may be used.</summary>
internal readonly record struct TakenPart(RedemptionCampaign Part, HeldCampaign Campaign, int? CodeUses);
