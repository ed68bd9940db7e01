namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>What trees are grown on; all arrays but the bins have one value a position of <see cref="Rows"/>.</summary>
/// <param name="Bins">Features of all rows of the task.</param>
/// <param name="Rows">Row of each position.</param>
/// <param name="Outcome">y.</param>
/// <param name="OutcomeResidual">ỹ = y − m(x); in a regression forest y itself.</param>
/// <param name="ArmResidual">t̃ = t − e; null in a regression forest.</param>
/// <param name="Treated">Arm; null in a regression forest.</param>
internal sealed record ForestData(BinnedFeatures Bins, int[] Rows, float[] Outcome, float[] OutcomeResidual, float[]? ArmResidual, bool[]? Treated)
{
    /// <summary>Features with something to split.</summary>
    public int[] Splittable { get; } = [.. Enumerable.Range(0, Bins.Width).Where(j => Bins.Bins(j) > 1)];

    /// <summary>Whether trees are split by effect (else by outcome).</summary>
    public bool Causal => ArmResidual is not null;
}
