using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Meta;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>A LightGBM model per arm: what our own trees are compared with.</summary>
public sealed class LightGbmTLearner : IUpliftLearner
{
    public string Name => "t";

    public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        var arms = new[] { false, true }.Select(arm => rows.Where(i => task.Treated[i] == arm).ToArray()).ToList();
        var settings = BoostingSettings.ForOutcome(arms.Min(a => a.Length));
        RowScorer Arm(int[] own)
        {
            context.Token.ThrowIfCancellationRequested();
            return LightGbmTrees.Fit(new TaskExamples(task, own), task.Binary, settings, (int)context.Seed);
        }

        return new OutcomeHeads(Arm(arms[0]), Arm(arms[1]));
    }

    private sealed class TaskExamples(UpliftTask task, int[] rows) : IExamples
    {
        public int Count => rows.Length;

        public int Width => task.X.Width;

        public void Features(int example, Span<float> into) => task.X.Row(rows[example]).CopyTo(into);

        public double Label(int example) => task.Outcome[rows[example]];

        public double Weight(int example)
        {
            var e = task.Propensity[rows[example]];
            return 1 / Math.Max(0.02, task.Treated[rows[example]] ? e : 1 - e);
        }
    }
}
