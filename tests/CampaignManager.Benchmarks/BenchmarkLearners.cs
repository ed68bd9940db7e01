using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Meta;

namespace CampaignManager.Benchmarks;

/// <summary>What the simulations and the speed run compare: every learner, where it takes one on every base.</summary>
internal static class BenchmarkLearners
{
    public static IReadOnlyList<IUpliftLearner> All { get; } = [.. UpliftLearners.All.SelectMany(l => l.TakesBase
        ? new[] { UpliftLearners.Trees, UpliftLearners.Linear }.Select(b => (IUpliftLearner)new NamedLearner($"{l.Name}-{b}", UpliftLearners.Create(l.Name, b)))
        : [UpliftLearners.Create(l.Name)])];

    public static IUpliftLearner Named(string name) => All.Single(learner => learner.Name == name);

    /// <summary>Γ as the app makes it.</summary>
    public static double[] CrossFittedScores(UpliftTask task, FitContext context) => Nuisances.CrossFit(task, [.. Enumerable.Range(0, task.X.Rows)], context).Gamma;

    private sealed class NamedLearner(string name, IUpliftLearner learner) : IUpliftLearner
    {
        public string Name => name;

        public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context) => learner.Fit(task, rows, context);
    }
}
