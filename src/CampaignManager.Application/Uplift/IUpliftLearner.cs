namespace CampaignManager.Application.Uplift;

/// <summary>What a learner is given: an outcome over encoded rows, and which rows it may look at.</summary>
/// <param name="X">Encoded features of all rows.</param>
/// <param name="Arms">Arm of all rows; 0 control.</param>
/// <param name="ArmCount">Control included.</param>
/// <param name="Outcome">Outcome of all rows.</param>
/// <param name="Binary">Whether the outcome is 0/1.</param>
/// <param name="Weights">Of all rows, mean 1: 1/P(own arm) where propensities differ.</param>
public sealed record LearningTask(FeatureMatrix X, int[] Arms, int ArmCount, double[] Outcome, bool Binary, double[] Weights);

/// <summary>A meta-learner: turns a base learner of outcomes into predictions with and without treatment, arm by arm.</summary>
public interface IUpliftLearner
{
    /// <summary>As in uplift literature and in the API: <c>t</c>, <c>s</c>.</summary>
    string Name { get; }

    /// <summary>How hard it shrinks on these rows; kept in the manifest.</summary>
    BoostingSettings SettingsFor(int[] arms, int[] rows);

    /// <summary>Fits on the given rows only. Same task, rows and seed: the same model.</summary>
    FittedUplift Fit(LearningTask task, int[] rows, int seed, CancellationToken cancellationToken);
}

public static class UpliftLearners
{
    public static readonly IReadOnlyList<IUpliftLearner> All = [new TLearner(), new SLearner()];

    public static IUpliftLearner? Find(string name) => All.FirstOrDefault(l => l.Name == name);
}

/// <summary>Rows of a task as examples of a base model.</summary>
internal sealed class TaskExamples(LearningTask task, int[] rows) : IExamples
{
    public int Count => rows.Length;

    public int Width => task.X.Width;

    public void Features(int example, Span<float> into) => task.X.Row(rows[example]).CopyTo(into);

    public double Label(int example) => task.Outcome[rows[example]];

    public double Weight(int example) => task.Weights[rows[example]];
}

/// <summary>The same with treatment and its products with every feature beside them.</summary>
internal sealed class InteractedExamples(LearningTask task, int[] rows) : IExamples
{
    public int Count => rows.Length;

    public int Width => FittedUplift.InteractedWidth(task.X.Width);

    public void Features(int example, Span<float> into) => FittedUplift.Interact(task.X.Row(rows[example]), task.Arms[rows[example]] != 0, into);

    public double Label(int example) => task.Outcome[rows[example]];

    public double Weight(int example) => task.Weights[rows[example]];
}
