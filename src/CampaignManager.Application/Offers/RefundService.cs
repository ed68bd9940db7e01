using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>What a refund asks for; money in major units of the order's currency.</summary>
public sealed record AskedRefund(IReadOnlyList<ReturnedLine> Lines, decimal? Shipping = null, decimal? Amount = null);

/// <summary>Pays back what came back of a confirmed order, by the rules that were frozen with it.</summary>
public sealed class RefundService(GroupCommit commits, TimeProvider time)
{
    public Task<Outcome<MadeRefund>> RefundAsync(
        Guid id, AskedRefund asked, string? callKey, OfferCaller caller, CancellationToken cancellationToken) =>
        commits.RunAsync(
            async (context, stop) =>
            {
                var made = await RefundAsync(context, id, asked, callKey, caller, stop);
                return new Change<Outcome<MadeRefund>>(made, made.Succeeded);
            },
            cancellationToken);

    private async Task<Outcome<MadeRefund>> RefundAsync(
        AppDbContext context, Guid id, AskedRefund asked, string? callKey, OfferCaller caller,
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
        // Shipping may still go back when all goods are.
        if (row.State is not (RedemptionState.Confirmed or RedemptionState.PartlyRefunded or RedemptionState.Refunded) || (row.State == RedemptionState.Refunded && asked.Lines.Count > 0))
            return Failure.Conflict("wrong-state", $"The redemption is {OfferWords.Of(row.State)}: only what is confirmed is refunded.");

        var request = Request(asked, Currency.Get(row.Currency), out var unfit);
        if (unfit is not null)
            return unfit;
        if (Refunds.Of(await OrderAsync(context, row, before, cancellationToken), request, out var errors) is not { } refund)
            return Failure.Invalid(errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray()));
        var state = refund.Everything ? RedemptionState.Refunded : RedemptionState.PartlyRefunded;
        var made = new RedemptionRefund
        {
            Id = Guid.CreateVersion7(now),
            RedemptionId = id,
            At = now.UtcDateTime,
            AmountMinor = refund.Amount,
            DetailJson = OfferJson.Write(new RefundDetail(refund.Lines, refund.Gifts)
            {
                PaidShare = refund.PaidShare ? true : null,
                Shipping = refund.Shipping > 0 ? refund.Shipping : null,
                Free = refund.Free > 0 ? refund.Free : null,
            }),
            CallKey = callKey,
        };
        context.RedemptionRefunds.Add(made);
        await context.SaveChangesAsync(cancellationToken);
        var closed = refund.Everything ? row.ClosedAt ?? now.UtcDateTime : (DateTime?)null;
        await context.Redemptions.Where(r => r.Id == id).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.State, state).SetProperty(r => r.RefundedMinor, r => r.RefundedMinor + refund.Amount).SetProperty(r => r.ClosedAt, closed), cancellationToken);
        if (refund.Everything)
            await RedemptionLife.GiveBackAsync(context, id, cancellationToken);
        return new MadeRefund(RefundView.Of(made), state, row.Currency);
    }

    /// <summary>The same in minor units, or what has more digits than the currency.</summary>
    private static RefundRequest Request(AskedRefund asked, Currency currency, out Failure? unfit)
    {
        var errors = new Dictionary<string, string[]>();
        var request = new RefundRequest(asked.Lines, Minor("shipping", asked.Shipping), Minor("amount", asked.Amount));
        unfit = errors.Count == 0 ? null : Failure.Invalid(errors);
        return request;

        long? Minor(string path, decimal? amount)
        {
            if (amount is not { } given)
                return null;
            if (!currency.TryToMinor(given, out var minor))
                errors[path] = [$"{currency.Code} has {currency.FractionDigits.ToString(CultureInfo.InvariantCulture)} digits after the point, and an amount fits what can be paid."];
            return minor;
        }
    }

    private static async Task<ConfirmedOrder> OrderAsync(AppDbContext context, Redemption row, IReadOnlyList<RedemptionRefund> before, CancellationToken cancellationToken)
    {
        var frozen = await (
            from part in context.RedemptionCampaigns
            join version in context.CampaignVersions on part.CampaignVersionId equals version.Id
            where part.RedemptionId == row.Id
            select new { part.CampaignId, version.RulesJson }).ToListAsync(cancellationToken);
        var inputs = OfferJson.Read<QuoteInputs>(row.InputsJson);
        var offers = await VariantOffers.OfAsync(context, frozen.ConvertAll(f => f.CampaignId), inputs.Cart.CustomerId, row.ReservedAt, cancellationToken);
        var details = before.Select(r => OfferJson.Read<RefundDetail>(r.DetailJson)).ToList();
        var shipping = details.Sum(d => d.Shipping ?? 0);
        return new ConfirmedOrder(inputs.Cart, OfferJson.Read<Quote>(row.QuoteJson), [.. frozen.Select(f => new LiveCampaign(f.CampaignId.ToString(), Given(f.CampaignId, RulesJson.Read(f.RulesJson))))])
        {
            Returned = details.SelectMany(d => d.Lines).GroupBy(l => l.Id).ToDictionary(g => g.Key, g => g.Sum(l => l.Quantity)),
            Refunded = row.RefundedMinor - shipping,
            ShippingRefunded = shipping,
        };

        CampaignRules Given(Guid campaign, CampaignRules rules) => offers.TryGetValue(campaign, out var offer) ? rules with { Offer = offer } : rules;
    }
}
