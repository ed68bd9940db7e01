using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>Customers of an arm who entered on one day, in two windows: their first days, and until the experiment closes.</summary>
public readonly record struct CohortSums(OutcomeSums First, long FirstBuyers, OutcomeSums Final, long FinalBuyers)
{
    /// <summary>Both cohorts.</summary>
    public CohortSums Plus(CohortSums other) =>
        new(First + other.First, FirstBuyers + other.FirstBuyers, Final + other.Final, FinalBuyers + other.FinalBuyers);
}

/// <summary>Draws such cohorts: a customer buys at most once in the first days and at most once in the rest, each by the weekly rate.</summary>
/// <param name="Baskets">Null: only whether somebody bought counts.</param>
/// <param name="Cap">Of each window's total; null caps nothing.</param>
/// <param name="Weekly">Share of customers who buy in a week.</param>
/// <param name="FirstDays">d.</param>
public sealed record SimulatedCohort(Baskets? Baskets, MoneyCap? Cap, double Weekly, int FirstDays)
{
    /// <summary>One cohort.</summary>
    /// <param name="random">Where it is drawn.</param>
    /// <param name="customers">How many.</param>
    /// <param name="days">Days until it closes for them.</param>
    public CohortSums Draw(SeededRandom random, long customers, int days)
    {
        var (first, both, rest) = Buyers(random, customers, days);
        if (Baskets is null)
            return new CohortSums(OutcomeSums.OfProportion(first + both, customers), first + both, OutcomeSums.OfProportion(first + both + rest, customers), first + both + rest);
        OutcomeSums firstSums = new(customers - first - both, 0, 0, 0), final = new(customers - first - both - rest, 0, 0, 0);
        for (var i = 0L; i < first + both; i++)
        {
            var basket = Baskets.Draw(random);
            firstSums += Capped(basket);
            final += Capped(i < both ? basket + Baskets.Draw(random) : basket);
        }
        for (var i = 0L; i < rest; i++) final += Capped(Baskets.Draw(random));
        return new CohortSums(firstSums, first + both, final, first + both + rest);
    }

    /// <summary>Positive totals of a window, uncapped.</summary>
    public List<long> Totals(SeededRandom random, long customers, int days)
    {
        var (first, both, rest) = Buyers(random, customers, days);
        List<long> totals = new((int)(first + both + rest));
        for (var i = 0L; i < first + rest; i++) totals.Add(Baskets!.Draw(random));
        for (var i = 0L; i < both; i++) totals.Add(Baskets!.Draw(random) + Baskets.Draw(random));
        return totals;
    }

    private (long First, long Both, long Later) Buyers(SeededRandom random, long customers, int days)
    {
        var later = 1 - Math.Pow(1 - Weekly, (days - FirstDays) / 7.0);
        var first = Draws.Binomial(random, customers, 1 - Math.Pow(1 - Weekly, FirstDays / 7.0));
        var both = Draws.Binomial(random, first, later);
        return (first - both, both, Draws.Binomial(random, customers - first, later));
    }

    private OutcomeSums Capped(long total) => OutcomeSums.Of(Cap?.Of(total) ?? total);
}
