using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>Pays back what came back of a confirmed order, by the rules that were frozen with it.</summary>
public sealed class RefundService(GroupCommit commits, TimeProvider time)
{
    public Task<Outcome<MadeRefund>> RefundAsync(
        Guid id, IReadOnlyList<ReturnedLine> lines, string? callKey, OfferCaller caller, CancellationToken cancellationToken) =>
        commits.RunAsync(
            async (context, stop) =>
            {
                var made = await RefundAsync(context, id, lines, callKey, caller, stop);
                return new Change<Outcome<MadeRefund>>(made, made.Succeeded);
            },
            cancellationToken);

    private async Task<Outcome<MadeRefund>> RefundAsync(
        AppDbContext context, Guid id, IReadOnlyList<ReturnedLine> lines, string? callKey, OfferCaller caller,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Two returns at once are worked out one after the other.
        if (context.Database.IsNpgsql())
            await context.Database.ExecuteSqlAsync($"""SELECT 1 FROM "Redemptions" WHERE "Id" = {id} FOR UPDATE""", cancellationToken);
        var row = await context.Redemptions.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.Sandbox == caller.Sandbox, cancellationToken);
        if (row is null)
            return Failure.NotFound("The redemption");
        var before = await context.RedemptionRefunds.AsNoTracking().Where(r => r.RedemptionId == id).ToListAsync(cancellationToken);
        if (callKey is not null && before.FirstOrDefault(r => r.CallKey == callKey) is { } known)
            return new MadeRefund(RefundView.Of(known), row.State, row.Currency);
        if (row.State is not (RedemptionState.Confirmed or RedemptionState.PartlyRefunded))
            return Failure.Conflict("wrong-state", $"The redemption is {OfferWords.Of(row.State)}: only what is confirmed is refunded.");

        if (Refunds.Of(await OrderAsync(context, row, before, cancellationToken), lines, out var errors) is not { } refund)
            return Failure.Invalid(errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray()));
        var state = refund.Everything ? RedemptionState.Refunded : RedemptionState.PartlyRefunded;
        var made = new RedemptionRefund
        {
            Id = Guid.CreateVersion7(now),
            RedemptionId = id,
            At = now.UtcDateTime,
            AmountMinor = refund.Amount,
            DetailJson = OfferJson.Write(new RefundDetail(refund.Lines, refund.Gifts) { PaidShare = refund.PaidShare ? true : null }),
            CallKey = callKey,
        };
        context.RedemptionRefunds.Add(made);
        await context.SaveChangesAsync(cancellationToken);
        var closed = refund.Everything ? now.UtcDateTime : (DateTime?)null;
        await context.Redemptions.Where(r => r.Id == id).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.State, state).SetProperty(r => r.RefundedMinor, r => r.RefundedMinor + refund.Amount).SetProperty(r => r.ClosedAt, closed), cancellationToken);
        if (refund.Everything)
            await RedemptionLife.GiveBackAsync(context, id, cancellationToken);
        return new MadeRefund(RefundView.Of(made), state, row.Currency);
    }

    private static async Task<ConfirmedOrder> OrderAsync(AppDbContext context, Redemption row, IReadOnlyList<RedemptionRefund> before, CancellationToken cancellationToken)
    {
        var frozen = await (
            from part in context.RedemptionCampaigns
            join version in context.CampaignVersions on part.CampaignVersionId equals version.Id
            where part.RedemptionId == row.Id
            select new { part.CampaignId, version.RulesJson }).ToListAsync(cancellationToken);
        var inputs = OfferJson.Read<QuoteInputs>(row.InputsJson);
        return new ConfirmedOrder(inputs.Cart, OfferJson.Read<Quote>(row.QuoteJson), [.. frozen.Select(f => new LiveCampaign(f.CampaignId.ToString(), RulesJson.Read(f.RulesJson)))])
        {
            Returned = before.SelectMany(r => OfferJson.Read<RefundDetail>(r.DetailJson).Lines).GroupBy(l => l.Id).ToDictionary(g => g.Key, g => g.Sum(l => l.Quantity)),
            Refunded = row.RefundedMinor,
        };
    }
}
