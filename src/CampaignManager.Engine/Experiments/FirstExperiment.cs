namespace CampaignManager.Engine.Experiments;

/// <summary>A share of the customers held back and what it lets be seen.</summary>
/// <param name="Share">Share held back, 0..1.</param>
/// <param name="Detectable">Smallest difference of conversion that is seen four times in five, in shares of 1; null with an empty arm.</param>
public sealed record HoldoutChoice(double Share, double? Detectable);

/// <summary>
/// Advice for a shop's first experiment, before anything was measured: what each split can see (<see cref="PowerPlan"/>, as in the editor), against the effect at which the
/// offer breaks even. The first campaign is best split 50:50; later ones may hold back the smallest share that still sees four fifths of the break-even, since the baseline is itself
/// a guess. Effects by segment need about 16 times as many customers for half the size (Gelman 2018): it tells whether the offer works, not for whom.
/// </summary>
/// <param name="Verdict">What can be done.</param>
/// <param name="Splits">50 %, 20 % and 10 % held back.</param>
/// <param name="First">Share to hold back in the first campaign.</param>
/// <param name="Afterwards">Share to hold back afterwards.</param>
/// <param name="Needed">Customers a 50:50 split needs to see the break-even; null where nothing pays.</param>
/// <param name="ForSegments">Customers that effects by segment would need; null where nothing pays.</param>
/// <param name="MostOffers">Offers that can be tried at once so that each pair, control included, sees the break-even; at most 3, at least 1.</param>
public sealed record FirstExperiment(
    FirstExperimentVerdict Verdict, IReadOnlyList<HoldoutChoice> Splits, double First, double Afterwards, long? Needed, long? ForSegments, int MostOffers)
{
    /// <summary>How many times as many customers an effect by segment needs: it is half the size, and so is the group.</summary>
    public const int TimesForSegments = 16;

    /// <summary>Offers that are weighed at once at most.</summary>
    public const int MostAtOnce = 3;

    // The break-even is reckoned from a baseline that may be off: a share kept for good should see a bit less than it.
    private const double Reserve = 0.8;

    private static readonly double[] Shares = [PowerPlan.Half, 0.2, 0.1];

    /// <summary>Advises on an experiment.</summary>
    /// <param name="customers">Customers who would be in it, both arms together.</param>
    /// <param name="baseline">Share of them who order in its window anyway, 0..1.</param>
    /// <param name="breakEven">The effect at which the offer pays, in shares of 1; null where none does.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of customers or a share outside 0..1.</exception>
    public static FirstExperiment Advise(long customers, double baseline, double? breakEven)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(customers);
        var window = PowerWindow.OfConversion(customers, baseline);
        List<HoldoutChoice> splits = [.. Shares.Select(share => new HoldoutChoice(share, window.Detectable(share)))];
        var verdict = breakEven is null ? FirstExperimentVerdict.CannotPay : new PowerPlan(_ => window).Verdict(breakEven, 0);
        var afterwards = splits.Where(s => s.Detectable <= Reserve * breakEven).Select(s => s.Share).DefaultIfEmpty(PowerPlan.Half).Min();
        var needed = breakEven is > 0 and { } effect ? Power.CustomersNeeded(baseline, effect) : (long?)null;
        var offers = Enumerable.Range(1, MostAtOnce).Where(k => PairSees(customers, k, baseline) <= breakEven).DefaultIfEmpty(1).Max();
        return new FirstExperiment(verdict, splits, PowerPlan.Half, afterwards, needed, needed * TimesForSegments, offers);
    }

    // Equal arms: of two offers each has as many customers as control.
    private static double? PairSees(long customers, int offers, double baseline) => Power.DetectableDifference(baseline, customers / (offers + 1), customers / (offers + 1));
}
