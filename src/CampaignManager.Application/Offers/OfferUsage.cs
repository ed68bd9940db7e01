using CampaignManager.Application.Data;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>What is left of limits, budgets and codes, for one cart.</summary>
internal static class OfferUsage
{
    public static async Task<IReadOnlyDictionary<string, CampaignUsage>> ReadAsync(AppDbContext context, HeldOffers offers, Cart cart, DateTime at, CancellationToken cancellationToken)
    {
        Dictionary<string, CampaignUsage> left = [];
        var typed = cart.Codes.Select(CouponCode.Normalise).Where(StorableText.IsKey).Distinct().ToList();
        var issued = typed.Count == 0 ? [] : await (
            from code in context.IssuedCodes.AsNoTracking()
            join batch in context.CodeBatches on code.BatchId equals batch.Id
            where typed.Contains(code.Normalised) && code.RevokedAt == null && batch.RevokedAt == null
            select new { code.CampaignId, code.Normalised, code.MaxUses }).ToListAsync(cancellationToken);
        var codes = issued.ToLookup(c => c.CampaignId);
        var concerned = offers.Limited.Concat(offers.ById.Values.Where(c => codes.Contains(c.Id))).DistinctBy(c => c.Id).ToList();
        if (concerned.Count == 0)
            return left;

        var ids = concerned.Select(c => c.Id).ToList();
        var keys = typed.Append("").Concat(concerned.Where(c => c.Rules.Limits.UsesPerDay is not null).Select(c => c.DayOf(at))).ToHashSet();
        if (cart.CustomerId is { } customer && StorableText.IsKey(customer))
            keys.Add(customer);
        var counters = (await context.UsageCounters.AsNoTracking().Where(u => ids.Contains(u.CampaignId) && keys.Contains(u.Key)).ToListAsync(cancellationToken))
            .ToDictionary(u => (u.CampaignId, u.Kind, u.Key), u => u.Used);
        var budgeted = concerned.Where(c => c.Rules.Limits.Budget is not null).Select(c => c.Id).ToList();
        var spent = budgeted.Count == 0 ? [] : await context.Campaigns.AsNoTracking().Where(c => budgeted.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, c => c.DiscountSpentMinor, cancellationToken);
        foreach (var campaign in concerned)
        {
            var limits = campaign.Rules.Limits;
            Dictionary<string, long> own = [];
            foreach (var code in codes[campaign.Id])
                own[code.Normalised] = (code.MaxUses ?? limits.UsesPerCode ?? long.MaxValue) - Used(campaign, UsageKind.Code, code.Normalised);
            if (campaign.Code is { } generic && limits.UsesPerCode is { } perCode && typed.Contains(generic))
                own[generic] = perCode - Used(campaign, UsageKind.Code, generic);
            left.Add(campaign.Id.ToString(), new CampaignUsage
            {
                BudgetLeft = limits.Budget is { } budget ? Math.Max(0, Currency.Get(campaign.Rules.Currency).ToMinor(budget) - spent.GetValueOrDefault(campaign.Id)) : null,
                UsesLeft = limits.Uses - Used(campaign, UsageKind.All, ""),
                CustomerUsesLeft = cart.CustomerId is { } who ? limits.UsesPerCustomer - Used(campaign, UsageKind.Customer, who) : null,
                DayUsesLeft = limits.UsesPerDay - Used(campaign, UsageKind.Day, campaign.DayOf(at)),
                Codes = own,
            });
        }

        return left;

        long Used(HeldCampaign campaign, UsageKind kind, string key) => counters.GetValueOrDefault((campaign.Id, kind, key));
    }

    /// <summary>Takes one use and its amount, unless a limit or the budget stands against it by now. Call in a transaction, campaigns in the order of their ids.</summary>
    /// <returns>What the campaign has spent with it; null when it could not be taken.</returns>
    public static async Task<long?> TakeAsync(AppDbContext context, RedemptionCampaign part, HeldCampaign campaign, int? codeUses, CancellationToken cancellationToken)
    {
        var limits = campaign.Rules.Limits;
        var (id, amount) = (part.CampaignId, part.AmountMinor);
        // The campaign's row is the gate to its counters, so two redemptions never wait for each other.
        var spent = await context.Database.SqlQuery<long>(
            $"""
            UPDATE "Campaigns" SET "DiscountSpentMinor" = "DiscountSpentMinor" + {amount}
            WHERE "Id" = {id} AND "Status" = 'Live' AND ("BudgetMinor" IS NULL OR "DiscountSpentMinor" + {amount} <= "BudgetMinor")
            RETURNING "DiscountSpentMinor" AS "Value"
            """).ToListAsync(cancellationToken);
        var counted = spent.Count == 1
            && await CountAsync(context, id, UsageKind.All, "", amount, limits.Uses, cancellationToken)
            && (part.CustomerKey is null || await CountAsync(context, id, UsageKind.Customer, part.CustomerKey, amount, limits.UsesPerCustomer, cancellationToken))
            && (part.DayKey is null || await CountAsync(context, id, UsageKind.Day, part.DayKey, amount, limits.UsesPerDay, cancellationToken))
            && (part.CodeKey is null || await CountAsync(context, id, UsageKind.Code, part.CodeKey, amount, codeUses ?? limits.UsesPerCode, cancellationToken));
        return counted ? spent[0] : null;
    }

    /// <summary>Gives one use and its amount back. Call in the transaction that ends the redemption.</summary>
    public static async Task GiveBackAsync(AppDbContext context, RedemptionCampaign part, CancellationToken cancellationToken)
    {
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

    // SQLite and PostgreSQL both know this sentence: it counts, or finds the limit reached and changes nothing.
    private static async Task<bool> CountAsync(AppDbContext context, Guid campaign, UsageKind kind, string key, long amount, long? limit, CancellationToken cancellationToken)
    {
        var (number, most) = ((int)kind, limit ?? long.MaxValue);
        return await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "UsageCounters" ("CampaignId", "Kind", "Key", "Used", "SpentMinor") VALUES ({campaign}, {number}, {key}, 1, {amount})
            ON CONFLICT ("CampaignId", "Kind", "Key") DO UPDATE SET "Used" = "UsageCounters"."Used" + 1, "SpentMinor" = "UsageCounters"."SpentMinor" + {amount}
            WHERE "UsageCounters"."Used" < {most}
            """,
            cancellationToken) == 1;
    }
}
