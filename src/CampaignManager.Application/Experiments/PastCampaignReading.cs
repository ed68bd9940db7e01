using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Uplift.Observational;

namespace CampaignManager.Application.Experiments;

/// <summary>Why a past campaign is not believed.</summary>
public enum PastCampaignFault
{
    /// <summary>Nobody says who was in which group.</summary>
    NoGroups,

    /// <summary>Who got it was chosen, not drawn.</summary>
    NotRandomised,

    /// <summary>Nobody was held back, or nobody treated.</summary>
    OneGroup,

    /// <summary>With which chance customers were drawn is not said, so the groups' sizes cannot be checked.</summary>
    NoChance,

    /// <summary>The groups' sizes do not fit the chance they were drawn with (p &lt; .001).</summary>
    SampleRatio,

    /// <summary>The groups differed before it began (p &lt; .001).</summary>
    Imbalance,

    /// <summary>Its days that count are not over in what has been recorded.</summary>
    StillOpen,
}

/// <summary>A campaign that ran before the shop came here, as its exposures and the orders tell.</summary>
/// <param name="Treated">Customers who got it.</param>
/// <param name="Control">Customers held back.</param>
/// <param name="Chance">Stated chance to get it, 0..1; null where nobody said.</param>
/// <param name="SampleRatioP">P of so large a mismatch of the groups' sizes.</param>
/// <param name="Imbalance">Largest |standardised difference| of the groups in the year before; null with an empty group.</param>
/// <param name="Conversion">Difference of the shares who ordered in its window, with its 95 % interval; null with a fault.</param>
/// <param name="OfferKnown">Whether what it gave could be read: a model learns from no other.</param>
public sealed record PastCampaignReading(
    Guid Id, string Name, DateTime? From, int Days, long Treated, long Control, double? Chance, double? SampleRatioP, double? Imbalance, DifferenceInterval? Conversion,
    bool OfferKnown, PastCampaignFault? Fault)
{
    /// <summary>Of what was not drawn at random: what its log says, and the gates it does not pass; null where it cannot be read yet.</summary>
    public LogReading? Log { get; init; }

    /// <summary>Whether the groups were drawn at random; everything else is observational.</summary>
    public bool IsRandomised => Fault is not (PastCampaignFault.NotRandomised or PastCampaignFault.OneGroup or PastCampaignFault.NoGroups);
}
