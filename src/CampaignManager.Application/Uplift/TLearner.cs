namespace CampaignManager.Application.Uplift;

/// <summary>A model per arm (Künzel et al. 2019).</summary>
public sealed class TLearner(BoostingSettings? settings = null) : IUpliftLearner
{
    public string Name => "t";

    // One shrinkage for all arms, that of the smallest: arms fitted with different freedom would differ by that alone.
    public BoostingSettings SettingsFor(int[] arms, int[] rows) => settings ?? BoostingSettings.For(2 * rows.CountBy(i => arms[i]).Min(a => a.Value));

    public FittedUplift Fit(LearningTask task, int[] rows, int seed, CancellationToken cancellationToken)
    {
        var ensembles = new List<TreeEnsemble>();
        var boosting = SettingsFor(task.Arms, rows);
        for (var arm = 0; arm < task.ArmCount; arm++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var own = rows.Where(i => task.Arms[i] == arm).ToArray();
            ensembles.Add(BoostedTrees.Fit(new TaskExamples(task, own), task.Binary, boosting, seed));
        }

        return new FittedUplift(ensembles, [.. Enumerable.Range(1, task.ArmCount - 1).Select(arm => new ArmHeads(0, arm, false))], task.Binary);
    }
}
