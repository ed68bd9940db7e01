namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>
/// How cautiously candidates are told apart. On few rows and weak signals the best of them is a matter of luck and trees find nothing that regressions do not; on many rows, or
/// where somebody goes with Γ clearly, it is a matter of merit. Constants chosen on simulated experiments (docs/decisions/uplift-learners.md).
/// </summary>
/// <param name="Patience">How many standard errors behind the best take a candidate's weight to 1/e of what it was.</param>
/// <param name="Growth">What a flexible candidate's prior weight is multiplied by.</param>
internal readonly record struct Caution(double Patience, double Growth)
{
    private const double FewRows = 4_000, Power = 0.75;

    private const double MostPatience = 1.5, LeastPatience = 0.5;

    // The best of the candidates' correlations with Γ, times the root of the rows: by chance up to 3 or a little more.
    private const double ByChance = 3, Clearly = 5, ClearGrowth = 6;

    /// <param name="rows">Rows judged on.</param>
    /// <param name="best">Merit of the best candidate, a correlation.</param>
    public static Caution Of(double rows, double best)
    {
        double many = Math.Max(1, rows / FewRows), clear = Math.Clamp((best * Math.Sqrt(rows) - ByChance) / (Clearly - ByChance), 0, 1);
        var patience = Math.Min(MostPatience / Math.Sqrt(many), MostPatience - clear * (MostPatience - LeastPatience));
        return new Caution(Math.Max(LeastPatience, patience), Math.Max(Math.Pow(many, Power), 1 + clear * (ClearGrowth - 1)));
    }
}
