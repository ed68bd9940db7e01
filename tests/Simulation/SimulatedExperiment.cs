using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Simulation;

/// <summary>A randomised experiment whose truth is known.</summary>
/// <param name="Name">Of the process that made it.</param>
/// <param name="X">Encoded features.</param>
/// <param name="Treated">Arm.</param>
/// <param name="Propensity">P(treated), known.</param>
/// <param name="Outcome">0/1 or money.</param>
/// <param name="Binary">Whether the outcome is 0/1.</param>
/// <param name="TrueMu0">Mean outcome of such a customer without treatment.</param>
/// <param name="TrueMu1">With treatment.</param>
public sealed record SimulatedExperiment(string Name, FeatureMatrix X, bool[] Treated, double[] Propensity, double[] Outcome, bool Binary, double[] TrueMu0, double[] TrueMu1)
{
    /// <summary>Number of customers.</summary>
    public int Rows => Treated.Length;

    /// <summary>True effect of every customer.</summary>
    public double[] TrueEffect => [.. TrueMu1.Zip(TrueMu0, (one, zero) => one - zero)];

    /// <summary>What learners are given: every row a customer of its own.</summary>
    public UpliftTask Task(int threads = 1)
    {
        int[] all = [.. Enumerable.Range(0, Rows)];
        return new UpliftTask(X, BinnedFeatures.Of(X, all, threads: threads), Treated, Propensity, Outcome, Binary, all);
    }
}
