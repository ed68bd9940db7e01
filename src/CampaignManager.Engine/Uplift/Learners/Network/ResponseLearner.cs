namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>
/// The plain network as a learner: it predicts who buys, whatever the arm, so its uplift is 0. What it is good for is to be held beside learners of effects: those who
/// buy anyway come first in its ranking.
/// </summary>
public sealed class ResponseLearner : IUpliftLearner
{
    /// <inheritdoc/>
    public string Name => "response";

    /// <inheritdoc/>
    public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(task);
        return ResponseNetwork.Fit(task.X, task.Outcome, task.Binary, task.Folds, rows, context);
    }
}
