using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>Orders with a campaign's discount by people who should not have had it, or of whom nobody knows.</summary>
/// <param name="Guest">By guests: they are in no arm.</param>
/// <param name="Control">By customers who were held out when they ordered.</param>
public sealed record Leaks(long Guest, long Control);

/// <summary>Counts leaks: intention to treat goes on reading everybody in their arm, so what went to the wrong one makes the effect look smaller.</summary>
public sealed class LeakCount(DataLake lake, IDbContextFactory<AppDbContext> contexts)
{
    public async Task<Leaks> OfAsync(Guid campaign, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var redeemed = await context.Set<RedemptionCampaign>().AsNoTracking().Where(p => p.CampaignId == campaign && p.Counts && p.AmountMinor > 0)
            .Join(context.Set<Redemption>(), p => p.RedemptionId, r => r.Id, (p, r) => r)
            .Where(r => r.State != RedemptionState.Cancelled && r.State != RedemptionState.Expired)
            .Select(r => new { r.OrderId, r.CustomerId, r.PricedAt }).ToListAsync(cancel);
        return await Task.Run(() => Count(campaign, redeemed.Select(r => (r.OrderId, r.CustomerId, r.PricedAt))), cancel);
    }

    private Leaks Count(Guid campaign, IEnumerable<(string Order, string? Customer, DateTime At)> redeemed)
    {
        using var connection = lake.Open(threads: 1);
        connection.Run("CREATE TEMP TABLE redeemed (order_id VARCHAR, customer_id VARCHAR, \"at\" TIMESTAMP)");
        using (var rows = connection.CreateAppender("redeemed"))
        {
            foreach (var (order, customer, at) in redeemed)
                rows.CreateRow().AppendValue(order).AppendValue(customer).AppendValue(at).EndRow();
        }

        // An order that was redeemed here and imported, too, is one.
        return connection.Query(
            $"""
            WITH o AS (
                SELECT order_id, any_value(customer_id) AS customer_id, min("at") AS "at" FROM (
                    SELECT order_id, customer_id, "at" FROM redeemed
                    UNION ALL SELECT order_id, CASE WHEN customer_id NOT LIKE 'guest:%' THEN customer_id END, "at" FROM {lake.CountedOrders()}
                    WHERE campaign_id = '{campaign:D}' AND coalesce(campaign_discount_minor, 1) > 0) GROUP BY 1),
            x AS (SELECT customer_id, arm, assigned_at FROM {lake.Source(LakeTable.Exposures)} WHERE experiment_id = '{campaign:D}'),
            a AS (SELECT o.order_id, arg_max(x.arm, x.assigned_at) AS arm FROM o JOIN x ON x.customer_id = o.customer_id AND x.assigned_at <= o."at" GROUP BY 1)
            SELECT count(*) FILTER (o.customer_id IS NULL), count(*) FILTER (a.arm = 0) FROM o LEFT JOIN a USING (order_id)
            """,
            r => new Leaks(r.GetInt64(0), r.GetInt64(1)))[0];
    }
}
