namespace CampaignManager.Engine.Experiments.Sums;

/// <summary>An arm's moments in the metric's unit.</summary>
/// <param name="Count">Customers.</param>
/// <param name="Mean">Mean; NaN for an empty arm.</param>
/// <param name="Variance">Sample variance (n − 1); NaN below two customers.</param>
/// <param name="Third">Third central moment Σ(y − ȳ)³ / n; NaN for an empty arm.</param>
public readonly record struct ArmMoments(long Count, double Mean, double Variance, double Third)
{
    /// <summary>Sampling variance of the mean.</summary>
    public double MeanVariance => Variance / Count;
}
