using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>The two statements about redemptions that every order runs, without EF's tracking.</summary>
internal static class RedemptionRows
{
    /// <summary>The live redemption of an order; null without one.</summary>
    public static async Task<Redemption?> LiveAsync(AppDbContext context, string orderId, bool sandbox, CancellationToken cancellationToken)
    {
        Guid? found = null;
        var batch = new SqlBatch(context);
        batch.Add($"""SELECT "Id" FROM "Redemptions" WHERE "Sandbox" = {sandbox} AND "LiveOrderId" = {orderId}""");
        await batch.RunAsync((reader, _) => found = reader.GetGuid(0), cancellationToken);
        return found is { } id ? await context.Redemptions.AsNoTracking().SingleAsync(r => r.Id == id, cancellationToken) : null;
    }

    /// <summary>Stores a new reservation.</summary>
    /// <returns>False when the order has a live one by now: then nothing is stored.</returns>
    public static async Task<bool> AddAsync(AppDbContext context, Redemption row, CancellationToken cancellationToken)
    {
        var batch = new SqlBatch(context);
        batch.Add($"""
            INSERT INTO "Redemptions" ("Id", "OrderId", "LiveOrderId", "Sandbox", "State", "Currency", "CustomerId", "TotalMinor", "DiscountMinor",
            "RefundedMinor", "PricedAt", "InputsJson", "QuoteJson", "CallKey", "ReservedAt", "ExpiresAt", "PricingVersion")
            VALUES ({row.Id}, {row.OrderId}, {row.LiveOrderId}, {row.Sandbox}, 'Reserved', {row.Currency}, {row.CustomerId}, {row.TotalMinor}, {row.DiscountMinor},
            0, {row.PricedAt}, {row.InputsJson}, {row.QuoteJson}, {row.CallKey}, {row.ReservedAt}, {row.ExpiresAt}, {row.PricingVersion})
            ON CONFLICT ("Sandbox", "LiveOrderId") DO NOTHING
            """);
        return await batch.EachChangesOneAsync(cancellationToken);
    }
}
