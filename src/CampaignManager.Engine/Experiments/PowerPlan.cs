namespace CampaignManager.Engine.Experiments;

/// <summary>What can be done with an experiment.</summary>
public enum FirstExperimentVerdict
{
    /// <summary>A 50:50 split sees the target.</summary>
    Sees,

    /// <summary>Not even a 50:50 split sees it: more customers, more days or a dearer question.</summary>
    TooFew,

    /// <summary>No effect pays for the offer.</summary>
    CannotPay,

    /// <summary>What a 50:50 split could see is more than half of what there is anyway, and more than the target: nothing can be learnt.</summary>
    CannotLearn,
}

/// <summary>
/// What splits let be seen after some days: the one reckoning behind the editor's table, the first experiment's advice and a live campaign's days left.
/// It takes the plain spread of the capped metric: no cut by covariates is promised.
/// </summary>
/// <param name="Window">What a campaign of so many days would see of customers like its own.</param>
public sealed record PowerPlan(Func<int, PowerWindow> Window)
{
    /// <summary>The split that sees most.</summary>
    public const double Half = 0.5;

    private const double MostOfBaseline = 0.5;

    /// <summary>The usual shares held out.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0.05, 0.1, 0.2, 0.3, 0.4, Half];

    /// <summary>The smallest difference found with the wanted power; null with an empty arm or without spread.</summary>
    /// <param name="share">Held out, 0..1.</param>
    /// <param name="days">Days run.</param>
    public double? Detectable(double share, int days) => Window(days).Detectable(share);

    /// <summary>The smallest of the usual shares that sees the target by then; null where none does.</summary>
    public double? SuggestedShare(double target, int days)
    {
        var window = Window(days);
        return Shares.Cast<double?>().FirstOrDefault(share => window.Detectable(share!.Value) <= target);
    }

    /// <summary>What a split of half and half can do.</summary>
    /// <param name="target">Difference wanted; null where nobody said which: then only whether anything can be learnt is told.</param>
    /// <param name="days">Days run.</param>
    public FirstExperimentVerdict Verdict(double? target, int days)
    {
        var window = Window(days);
        var best = window.Detectable(Half);
        if (best is null || (best > MostOfBaseline * Math.Abs(window.Mean) && !(best <= target))) return FirstExperimentVerdict.CannotLearn;
        return best > target ? FirstExperimentVerdict.TooFew : FirstExperimentVerdict.Sees;
    }

    /// <summary>Days until the target is seen, from today; null where it is not within the horizon.</summary>
    /// <param name="share">Held out.</param>
    /// <param name="target">Difference wanted.</param>
    /// <param name="run">Days run already.</param>
    /// <param name="horizon">Days looked ahead.</param>
    /// <param name="step">Days from one look to the next: campaigns are read after whole weeks.</param>
    public int? DaysLeft(double share, double target, int run, int horizon = 90, int step = 1)
    {
        for (var days = run; days <= run + horizon; days += step)
            if (Detectable(share, days) <= target) return days - run;
        return null;
    }
}
