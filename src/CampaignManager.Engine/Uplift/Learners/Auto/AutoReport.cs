using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>A learner that <c>auto</c> may choose.</summary>
/// <param name="Name">Learner and base: <c>s</c>, <c>s-linear</c> ...</param>
/// <param name="Learner">The learner.</param>
/// <param name="Prior">Weight that it starts with on few rows, relative to the others'.</param>
/// <param name="Flexible">Whether it can find bends and interactions, given the rows: then it starts with more weight where there is more to be found (<see cref="Caution.Growth"/>).</param>
/// <param name="Cost">Time of a fit, relative to the others'; 0 for what takes next to none and is always tried.</param>
public sealed record AutoCandidate(string Name, IUpliftLearner Learner, double Prior = 1, bool Flexible = false, double Cost = 1);

/// <summary>How a candidate did on rows it had not seen.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="LossGain">Correlation of τ̂ with Γ: the square is the share by which a rightly scaled τ̂ lowers the DR-loss below a constant's.</param>
/// <param name="RankGain">Correlation of the rank of τ̂ with Γ: the area between uplift curve and diagonal, in units of its noise.</param>
/// <param name="Behind">Mean difference to the best candidate, paired over splits.</param>
/// <param name="BehindError">Its standard error (Nadeau &amp; Bengio 2003).</param>
/// <param name="Weight">Share in the average.</param>
public sealed record CandidateReport(string Name, double LossGain, double RankGain, double Behind, double BehindError, double Weight)
{
    /// <summary>Whether its weight is more than would be said as 0 %: hardly ever is one quite 0.</summary>
    [JsonIgnore]
    public bool HasWeight => Weight >= 0.005;
}

/// <summary>What <c>auto</c> found.</summary>
/// <param name="Candidates">In the order tried.</param>
/// <param name="Effect">Average effect (mean Γ).</param>
/// <param name="Slope">Regression of Γ on the averaged prediction among rows it had not seen.</param>
/// <param name="Z">Slope over its standard error, corrected for cross-fitting.</param>
/// <param name="PValue">One-sided.</param>
/// <param name="Repeats">Times the folds were drawn.</param>
/// <param name="Rows">Rows the choice was made on.</param>
public sealed record AutoReport(IReadOnlyList<CandidateReport> Candidates, double Effect, double Slope, double Z, double PValue, int Repeats, int Rows)
{
    /// <summary>Candidates for which there was no time; null where all were tried.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LeftOut { get; init; }

    /// <summary>Whether differences between customers are claimed: one-sided p &lt; .05.</summary>
    public bool Detected => PValue < 0.05;
}

/// <summary>A model with how it was chosen.</summary>
/// <param name="Model">The model.</param>
/// <param name="Mu0">Cross-fitted outcome without treatment by row of the table; NaN for rows the choice was not made on.</param>
/// <param name="Uplift">Cross-fitted τ̂, likewise.</param>
/// <param name="Report">What was found.</param>
/// <param name="Chosen">Fits what was chosen on other rows.</param>
public sealed record AutoFit(UpliftModel Model, double[] Mu0, double[] Uplift, AutoReport Report, IUpliftLearner Chosen);
