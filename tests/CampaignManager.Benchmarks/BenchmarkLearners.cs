using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Network;

namespace CampaignManager.Benchmarks;

/// <summary>What the simulations and the speed run compare.</summary>
internal static class BenchmarkLearners
{
    public static IReadOnlyList<IUpliftLearner> All { get; } = [new ConstantLearner(), new DragonnetLearner()];

    public static IUpliftLearner Named(string name) => All.Single(learner => learner.Name == name);
}

/// <summary>The mean effect for everyone, weighted by inverse propensity: the floor.</summary>
internal sealed class ConstantLearner : IUpliftLearner
{
    public string Name => "constant";

    public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context)
    {
        var (one, zero) = ArmMeans.Of(task, rows);
        return new ConstantModel(zero, one);
    }
}

internal sealed record ConstantModel(double Control, double Treated) : UpliftModel
{
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1)
    {
        mu0[..rows.Length].Fill(Control);
        mu1[..rows.Length].Fill(Treated);
    }
}

/// <summary>Mean outcome of both arms, weighted by inverse propensity (Hájek 1971).</summary>
internal static class ArmMeans
{
    public static (double One, double Zero) Of(UpliftTask task, IEnumerable<int> rows)
    {
        double sum1 = 0, sum0 = 0, weight1 = 0, weight0 = 0;
        foreach (var i in rows)
        {
            var weight = task.Treated[i] ? 1 / task.Propensity[i] : 1 / (1 - task.Propensity[i]);
            if (task.Treated[i])
                (sum1, weight1) = (sum1 + weight * task.Outcome[i], weight1 + weight);
            else
                (sum0, weight0) = (sum0 + weight * task.Outcome[i], weight0 + weight);
        }

        return (sum1 / weight1, sum0 / weight0);
    }

    /// <summary>Γ from arm means that leave the row's fold out: unbiased, and the widest honest intervals there are.</summary>
    public static double[] CrossFittedScores(UpliftTask task, FitContext context)
    {
        int[] all = [.. Enumerable.Range(0, task.X.Rows)];
        var means = all.Select(i => task.Folds[i]).Distinct().ToDictionary(fold => fold, fold => Of(task, all.Where(i => task.Folds[i] != fold)));
        return Aipw.EffectScores(task.Outcome, task.Treated, task.Propensity, [.. all.Select(i => means[task.Folds[i]].Zero)], [.. all.Select(i => means[task.Folds[i]].One)]);
    }
}
