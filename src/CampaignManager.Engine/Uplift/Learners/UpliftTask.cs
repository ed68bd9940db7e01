namespace CampaignManager.Engine.Uplift.Learners;

/// <summary>What two-arm learners are given. All arrays have one value a row of <see cref="X"/>; a learner looks only at the rows it is told.</summary>
/// <param name="X">Encoded features.</param>
/// <param name="Bins">The same, cut into bins.</param>
/// <param name="Treated">Arm.</param>
/// <param name="Propensity">e = P(treated), strictly between 0 and 1; with pooled campaigns each campaign's own.</param>
/// <param name="Outcome">y: 0/1, or money.</param>
/// <param name="Binary">Whether every outcome is 0 or 1: then predictions are probabilities.</param>
/// <param name="Folds">The customer's number from 0, the same for all rows of a customer and of nobody else: what cross-fitting inside a learner leaves out together.</param>
public sealed record UpliftTask(FeatureMatrix X, BinnedFeatures Bins, bool[] Treated, double[] Propensity, double[] Outcome, bool Binary, int[] Folds);

/// <summary>What a fit may use besides its task.</summary>
/// <param name="Seed">Same task, rows and seed: the same model, whatever the number of threads.</param>
/// <param name="Threads">Threads the fit may use.</param>
/// <param name="Token">Ends the fit early.</param>
public sealed record FitContext(ulong Seed, int Threads = 1, CancellationToken Token = default);

/// <summary>A learner of one treated arm against control: fit → (μ0, μ1, τ).</summary>
public interface IUpliftLearner
{
    /// <summary>As in the literature and in the API: <c>t</c>, <c>dr</c>, <c>forest</c> ...</summary>
    string Name { get; }

    /// <summary>Fits on the given rows only.</summary>
    /// <param name="task">The data.</param>
    /// <param name="rows">Row indices, ascending.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    UpliftModel Fit(UpliftTask task, int[] rows, FitContext context);
}
