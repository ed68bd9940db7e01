using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>
/// Fits the planner on the shop's past campaigns: cross-fitted nuisances of the model version turn every exposure into AIPW scores, which are projected on
/// what a marketer can plan (docs/decisions/planned-campaigns.md).
/// </summary>
public sealed class PlannerTrainer(DataLake lake, IDbContextFactory<AppDbContext> contexts, SettingsService settings)
{
    /// <summary>Groups of customers that the bootstrap resamples as wholes.</summary>
    private const int Groups = 256;
    private const int BasketQuantiles = 200;

    /// <summary>Fits it from a version's draft, and writes it there.</summary>
    public async Task WriteAsync(Guid modelId, string tablePath, ModelDraft draft, CancellationToken cancellationToken)
    {
        var fitted = await FitAsync(modelId, tablePath, draft.PathTo(ModelManifest.NuisancesFile), cancellationToken);
        await PlannerFile.SaveAsync(fitted, draft.PathTo(PlannerFile.Name), cancellationToken);
    }

    /// <param name="modelId">The version this belongs to.</param>
    /// <param name="tablePath">Parquet of the training table.</param>
    /// <param name="nuisancesPath">Parquet of out-of-fold nuisances by <c>row</c>.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="InvalidDataException">Nothing to learn from.</exception>
    public async Task<PlannerModel> FitAsync(Guid modelId, string tablePath, string nuisancesPath, CancellationToken cancellationToken)
    {
        var shop = await settings.GetAsync(cancellationToken);
        var currency = Currency.Get(shop.Currency);
        using var connection = lake.Open();
        var categories = Categories(connection);
        var baskets = Baskets(connection, currency);
        var unit = new OfferUnit(baskets, (double)currency.ToMajor(shop.ShippingMinor));
        var campaigns = await CampaignsAsync(connection, tablePath, unit, categories, cancellationToken);
        if (campaigns.Count == 0)
            throw new InvalidDataException("None of the exposures belongs to a campaign of this shop.");

        var basis = new PlanningBasis(Segments.LifecycleKeys.Count, categories.Count);
        var statistics = new EffectStatistics(basis.Length, PlannerTargets.Count, Groups, campaigns.Count);
        var rows = AddRows(connection, tablePath, nuisancesPath, categories, campaigns, basis, statistics, cancellationToken);

        var past = campaigns.Values.OrderBy(c => c.Index).ToList();
        var positions = past.ConvertAll(c => c.Position);
        var distances = positions.Select((p, j) => new OfferRange([.. positions.Where((_, k) => k != j)]).Distance(p)).Select(d => double.IsFinite(d) ? d : 1).ToArray();
        var model = EffectModel.Fit(statistics, basis.Blocks, distances);
        return new PlannerModel
        {
            ModelId = modelId,
            Categories = categories,
            Effects = model.ToState(),
            Tried = positions,
            Windows = past.ConvertAll(c => c.Days),
            CampaignIds = [.. campaigns.Keys.Select(Guid.Parse).Order()],
            Baskets = baskets,
            ShippingFee = unit.ShippingFee,
            MarginAssumedShare = connection.Scalar<double>(
                $"SELECT coalesce(avg(CASE WHEN unit_cost_minor IS NULL THEN 1.0 ELSE 0.0 END), 0) FROM {lake.Source(LakeTable.Products)}"),
            RowsByLifecycle = rows,
        };
    }

    private List<string> Categories(DuckDBConnection connection) =>
        connection.Query($"SELECT DISTINCT category FROM {lake.Source(LakeTable.Products)} ORDER BY category", r => r.GetString(0));

    private double[] Baskets(DuckDBConnection connection, Currency currency)
    {
        var steps = string.Join(", ", Enumerable.Range(0, BasketQuantiles).Select(i => ((i + 0.5) / BasketQuantiles).ToString("0.#####", CultureInfo.InvariantCulture)));
        var minor = connection.Query(
            $"SELECT unnest(quantile_cont(list_minor::DOUBLE, [{steps}])) FROM {lake.CountedOrders()}", r => r.GetDouble(0));
        return [.. minor.Select(m => m / currency.MinorPerMajor)];
    }

    private async Task<Dictionary<string, PastCampaign>> CampaignsAsync(
        DuckDBConnection connection, string tablePath, OfferUnit unit, List<string> categories, CancellationToken cancellationToken)
    {
        var ids = connection.Query($"SELECT DISTINCT campaign_id FROM read_parquet('{DataLake.Quote(tablePath)}') ORDER BY campaign_id", r => r.GetString(0));
        var wanted = ids.Select(id => Guid.TryParse(id, out var guid) ? guid : Guid.Empty).Where(g => g != Guid.Empty).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rules = await context.Campaigns.AsNoTracking().Where(c => wanted.Contains(c.Id))
            .Select(c => new { c.Id, c.RulesJson }).ToDictionaryAsync(c => c.Id, c => c.RulesJson, cancellationToken);
        var campaigns = new Dictionary<string, PastCampaign>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (!Guid.TryParse(id, out var guid) || !rules.TryGetValue(guid, out var json))
                continue;
            var read = RulesJson.Read(json);
            campaigns[id] = new PastCampaign(campaigns.Count, unit.Of(read.Offer), unit.Position(read, categories), read.Experiment.AttributionDays);
        }

        return campaigns;
    }

    private static Dictionary<string, long> AddRows(
        DuckDBConnection connection, string tablePath, string nuisancesPath, List<string> categories, Dictionary<string, PastCampaign> campaigns,
        PlanningBasis basis, EffectStatistics statistics, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText = PlannerColumns.TrainingSql(tablePath, nuisancesPath, categories);
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        var rows = Segments.LifecycleKeys.ToDictionary(k => k, _ => 0L);
        var phi = new double[basis.Length];
        var (affinity, inScope) = (new double[categories.Count], new double[categories.Count]);
        var y = new double[PlannerTargets.Count];
        var seen = 0;
        while (reader.Read())
        {
            if ((++seen & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (!campaigns.TryGetValue(reader.GetString(0), out var campaign))
                continue;
            var lifecycle = reader.GetString(2);
            PlannerColumns.ReadPoint(reader, lifecycle, categories, affinity, inScope, out var point);
            basis.Fill(point, phi);
            Targets(reader, campaign.Unit, y);
            statistics.Add(phi, y, Group(reader.GetString(1)), campaign.Index);
            rows[lifecycle]++;
        }

        return rows;
    }

    /// <summary>AIPW scores (uplift.md, "A segment's effect"); for orders the conversion nuisances serve as control variates, which leaves the score unbiased.</summary>
    private static void Targets(DuckDBDataReader reader, double unit, double[] y)
    {
        var treated = reader.GetInt32(3) > 0;
        var propensity = reader.GetDouble(4);
        double converted = reader.GetDouble(5), orders = reader.GetDouble(6), margin = reader.GetDouble(7), discount = reader.GetDouble(8);
        double c0 = reader.GetDouble(9), c1 = reader.GetDouble(10), m0 = reader.GetDouble(11), m1 = reader.GetDouble(12);
        y[PlannerTargets.Conversion] = Score(converted, c0, c1);
        y[PlannerTargets.Orders] = Score(orders, c0, c1);
        y[PlannerTargets.Margin] = Score(margin, m0, m1);
        y[PlannerTargets.Discount] = treated ? discount / unit / propensity : 0;
        y[PlannerTargets.Baseline] = c0 + (treated ? 0 : (converted - c0) / (1 - propensity));

        double Score(double outcome, double mu0, double mu1) =>
            mu1 - mu0 + (treated ? (outcome - mu1) / propensity : -(outcome - mu0) / (1 - propensity));
    }

    /// <summary>FNV-1a: the same group in every process.</summary>
    private static int Group(string customer)
    {
        var hash = 2166136261u;
        foreach (var letter in customer)
            hash = (hash ^ letter) * 16777619u;
        return (int)((hash ^ (hash >> 15)) % Groups);
    }

    private sealed record PastCampaign(int Index, double Unit, OfferPosition Position, int Days);
}
