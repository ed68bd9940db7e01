using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Uplift.Health;

/// <summary>What is known of one feature of the shop's customers.</summary>
/// <param name="Drift">Against what the version in use learnt from; null where it does not know the feature.</param>
/// <param name="Importance">In that version; null where it does not use it.</param>
public sealed record FeatureSeen(FeatureSpread Spread, KnownFeature Known, Drifted? Drift, FeatureImportance? Importance);

/// <param name="Model">The version in use; null before the first.</param>
public sealed record FeaturesSeen(DateTime AsOf, long Customers, Guid? Model, IReadOnlyList<FeatureSeen> Features);

/// <summary>The features' spreads beside what the model in use makes of them. All of it is worked out beforehand or once for a state, never for a reader.</summary>
public sealed class FeatureOverview(FeatureSummaries summaries, ModelHealth health, ModelStore store)
{
    /// <returns>Null before features were first worked out.</returns>
    public async Task<FeaturesSeen?> ReadAsync(CancellationToken cancellationToken)
    {
        if (summaries.Read() is not { } summary)
            return null;
        var (model, drift) = await health.DriftOfShopAsync(cancellationToken);
        var moved = drift?.Features.ToDictionary(f => f.Name, StringComparer.Ordinal) ?? [];
        var weights = model is { } id ? await ImportanceAsync(id, cancellationToken) : [];
        return new FeaturesSeen(summary.AsOf, summary.Customers, model,
        [
            .. summary.Features.Select(f => new FeatureSeen(
                f, KnownFeatures.Find(f.Column)!, moved.GetValueOrDefault(f.Column), weights.GetValueOrDefault(f.Column))),
        ]);
    }

    private async Task<Dictionary<string, FeatureImportance>> ImportanceAsync(Guid model, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await store.ManifestAsync(model, cancellationToken);
            return manifest.Evaluation.SelectMany(arm => arm.Importance).GroupBy(i => i.Feature, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.MaxBy(i => i.Loss)!, StringComparer.Ordinal);
        }
        catch (ModelDamagedException)
        {
            return [];
        }
    }
}
