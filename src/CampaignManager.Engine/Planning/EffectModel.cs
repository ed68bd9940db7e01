using System.Numerics.Tensors;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Planning;

/// <summary>
/// Effects as a projection of cross-fitted AIPW scores on the planning basis: the DR-learner (Kennedy 2023) with a linear second stage, whose segment means
/// are best linear predictors of the effect (Semenova &amp; Chernozhukov 2021). Coefficients have normal priors around zero whose variances, one per block of
/// regressors, are learnt (<see cref="VarianceComponents"/>). Uncertainty has two parts: draws from the posterior, each a bootstrap sample of whole groups of
/// customers together with a draw of the prior's mean (randomise, then optimise: Bardsley et al. 2014), joint over targets, segments and offers; and
/// the variance between campaigns that no customer sample can show (DerSimonian &amp; Laird 1986), from leaving each campaign out in turn.
/// </summary>
public sealed class EffectModel
{
    private readonly double[][] draws;

    private EffectModel(double[][] coefficients, double[][] draws, double[][] precisions, double[] campaignVariance, int campaigns, long rows)
    {
        Coefficients = coefficients;
        this.draws = draws;
        Precisions = precisions;
        CampaignVariance = campaignVariance;
        Campaigns = campaigns;
        Rows = rows;
    }

    /// <summary>One coefficient vector per target.</summary>
    public IReadOnlyList<double[]> Coefficients { get; }

    /// <summary>Number of posterior draws.</summary>
    public int Draws => draws.Length;

    /// <summary>Per target and regressor: how many rows' worth of evidence the prior "no effect" counts for; 0 for the intercept.</summary>
    public IReadOnlyList<double[]> Precisions { get; }

    /// <summary>τ²: variance of a campaign's mean effect around the model, per target, for an offer inside the range tried.</summary>
    public IReadOnlyList<double> CampaignVariance { get; }

    /// <summary>Campaigns learnt from.</summary>
    public int Campaigns { get; }

    /// <summary>Rows learnt from.</summary>
    public long Rows { get; }

    /// <summary>Degrees of freedom of intervals: campaigns − 1, at least 1.</summary>
    public int DegreesOfFreedom => Math.Max(1, Campaigns - 1);

    /// <summary>Fits.</summary>
    /// <param name="statistics">Sums over all rows.</param>
    /// <param name="blocks">Block per regressor: those of a block share the variance of their coefficients; −1 for regressors that are not shrunk.</param>
    /// <param name="distances">Per campaign: how far its offer lies outside the range of the others (0 inside); its left-out error is divided by 1 + distance.</param>
    /// <param name="drawCount">Draws.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentException">No rows, or fewer than two groups.</exception>
    public static EffectModel Fit(EffectStatistics statistics, IReadOnlyList<int> blocks, ReadOnlySpan<double> distances, int drawCount = 200, ulong seed = 1)
    {
        if (statistics.Rows == 0 || statistics.Groups.Count(g => g.Count > 0) < 2)
            throw new ArgumentException("There is nothing to learn from: no rows, or all of one group of customers.", nameof(statistics));
        var total = Combine(statistics, statistics.Groups, _ => 1);
        var priors = new double[statistics.Targets][];
        var precisions = new double[statistics.Targets][];
        for (var t = 0; t < statistics.Targets; t++)
        {
            priors[t] = VarianceComponents.Estimate(total, t, blocks, out var noise);
            precisions[t] = [.. priors[t].Select(v => double.IsInfinity(v) ? 0 : noise / v)];
        }

        var coefficients = Solve(total, precisions, null);
        var random = new SeededRandom(seed);
        var draws = new double[drawCount][];
        for (var d = 0; d < drawCount; d++)
        {
            var weights = new int[statistics.Groups.Length];
            for (var g = 0; g < weights.Length; g++)
                weights[random.NextInt(weights.Length)]++;
            var sample = Combine(statistics, statistics.Groups, g => weights[g]);
            var centres = priors.Select(prior => prior.Select(v => double.IsInfinity(v) ? 0 : Math.Sqrt(v) * random.NextNormal()).ToArray()).ToArray();
            draws[d] = [.. Solve(sample, precisions, centres).SelectMany(c => c)];
        }

        var model = new EffectModel(coefficients, draws, precisions, new double[statistics.Targets], statistics.Campaigns.Count(c => c.Count > 0), statistics.Rows);
        model.SetCampaignVariance(statistics, total, distances);
        return model;
    }

    /// <summary>Everything that a later process needs to predict with this model.</summary>
    public EffectModelState ToState() => new([.. Coefficients], draws, [.. Precisions], [.. CampaignVariance], Campaigns, Rows);

    /// <summary>The model that <see cref="ToState"/> described.</summary>
    public static EffectModel Restore(EffectModelState state) =>
        new(state.Coefficients, state.Draws, state.Precisions, state.CampaignVariance, state.Campaigns, state.Rows);

    /// <summary>The projection at a vector of regressors (for a segment: their mean).</summary>
    public double Predict(int target, ReadOnlySpan<double> phi) => TensorPrimitives.Dot(Coefficients[target], phi);

    /// <summary>The same in a draw.</summary>
    public double Predict(int target, ReadOnlySpan<double> phi, int draw) =>
        TensorPrimitives.Dot(draws[draw].AsSpan(target * phi.Length, phi.Length), phi);

    /// <summary>Posterior variance of the projection at a vector of regressors.</summary>
    public double Variance(int target, ReadOnlySpan<double> phi)
    {
        double sum = 0, square = 0;
        for (var b = 0; b < draws.Length; b++)
        {
            var value = Predict(target, phi, b);
            sum += value;
            square += value * value;
        }

        var mean = sum / draws.Length;
        return Math.Max(0, square / draws.Length - mean * mean) * draws.Length / (draws.Length - 1);
    }

    private void SetCampaignVariance(EffectStatistics statistics, EffectStatistics.Sums total, ReadOnlySpan<double> distances)
    {
        var used = Enumerable.Range(0, statistics.Campaigns.Length).Where(j => statistics.Campaigns[j].Count > 0).ToArray();
        if (used.Length < 3)
            return;
        var excess = new double[statistics.Targets];
        foreach (var j in used)
        {
            var campaign = statistics.Campaigns[j];
            var rest = new EffectStatistics.Sums(statistics.Features, statistics.Targets);
            rest.AddScaled(total, 1);
            rest.AddScaled(campaign, -1);
            var left = Solve(rest, Precisions, null);
            // Regressor 0 is the intercept: its moments are the plain sums.
            var mean = campaign.Cross.AsSpan(0, statistics.Features).ToArray();
            TensorPrimitives.Divide(mean, campaign.Count, mean);
            var stretch = 1 + distances[j];
            for (var t = 0; t < statistics.Targets; t++)
            {
                var observed = campaign.Moment[t * statistics.Features] / campaign.Count;
                var residual = (observed - TensorPrimitives.Dot<double>(left[t], mean)) / stretch;
                var sampling = (campaign.Square[t] / campaign.Count - observed * observed) / campaign.Count;
                var model = Variance(t, mean) * used.Length / (used.Length - 1);
                excess[t] += residual * residual - (sampling + model) / (stretch * stretch);
            }
        }

        for (var t = 0; t < statistics.Targets; t++)
            ((double[])CampaignVariance)[t] = Math.Max(0, excess[t] / used.Length);
    }

    private static double[][] Solve(EffectStatistics.Sums sums, IReadOnlyList<double[]> precisions, double[][]? centres)
    {
        var n = sums.Moment.Length / precisions.Count;
        var factor = new double[n * n];
        var solved = new double[precisions.Count][];
        for (var t = 0; t < solved.Length; t++)
        {
            sums.Cross.CopyTo(factor, 0);
            solved[t] = sums.Moment.AsSpan(t * n, n).ToArray();
            for (var i = 0; i < n; i++)
            {
                factor[i * n + i] += precisions[t][i] + 1e-6;
                if (centres is not null)
                    solved[t][i] += precisions[t][i] * centres[t][i];
            }

            Cholesky.Factor(factor, n);
            Cholesky.Solve(factor, n, solved[t]);
        }

        return solved;
    }

    private static EffectStatistics.Sums Combine(EffectStatistics statistics, EffectStatistics.Sums[] parts, Func<int, double> weight)
    {
        var sums = new EffectStatistics.Sums(statistics.Features, statistics.Targets);
        for (var g = 0; g < parts.Length; g++)
            sums.AddScaled(parts[g], weight(g));
        return sums;
    }
}

/// <summary>A fitted <see cref="EffectModel"/> as plain arrays.</summary>
/// <param name="Coefficients">Targets × regressors.</param>
/// <param name="Draws">Draws × (targets · regressors).</param>
/// <param name="Precisions">Targets × regressors: the prior's weight in rows.</param>
/// <param name="CampaignVariance">τ² per target.</param>
/// <param name="Campaigns">Campaigns learnt from.</param>
/// <param name="Rows">Rows learnt from.</param>
public sealed record EffectModelState(double[][] Coefficients, double[][] Draws, double[][] Precisions, double[] CampaignVariance, int Campaigns, long Rows);
