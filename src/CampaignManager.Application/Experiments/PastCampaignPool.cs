namespace CampaignManager.Application.Experiments;

/// <summary>Past campaigns together: whether a model can learn from them.</summary>
/// <param name="Sound">Campaigns whose figures are believed.</param>
public sealed record PastCampaignPool(IReadOnlyList<PastCampaignReading> Sound)
{
    /// <summary>Between fewer campaigns, how much they differ cannot be known: they speak of their own offers only.</summary>
    public const int FewestCampaigns = 3;

    /// <summary>Customers in each group of all of them together.</summary>
    public const int FewestPerArm = 1_000;

    /// <summary>Of the sound ones those whose offer could be read: a model learns from no other.</summary>
    public IReadOnlyList<PastCampaignReading> Readable { get; } = [.. Sound.Where(c => c.OfferKnown)];

    public bool HasCampaigns => Readable.Count >= FewestCampaigns;

    public bool HasCustomers => Readable.Sum(c => c.Treated) >= FewestPerArm && Readable.Sum(c => c.Control) >= FewestPerArm;

    /// <summary>Whether a model learns from them.</summary>
    public bool Suffices => HasCampaigns && HasCustomers;

    public static PastCampaignPool Of(IEnumerable<PastCampaignReading> campaigns) => new([.. campaigns.Where(c => c.Fault is null)]);
}
