namespace CampaignManager.Engine.Planning;

/// <summary>
/// Everything needed to predict planned campaigns with one model version: the fitted effects, the offers tried, the shop's baskets.
/// Kept with the version and never changed.
/// </summary>
public sealed record PlannerModel
{
    /// <summary>The model version.</summary>
    public required Guid ModelId { get; init; }

    /// <summary>The shop's categories, in the order in which the effects know them.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The fitted effects.</summary>
    public required EffectModelState Effects { get; init; }

    /// <summary>The offers of past campaigns.</summary>
    public required IReadOnlyList<OfferPosition> Tried { get; init; }

    /// <summary>Days within which the outcomes of each of them counted; empty in files of before this was kept.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [];

    /// <summary>Campaigns learnt from; empty in files of before this was kept.</summary>
    public IReadOnlyList<Guid> CampaignIds { get; init; } = [];

    /// <summary>Quantiles of basket values, ascending, major units.</summary>
    public required double[] Baskets { get; init; }

    /// <summary>The shop's shipping fee, major units.</summary>
    public required double ShippingFee { get; init; }

    /// <summary>Share of products without a unit cost.</summary>
    public required double MarginAssumedShare { get; init; }

    /// <summary>Rows learnt from per lifecycle: the evidence behind a segment.</summary>
    public required IReadOnlyDictionary<string, long> RowsByLifecycle { get; init; }
}
