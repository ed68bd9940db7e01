namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>How far boosted trees may go. Effects are small: few leaves, large leaves, a low rate and bounded rounds keep noise out.</summary>
/// <param name="Leaves">Leaves a tree.</param>
/// <param name="SmallestLeaf">Rows a leaf needs at least; for probabilities the information of that many average rows.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="Rounds">Trees.</param>
/// <param name="L2">Penalty on leaf values, in average rows.</param>
/// <param name="FeatureShare">Share of the features a tree may use, drawn for each tree.</param>
/// <param name="RowShare">Share of the rows a tree sees, drawn for each tree.</param>
/// <param name="KeptAnyway">Trees kept whatever the judging customers say: a quarter of them cannot see a small effect, and shrinkage is caution enough.</param>
public sealed record BoostingSettings(int Leaves, int SmallestLeaf, double Rate, int Rounds, double L2, double FeatureShare = 1, double RowShare = 1, int KeptAnyway = 0)
{
    /// <summary>Most rows a tree is grown on: more change no split.</summary>
    public const int MostRows = 1_000_000;

    /// <summary>From so many rows on a tree's leaves are sure enough for longer steps and fewer trees, and nobody needs to judge how many.</summary>
    public const int Many = 100_000;

    /// <summary>For predicting an outcome.</summary>
    /// <param name="rows">Training rows.</param>
    public static BoostingSettings ForOutcome(int rows) => new(
        Leaves: rows < Many ? 4 : 8,
        SmallestLeaf: Math.Clamp(rows / 60, 20, 5000),
        Rate: rows < Many ? 0.08 : 0.1,
        Rounds: rows < 5_000 ? 40 : rows < Many ? 80 : 60,
        L2: 10,
        FeatureShare: 0.7,
        RowShare: rows < Many ? 1 : 0.5);

    /// <summary>For predicting differences of effect: half as deep, twice as cautious.</summary>
    /// <param name="rows">Training rows.</param>
    public static BoostingSettings ForEffect(int rows) => new(
        Leaves: rows < 20_000 ? 3 : rows < 200_000 ? 4 : 8,
        SmallestLeaf: Math.Clamp(rows / 25, 50, 5000),
        Rate: rows < Many ? 0.05 : 0.1,
        Rounds: rows < Many ? 120 : 40,
        L2: Math.Max(50, rows / 50.0),
        FeatureShare: 0.5,
        RowShare: rows < Many ? 0.8 : 0.5,
        KeptAnyway: rows < 5_000 ? 20 : 40);

    /// <summary>Half the trees at twice the rate, and no judging: enough where predictions only take noise away.</summary>
    public BoostingSettings Hasty() => this with { Rounds = Math.Max(1, Rounds / 2), Rate = 2 * Rate, KeptAnyway = Math.Max(1, Rounds / 2) };
}
