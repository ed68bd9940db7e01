using System.Numerics.Tensors;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Prediction;

/// <summary>
/// Effects as a ridge projection of cross-fitted AIPW scores on the planning basis: the DR-learner (Kennedy 2023) with a linear second stage, whose segment means
/// are best linear predictors of the effect (Semenova &amp; Chernozhukov 2021). Uncertainty has two parts: bootstrap draws that resample whole groups of customers,
/// joint over targets, segments and offers; and the variance between campaigns that no customer sample can show (DerSimonian &amp; Laird 1986), from leaving
/// each campaign out in turn.
/// </summary>
public sealed class EffectModel
{
    /// <summary>Ridge strengths tried, in rows: a penalty of k acts like k rows of evidence for "no deviation".</summary>
    private static readonly double[] Strengths = [30, 100, 300, 1_000, 3_000, 10_000, 30_000];

    private const int Folds = 5;
    private readonly double[][] draws;

    private EffectModel(double[][] coefficients, double[][] draws, double[] strengths, double[] campaignVariance, int campaigns, long rows)
    {
        Coefficients = coefficients;
        this.draws = draws;
        ChosenStrengths = strengths;
        CampaignVariance = campaignVariance;
        Campaigns = campaigns;
        Rows = rows;
    }

    /// <summary>One coefficient vector per target.</summary>
    public IReadOnlyList<double[]> Coefficients { get; }

    /// <summary>Number of bootstrap draws.</summary>
    public int Draws => draws.Length;

    /// <summary>Ridge strength chosen per target by cross-validation over customers.</summary>
    public IReadOnlyList<double> ChosenStrengths { get; }

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
    /// <param name="penalties">Relative penalty per regressor.</param>
    /// <param name="distances">Per campaign: how far its offer lies outside the range of the others (0 inside); its left-out error is divided by 1 + distance.</param>
    /// <param name="drawCount">Bootstrap draws.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentException">No rows, or fewer than two groups.</exception>
    public static EffectModel Fit(EffectStatistics statistics, IReadOnlyList<double> penalties, ReadOnlySpan<double> distances, int drawCount = 200, ulong seed = 1)
    {
        if (statistics.Rows == 0 || statistics.Groups.Count(g => g.Count > 0) < 2)
            throw new ArgumentException("There is nothing to learn from: no rows, or all of one group of customers.", nameof(statistics));
        var total = Combine(statistics, statistics.Groups, _ => 1);
        var strengths = ChooseStrengths(statistics, penalties, total);
        var coefficients = Solve(total, penalties, strengths);

        var random = new SeededRandom(seed);
        var draws = new double[drawCount][];
        for (var b = 0; b < drawCount; b++)
        {
            var weights = new int[statistics.Groups.Length];
            for (var g = 0; g < weights.Length; g++)
                weights[random.NextInt(weights.Length)]++;
            var sample = Combine(statistics, statistics.Groups, g => weights[g]);
            draws[b] = [.. Solve(sample, penalties, strengths).SelectMany(c => c)];
        }

        var model = new EffectModel(coefficients, draws, strengths, new double[statistics.Targets], statistics.Campaigns.Count(c => c.Count > 0), statistics.Rows);
        model.SetCampaignVariance(statistics, penalties, total, distances);
        return model;
    }

    /// <summary>Everything that a later process needs to predict with this model.</summary>
    public EffectModelState ToState() => new([.. Coefficients], draws, [.. ChosenStrengths], [.. CampaignVariance], Campaigns, Rows);

    /// <summary>The model that <see cref="ToState"/> described.</summary>
    public static EffectModel Restore(EffectModelState state) =>
        new(state.Coefficients, state.Draws, state.Strengths, state.CampaignVariance, state.Campaigns, state.Rows);

    /// <summary>The projection at a vector of regressors (for a segment: their mean).</summary>
    public double Predict(int target, ReadOnlySpan<double> phi) => TensorPrimitives.Dot(Coefficients[target], phi);

    /// <summary>The same in a bootstrap draw.</summary>
    public double Predict(int target, ReadOnlySpan<double> phi, int draw) =>
        TensorPrimitives.Dot(draws[draw].AsSpan(target * phi.Length, phi.Length), phi);

    /// <summary>Bootstrap variance of the projection at a vector of regressors.</summary>
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
        return Math.Max(0, (square / draws.Length) - (mean * mean)) * draws.Length / (draws.Length - 1);
    }

    private void SetCampaignVariance(EffectStatistics statistics, IReadOnlyList<double> penalties, EffectStatistics.Sums total, ReadOnlySpan<double> distances)
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
            var left = Solve(rest, penalties, [.. ChosenStrengths]);
            // Regressor 0 is the intercept: its moments are the plain sums.
            var mean = campaign.Cross.AsSpan(0, statistics.Features).ToArray();
            TensorPrimitives.Divide(mean, campaign.Count, mean);
            var stretch = 1 + distances[j];
            for (var t = 0; t < statistics.Targets; t++)
            {
                var observed = campaign.Moment[t * statistics.Features] / campaign.Count;
                var residual = (observed - TensorPrimitives.Dot<double>(left[t], mean)) / stretch;
                var sampling = ((campaign.Square[t] / campaign.Count) - (observed * observed)) / campaign.Count;
                var model = Variance(t, mean) * used.Length / (used.Length - 1);
                excess[t] += (residual * residual) - ((sampling + model) / (stretch * stretch));
            }
        }

        for (var t = 0; t < statistics.Targets; t++)
            ((double[])CampaignVariance)[t] = Math.Max(0, excess[t] / used.Length);
    }

    private static double[] ChooseStrengths(EffectStatistics statistics, IReadOnlyList<double> penalties, EffectStatistics.Sums total)
    {
        var loss = new double[statistics.Targets, Strengths.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var test = Combine(statistics, statistics.Groups, g => g % Folds == fold ? 1 : 0);
            var train = new EffectStatistics.Sums(statistics.Features, statistics.Targets);
            train.AddScaled(total, 1);
            train.AddScaled(test, -1);
            for (var s = 0; s < Strengths.Length; s++)
            {
                var strength = new double[statistics.Targets];
                Array.Fill(strength, Strengths[s]);
                var fitted = Solve(train, penalties, strength);
                for (var t = 0; t < statistics.Targets; t++)
                    loss[t, s] += Loss(test, fitted[t], t);
            }
        }

        var chosen = new double[statistics.Targets];
        for (var t = 0; t < chosen.Length; t++)
        {
            var best = 0;
            for (var s = 1; s < Strengths.Length; s++)
            {
                if (loss[t, s] < loss[t, best])
                    best = s;
            }

            chosen[t] = Strengths[best];
        }

        return chosen;
    }

    /// <summary>Σ (y − φβ)² from sums alone.</summary>
    private static double Loss(EffectStatistics.Sums sums, double[] beta, int target)
    {
        var n = beta.Length;
        var quadratic = 0.0;
        for (var i = 0; i < n; i++)
            quadratic += beta[i] * TensorPrimitives.Dot<double>(sums.Cross.AsSpan(i * n, n), beta);
        return sums.Square[target] - (2 * TensorPrimitives.Dot<double>(sums.Moment.AsSpan(target * n, n), beta)) + quadratic;
    }

    private static double[][] Solve(EffectStatistics.Sums sums, IReadOnlyList<double> penalties, double[] strengths)
    {
        var n = penalties.Count;
        var solved = new double[strengths.Length][];
        double[]? factor = null;
        for (var t = 0; t < strengths.Length; t++)
        {
            if (factor is null || strengths[t] != strengths[t - 1])
            {
                factor = (double[])sums.Cross.Clone();
                for (var i = 0; i < n; i++)
                    factor[(i * n) + i] += (strengths[t] * penalties[i]) + 1e-6;
                Cholesky.Factor(factor, n);
            }

            solved[t] = sums.Moment.AsSpan(t * n, n).ToArray();
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
/// <param name="Draws">Bootstrap draws × (targets · regressors).</param>
/// <param name="Strengths">Ridge strength per target.</param>
/// <param name="CampaignVariance">τ² per target.</param>
/// <param name="Campaigns">Campaigns learnt from.</param>
/// <param name="Rows">Rows learnt from.</param>
public sealed record EffectModelState(double[][] Coefficients, double[][] Draws, double[] Strengths, double[] CampaignVariance, int Campaigns, long Rows);
