namespace CampaignManager.Application.Uplift;

/// <summary>One model with treatment and its products with x as inputs (Künzel et al. 2019); with several arms one a treated arm, against control.</summary>
public sealed class SLearner(BoostingSettings? settings = null) : IUpliftLearner
{
    public string Name => "s";

    public BoostingSettings SettingsFor(int[] arms, int[] rows)
    {
        var sizes = rows.CountBy(i => arms[i]).ToDictionary();
        return settings ?? BoostingSettings.For(sizes.GetValueOrDefault(0) + sizes.Where(a => a.Key != 0).Min(a => a.Value));
    }

    public FittedUplift Fit(LearningTask task, int[] rows, int seed, CancellationToken cancellationToken)
    {
        var ensembles = new List<TreeEnsemble>();
        var boosting = SettingsFor(task.Arms, rows);
        for (var arm = 1; arm < task.ArmCount; arm++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var own = rows.Where(i => task.Arms[i] == 0 || task.Arms[i] == arm).ToArray();
            ensembles.Add(BoostedTrees.Fit(new InteractedExamples(task, own), task.Binary, boosting, seed));
        }

        return new FittedUplift(ensembles, [.. ensembles.Select((_, i) => new ArmHeads(i, i, true))], task.Binary);
    }
}
