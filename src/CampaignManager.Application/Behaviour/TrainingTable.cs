using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Uplift;
using CampaignManager.Engine.Offers;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Behaviour;

/// <summary>
/// The shop's own training table: one row per exposure to a campaign whose attribution window has closed, both arms alike, with features as of assignment,
/// the offer's features, and the outcomes within the window. Money in major units.
/// </summary>
public sealed class TrainingTable(Lake lake, IDbContextFactory<AppDbContext> contexts)
{
    public const string Folder = UpliftTableManifest.ShopFolder;

    private static readonly UpliftOutcome[] Outcomes =
    [
        new("converted", UpliftOutcome.Binary), new("orders", UpliftOutcome.Money), new("revenue", UpliftOutcome.Money), new("margin", UpliftOutcome.Money),
        new("discount", UpliftOutcome.Money), new("redeemed", UpliftOutcome.Binary),
    ];

    internal async Task WriteAsync(DateTime asOf, ShopSettings shop, Func<string, double, Task> report, CancellationToken cancel)
    {
        using var connection = lake.Open();
        var campaigns = await PastCampaignsAsync(connection, asOf, shop, cancel);
        if (campaigns.Count == 0)
            return;
        var categories = ShopCategories.Read(lake, connection);
        var sql = new FeatureSql(lake, categories, shop.TimeZone);
        using var pass = new FeaturePass(lake, connection, sql);
        FillCampaigns(connection, campaigns);
        await pass.RunAsync(bucket => Exposed(bucket, shop), share => report("training-table", share), cancel);

        var offers = new OfferFeatures(categories);
        const string Kept = "r.campaign_id, r.customer_id, r.arm, r.propensity, r.moment, r.y_converted, r.y_orders, r.y_revenue, r.y_margin, r.y_discount, r.y_redeemed";
        var parts = campaigns.Select(c => $"SELECT f.*, {offers.Sql(c.Offer)} FROM f WHERE campaign_id = '{c.Id}'");
        var rows = $"""
            WITH f AS ({sql.Smoothed(pass.Rows, Kept)}), joined AS ({string.Join("\nUNION ALL BY NAME\n", parts)})
            SELECT row_number() OVER (ORDER BY moment, campaign_id, customer_id) - 1 AS "row", customer_id, campaign_id, arm, propensity, NULL::VARCHAR AS split, moment AS assigned_at,
                   * EXCLUDE (customer_id, campaign_id, arm, propensity, moment)
            FROM joined ORDER BY "row"
            """;
        lake.WriteFile(connection, rows, $"{Folder}/{UpliftTableManifest.TableFile}", cancel);
        var manifest = new UpliftTableManifest(
            "Past campaigns", ["control", "treated"], [.. Outcomes.Select(o => o.IsBinary || o.Name == "orders" ? o : o with { Currency = shop.Currency })],
            From: campaigns.Min(c => c.From), To: campaigns.Max(c => c.To));
        await lake.WriteTextAsync(manifest.ToJson(), $"{Folder}/{UpliftTableManifest.ManifestFile}", cancel);
    }

    private string Exposed(int bucket, ShopSettings shop) => string.Create(CultureInfo.InvariantCulture, $"""
        WITH e AS (
            SELECT x.*, p.days FROM {lake.Source(LakeTable.Exposures)} x JOIN past p ON p.id = x.campaign_id WHERE x.bucket = {bucket}),
        o AS (
            SELECT e.campaign_id, e.customer_id, o.order_id, o.list_minor - o.discount_minor AS net, coalesce(o.campaign_id = e.campaign_id, false) AS own,
                   CASE WHEN own THEN coalesce(o.campaign_discount_minor, o.discount_minor) ELSE 0 END AS given
            FROM e JOIN (SELECT * FROM {lake.Source(LakeTable.Orders)} WHERE bucket = {bucket}) o
              ON o.customer_id = e.customer_id AND o."at" >= e.assigned_at AND o."at" < e.assigned_at + to_days(e.days)),
        l AS (
            SELECT o.campaign_id, o.customer_id, o.order_id,
                   sum(CASE WHEN l.unit_cost_minor IS NULL THEN before * {shop.StoreMarginPercent / 100} ELSE before - l.unit_cost_minor * l.quantity END) AS margin
            FROM o JOIN (SELECT *, unit_price_minor * quantity - discount_minor AS paid FROM {lake.Source(LakeTable.OrderLines)} WHERE bucket = {bucket}) l USING (order_id)
            CROSS JOIN LATERAL (SELECT l.paid + CASE WHEN o.own THEN coalesce(l.campaign_discount_minor, l.discount_minor) ELSE 0 END AS before) b
            GROUP BY ALL),
        y AS (
            SELECT campaign_id, customer_id, count(*) AS orders, sum(net) / 100.0 AS revenue, sum(coalesce(l.margin, net * {shop.StoreMarginPercent / 100})) / 100.0 AS margin,
                   sum(given) / 100.0 AS discount, max((given > 0)::INT) AS redeemed
            FROM o LEFT JOIN l USING (campaign_id, customer_id, order_id) GROUP BY ALL)
        SELECT row_number() OVER (ORDER BY e.campaign_id, e.customer_id) AS k, e.customer_id, e.assigned_at AS moment, e.campaign_id AS grp, e.campaign_id, e.arm, e.propensity,
               (coalesce(y.orders, 0) > 0)::INT AS y_converted, coalesce(y.orders, 0)::DOUBLE AS y_orders, coalesce(y.revenue, 0)::DOUBLE AS y_revenue,
               coalesce(y.margin, 0)::DOUBLE AS y_margin, coalesce(y.discount, 0)::DOUBLE AS y_discount, coalesce(y.redeemed, 0) AS y_redeemed
        FROM e LEFT JOIN y USING (campaign_id, customer_id)
        """);

    private static void FillCampaigns(DuckDBConnection connection, IReadOnlyList<PastCampaign> campaigns)
    {
        connection.Run("CREATE OR REPLACE TEMP TABLE past (id VARCHAR, days INTEGER)");
        using var rows = connection.CreateAppender("past");
        foreach (var campaign in campaigns)
            rows.CreateRow().AppendValue(campaign.Id.ToString()).AppendValue(campaign.Days).EndRow();
    }

    /// <summary>Campaigns with exposures in the lake whose last window has closed by then.</summary>
    private async Task<List<PastCampaign>> PastCampaignsAsync(DuckDBConnection connection, DateTime asOf, ShopSettings shop, CancellationToken cancel)
    {
        var exposed = connection.Query(
                $"SELECT campaign_id, min(assigned_at), max(assigned_at) FROM {lake.Source(LakeTable.Exposures)} GROUP BY 1",
                r => (Id: Guid.TryParse(r.GetString(0), out var id) ? id : Guid.Empty, From: r.GetDateTime(1), To: r.GetDateTime(2)))
            .Where(e => e.Id != Guid.Empty).ToDictionary(e => e.Id);
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var known = await context.Campaigns.AsNoTracking().Where(c => exposed.Keys.Contains(c.Id) && c.Status != CampaignStatus.Draft)
            .Select(c => new { c.Id, c.RulesJson }).ToListAsync(cancel);
        return [.. known.Select(c => (c.Id, Rules: RulesJson.Read(c.RulesJson), Seen: exposed[c.Id]))
            .Where(c => c.Seen.To.AddDays(c.Rules.Experiment.AttributionDays) <= asOf)
            .OrderBy(c => c.Seen.From).ThenBy(c => c.Id)
            .Select(c => new PastCampaign(c.Id, PlannedOffer.Of(c.Rules, shop.ShippingMinor / 100.0), c.Rules.Experiment.AttributionDays,
                DateTime.SpecifyKind(c.Seen.From, DateTimeKind.Utc), DateTime.SpecifyKind(c.Seen.To, DateTimeKind.Utc)))];
    }

    private sealed record PastCampaign(Guid Id, PlannedOffer Offer, int Days, DateTime From, DateTime To);
}
