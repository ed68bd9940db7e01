using CampaignManager.Engine.Uplift.Learners.Meta;

namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>
/// One drawing of the folds: each candidate is fitted on the others of every fold and predicts the fold. Candidate by candidate, so that whoever there is no time for is left
/// out of all folds alike; what a candidate predicts does not depend on who else is tried.
/// </summary>
internal sealed class Drawing(UpliftTask task, int[] rows, FitContext context, int folds, ulong salt)
{
    private readonly (int[] Held, int[] Others)[] parts =
    [
        .. Enumerable.Range(0, folds).Select(fold => (
            rows.Where(i => AutoLearner.FoldOf(task.Folds[i], salt) == fold).ToArray(), rows.Where(i => AutoLearner.FoldOf(task.Folds[i], salt) != fold).ToArray())),
    ];

    private readonly Nuisances?[] nuisances = new Nuisances?[folds];
    private readonly Dictionary<AutoCandidate, double[][]> effects = [];

    /// <summary>
    /// Fits candidates. Where time is short, those that find bends and interactions come first: time is short where rows are many, and there they are worth the most and take the least.
    /// </summary>
    /// <param name="candidates">Who may be tried.</param>
    /// <param name="time">What time there is; null tries all.</param>
    /// <param name="goOn">Asked before every fit.</param>
    /// <param name="told">Called after every fit, on its thread.</param>
    /// <returns>Who was tried, in the order given.</returns>
    public IReadOnlyList<AutoCandidate> Try(IReadOnlyList<AutoCandidate> candidates, IFitTime? time, Func<bool> goOn, Action told)
    {
        Each(fold => nuisances[fold] = Nuisances.CrossFit(task, parts[fold].Others, Threads.One(context)), goOn);
        // What was spent on fits, and what they cost in units of each other's; the first that costs anything is always tried.
        var (seconds, cost) = (0.0, 0.0);
        foreach (var candidate in candidates.OrderBy(c => c.Cost > 0).ThenByDescending(c => c.Flexible).ThenBy(c => c.Cost))
        {
            var begun = time?.Spent ?? 0;
            if (time is not null && cost > 0 && !time.Fits(candidate.Cost * seconds / cost))
                continue;
            var own = effects[candidate] = new double[folds][];
            Each(
                fold =>
                {
                    var model = ChosenAverage.Fit(candidate.Learner, task, parts[fold].Others, nuisances[fold]!, Threads.One(context));
                    own[fold] = AutoLearner.Effects(model, task, parts[fold].Held, Threads.One(context));
                    told();
                },
                goOn);
            if (time is not null)
                (seconds, cost) = (seconds + time.Spent - begun, cost + candidate.Cost);
        }

        return effects.Count == candidates.Count ? candidates : [.. candidates.Where(effects.ContainsKey)];
    }

    /// <summary>What the candidates predict of each fold that has rows.</summary>
    public IEnumerable<(int[] Held, double[][] Effects)> Effects(IReadOnlyList<AutoCandidate> candidates) => Enumerable.Range(0, folds)
        .Where(fold => parts[fold].Held.Length > 0)
        .Select(fold => (parts[fold].Held, candidates.Select(c => effects[c][fold]).ToArray()));

    private void Each(Action<int> work, Func<bool> goOn) => Parallel.For(0, folds, Threads.Of(context), fold =>
    {
        if (parts[fold].Held.Length > 0 && goOn())
            work(fold);
    });
}
