using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.TrainingData;

/// <summary>
/// The shop's own training table: one row per exposure to a campaign whose attribution window has closed, both arms alike, with features as of assignment,
/// the offer's features, and the outcomes within the window. Money in major units.
/// </summary>
public sealed class TrainingTable(DataLake lake, FeatureParts described, IDbContextFactory<AppDbContext> contexts)
{
    public const string Folder = UpliftTableManifest.ShopFolder;

    private static readonly UpliftOutcome[] Outcomes =
    [
        new("converted", UpliftOutcome.Binary), new("orders", UpliftOutcome.Money), new("revenue", UpliftOutcome.Money), new("margin", UpliftOutcome.Money),
        new("discount", UpliftOutcome.Money), new("redeemed", UpliftOutcome.Binary),
    ];

    internal async Task WriteAsync(DateTime asOf, ShopSettings shop, Func<double, Task> report, JobContext? run, CancellationToken cancel)
    {
        using var connection = lake.Open();
        var campaigns = await PastCampaignsAsync(connection, asOf, shop, cancel);
        if (campaigns.Count == 0)
        {
            if (Directory.Exists(lake.PathTo(Folder)) && await AnyTakenBackAsync(cancel))
                Remove();
            return;
        }

        var categories = ShopCategories.Read(lake, connection);
        var sql = new FeatureSql(lake, categories, shop);
        var windows = campaigns.Select(c => new PastWindow(c.Id.ToString(), c.Days)).ToList();
        var (raw, read) = await described.DescribeAsync(asOf, shop, categories, windows, run, report, cancel);
        foreach (var step in sql.Means(raw.Rows))
            connection.Run(step, cancel);

        var offers = new OfferFeatures(categories);
        const string Kept = "r.campaign_id, r.customer_id, r.arm, r.propensity, r.moment, r.y_converted, r.y_orders, r.y_revenue, r.y_margin, r.y_discount, r.y_redeemed";
        // Campaign after campaign, bucket after bucket, in the order of their rows: nothing is sorted or held, so the table may outgrow the memory.
        var parts = campaigns.Select(c => $"SELECT f.*, {offers.Sql(c.Offer)} FROM ({sql.Smoothed($"(SELECT * FROM {raw.Rows} WHERE campaign_id = '{c.Id}')", Kept)}) f");
        var rows = $"""
            SELECT row_number() OVER () - 1 AS "row", customer_id, campaign_id, arm, propensity, NULL::VARCHAR AS split, moment AS assigned_at,
                   * EXCLUDE (customer_id, campaign_id, arm, propensity, moment)
            FROM ({string.Join("\nUNION ALL\n", parts)})
            """;
        lake.WriteFile(connection, rows, $"{Folder}/{UpliftTableManifest.TableFile}", cancel);
        var manifest = new UpliftTableManifest(
            "Past campaigns", ["control", "treated"], [.. Outcomes.Select(o => o.IsBinary || o.Name == "orders" ? o : o with { Currency = shop.Currency })],
            From: campaigns.Min(c => c.From), To: campaigns.Max(c => c.To),
            MinorPerUnit: AmountUnit.Of(shop).Minor, Read: read);
        await lake.WriteTextAsync(manifest.ToJson(), $"{Folder}/{UpliftTableManifest.ManifestFile}", cancel);
        raw.Remove();
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
            .Select(c => new { c.Id, c.RulesJson, c.Origin }).ToListAsync(cancel);
        var imported = known.Where(c => c.Origin == CampaignOrigin.Imported).Select(c => c.Id).ToHashSet();
        var sound = imported.Count == 0 ? [] : await SoundAsync(cancel);
        return [.. known.Where(c => !imported.Contains(c.Id) || sound.Contains(c.Id)).Select(c => (c.Id, Rules: RulesJson.Read(c.RulesJson), Seen: exposed[c.Id]))
            .Where(c => OfferTerms.Knows(c.Rules.Offer))
            .Where(c => c.Seen.To.AddDays(c.Rules.Experiment.AttributionDays) <= asOf)
            .OrderBy(c => c.Seen.From).ThenBy(c => c.Id)
            .Select(c => new PastCampaign(c.Id, PlannedOffer.Of(c.Rules, shop), c.Rules.Experiment.AttributionDays,
                DateTime.SpecifyKind(c.Seen.From, DateTimeKind.Utc), DateTime.SpecifyKind(c.Seen.To, DateTimeKind.Utc)))];
    }

    /// <summary>What campaigns left that were taken back since is nothing to learn from.</summary>
    private void Remove()
    {
        foreach (var file in (string[])[UpliftTableManifest.TableFile, UpliftTableManifest.ManifestFile])
            File.Delete(lake.PathTo($"{Folder}/{file}"));
    }

    private async Task<bool> AnyTakenBackAsync(CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        return await context.ImportRuns.AnyAsync(r => r.UndoneAt != null, cancel);
    }

    /// <summary>The imported campaigns to learn from; none while there are too few of them.</summary>
    private async Task<HashSet<Guid>> SoundAsync(CancellationToken cancel)
    {
        var pool = PastCampaignPool.Of(await new PastCampaignReader(lake, contexts).ListAsync(cancel));
        return pool.Suffices ? [.. pool.Readable.Select(c => c.Id)] : [];
    }

    private sealed record PastCampaign(Guid Id, PlannedOffer Offer, int Days, DateTime From, DateTime To);
}
