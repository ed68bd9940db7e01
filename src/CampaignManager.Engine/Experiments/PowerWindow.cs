using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Engine.Experiments;

/// <summary>What customers like those of the experiment did in a past window as long as theirs.</summary>
/// <param name="Customers">Who would be in it, both arms together.</param>
/// <param name="Buying">Share of them who bought.</param>
/// <param name="Mean">Of the metric a customer.</param>
/// <param name="Deviation">Its standard deviation, money capped at the 95th percentile of buyers' totals.</param>
/// <param name="TopDeviation">The same capped at the 99th, which holds where the smaller arm has 200 buyers.</param>
public readonly record struct PowerWindow(long Customers, double Buying, double Mean, double Deviation, double TopDeviation)
{
    /// <summary>Of conversion.</summary>
    public static PowerWindow OfConversion(long customers, double baseline)
    {
        var deviation = Math.Sqrt(Math.Max(0, baseline * (1 - baseline)));
        return new PowerWindow(customers, baseline, baseline, deviation, deviation);
    }

    /// <summary>Between two windows: means, shares and variances grow about evenly with the days.</summary>
    /// <param name="longer">The longer one.</param>
    /// <param name="weight">Of the longer one, 0..1.</param>
    public PowerWindow Towards(PowerWindow longer, double weight)
    {
        return new PowerWindow(Customers, Mix(Buying, longer.Buying), Mix(Mean, longer.Mean),
            Spread(Deviation, longer.Deviation), Spread(TopDeviation, longer.TopDeviation));

        double Mix(double a, double b) => a + weight * (b - a);

        double Spread(double a, double b) => Math.Sqrt(Mix(a * a, b * b));
    }

    /// <summary>The smallest difference found with the wanted power; null with an empty arm or without spread.</summary>
    /// <param name="share">Held out, 0..1.</param>
    public double? Detectable(double share)
    {
        var held = (long)Math.Round(Customers * share, MidpointRounding.AwayFromZero);
        var top = MoneyCap.IsTop(Customers * Buying * Math.Min(share, 1 - share));
        return Power.DetectableMean(top ? TopDeviation : Deviation, Customers - held, held);
    }
}
