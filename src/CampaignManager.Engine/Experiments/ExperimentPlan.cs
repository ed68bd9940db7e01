namespace CampaignManager.Engine.Experiments;

/// <summary>What a split lets be seen after some days, for the editor's table and a live campaign's days left.</summary>
/// <param name="Customers">Customers in both arms after so many days.</param>
/// <param name="Deviation">Standard deviation of the (capped) metric a customer; for conversion √(p(1 − p)).</param>
public sealed record ExperimentPlan(Func<int, long> Customers, double Deviation)
{
    private static readonly double[] Shares = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

    /// <summary>The smallest difference found with the wanted power; null with an empty arm or without spread.</summary>
    /// <param name="share">Held out, 0..1.</param>
    /// <param name="days">Days run.</param>
    public double? Detectable(double share, int days)
    {
        var all = Customers(days);
        var held = (long)Math.Round(all * share, MidpointRounding.AwayFromZero);
        return Power.DetectableMean(Deviation, all - held, held);
    }

    /// <summary>The smallest of the usual shares that sees the target by then; null where none does.</summary>
    public double? SuggestedShare(double target, int days) => Shares.Cast<double?>().FirstOrDefault(share => Detectable(share!.Value, days) <= target);

    /// <summary>"Cannot learn anything": even half and half what is seen exceeds half of the baseline.</summary>
    /// <param name="baseline">Of the metric a customer without the campaign.</param>
    /// <param name="days">Days run.</param>
    public bool CannotLearn(double baseline, int days) => !(Detectable(0.5, days) <= 0.5 * Math.Abs(baseline));

    /// <summary>Days until the target is seen, from today; null where it is not within the horizon.</summary>
    /// <param name="share">Held out.</param>
    /// <param name="target">Difference wanted.</param>
    /// <param name="run">Days run already.</param>
    /// <param name="horizon">Days looked ahead.</param>
    public int? DaysLeft(double share, double target, int run, int horizon = 366)
    {
        for (var days = run; days <= run + horizon; days++)
            if (Detectable(share, days) <= target) return days - run;
        return null;
    }
}
