using System.Text.Json;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Planning;

/// <summary>
/// Everything needed to predict planned campaigns with one model version: the fitted effects, the offers tried, the shop's baskets.
/// Kept as <see cref="FileName"/> in the version's folder; immutable once written.
/// </summary>
public sealed record PlannerModel
{
    public const string FileName = "planner.json";

    public required Guid ModelId { get; init; }

    public required IReadOnlyList<string> Categories { get; init; }

    public required EffectModelState Effects { get; init; }

    public required IReadOnlyList<OfferPosition> Tried { get; init; }

    /// <summary>Quantiles of basket values, ascending, major units.</summary>
    public required double[] Baskets { get; init; }

    public required double ShippingFee { get; init; }

    /// <summary>Share of products without a unit cost.</summary>
    public required double MarginAssumedShare { get; init; }

    /// <summary>Rows learnt from per lifecycle: the evidence behind a segment.</summary>
    public required IReadOnlyDictionary<string, long> RowsByLifecycle { get; init; }

    public async Task SaveAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.Create(path);
        await JsonSerializer.SerializeAsync(stream, this, RulesJson.Options, cancellationToken);
    }

    public static async Task<PlannerModel> LoadAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<PlannerModel>(stream, RulesJson.Options, cancellationToken)
            ?? throw new InvalidDataException($"{FileName} is empty.");
    }
}
