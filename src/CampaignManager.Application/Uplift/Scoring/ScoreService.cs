using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Uplift.Scoring;

/// <param name="ModelId">Null takes the version in use for the shop.</param>
/// <param name="Customers">At most 10,000, each once.</param>
/// <param name="Explain">Whether each comes with what moves its uplift; of models with one treated arm.</param>
public sealed record ScoreRequest(Guid? ModelId = null, IReadOnlyList<CustomerToScore?>? Customers = null, bool Explain = false);

/// <param name="Id">Comes back with the score.</param>
/// <param name="Features">By column name (<c>x_recency_days</c>) or label, as the model's manifest lists them; one that is left out or null counts as missing.</param>
public sealed record CustomerToScore(string? Id = null, Dictionary<string, JsonElement>? Features = null);

/// <summary>A customer's prediction. With several arms <c>treated_&lt;arm&gt;</c> and <c>uplift_&lt;arm&gt;</c> for each, and the best arm, as in <c>scores.csv</c>.</summary>
public sealed record ScoredCustomer(string Id, double Control)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Treated { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Uplift { get; init; }

    /// <summary>The arm with the highest uplift, or control when none is above 0; given where there are several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Best { get; init; }

    /// <summary>The features that move the uplift most, with what each adds to the average.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FeatureContribution>? Why { get; init; }

    /// <summary>True where the model's data were not randomised; left out otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Observational { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Arms { get; init; }
}

/// <summary>Scores customers that a caller describes.</summary>
public sealed class ScoreService(ModelService models, ModelStore store, SettingsService settings)
{
    private const int Reasons = 5;

    public async Task<Outcome<IReadOnlyList<ScoredCustomer>>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        if (request.ModelId is { } asked && !(await models.FindAsync(asked, cancellationToken)).Succeeded)
            return Failure.Invalid("modelId", "There is no model with this id.");
        if ((request.ModelId ?? (await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken))?.Id) is not { } id)
            return NoEffectModel.Failure;
        try
        {
            var (manifest, stored) = await store.LoadAsync(id, cancellationToken);
            if (!manifest.CountsIn(AmountUnit.Of(await settings.GetAsync(cancellationToken))))
                return ModelService.OtherAmounts;
            var table = ScoreRequestTable.Build(manifest, request.Customers);
            if (!table.Succeeded)
                return table.Failure;
            var scored = await Task.Run(() => ModelScorer.Score(manifest, stored, table.Value, cancellationToken), cancellationToken);
            var why = request.Explain && stored.Surrogates.Count == 1 ? await Task.Run(() => Why(stored, table.Value, cancellationToken), cancellationToken) : null;
            return Outcome<IReadOnlyList<ScoredCustomer>>.Of([.. Enumerable.Range(0, table.Value.Count).Select(i => Shown(manifest, table.Value.CustomerIds[i], scored, i) with { Why = why?[i], Observational = manifest.Observational ? true : null })]);
        }
        catch (ModelDamagedException damage)
        {
            return Failure.Conflict("model-damaged", damage.Message);
        }
    }

    private static List<List<FeatureContribution>> Why(StoredModel stored, UpliftTable table, CancellationToken cancellationToken)
    {
        var contributions = UpliftExplanation.Contributions(
            stored.Encoder, [.. table.Features.Select(f => f.Name)], stored.Encoder.Encode(table), stored.Surrogates[0], [.. Enumerable.Range(0, table.Count)], cancellationToken);
        return [.. contributions.Select(row => table.Features.Select((f, k) => new FeatureContribution(f.Name, f.Label, row[k]))
            .Where(c => c.Value != 0).OrderByDescending(c => Math.Abs(c.Value)).ThenBy(c => c.Feature, StringComparer.Ordinal).Take(Reasons).ToList())];
    }

    private static ScoredCustomer Shown(ModelManifest manifest, string id, ScoredRows scored, int row)
    {
        var control = scored.Control[row];
        if (scored.Uplift.Length == 1)
            return new ScoredCustomer(id, control) { Treated = control + scored.Uplift[0][row], Uplift = scored.Uplift[0][row] };
        var arms = new Dictionary<string, JsonElement>();
        for (var arm = 1; arm < manifest.Arms.Count; arm++)
        {
            arms["treated_" + manifest.Arms[arm]] = JsonSerializer.SerializeToElement(control + scored.Uplift[arm - 1][row]);
            arms["uplift_" + manifest.Arms[arm]] = JsonSerializer.SerializeToElement(scored.Uplift[arm - 1][row]);
        }

        return new ScoredCustomer(id, control) { Best = manifest.Arms[scored.Best(row)], Arms = arms };
    }
}
