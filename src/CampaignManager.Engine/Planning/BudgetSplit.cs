namespace CampaignManager.Engine.Planning;

/// <summary>One way to spend on a campaign.</summary>
/// <param name="Cost">Discounts to be paid, ≥ 0.</param>
/// <param name="Gain">Net profit it brings.</param>
public readonly record struct SpendOption(double Cost, double Gain);

/// <summary>
/// A budget split over campaigns, at most one option each: the multiple-choice knapsack. Of each campaign only the options on the upper
/// hull of
/// (cost, gain) can be best for some price λ of a unit of budget; the price at which the hulls' choices just spend the budget is found
/// by bisection,
/// what it leaves over goes to the steps that still fit. The linear relaxation bounds every split from above
/// (Sinha &amp; Zoltners 1979; Kellerer, Pferschy &amp; Pisinger 2004, chapter 11).
/// </summary>
/// <param name="Chosen">Per campaign the index of its option; −1 for none.</param>
/// <param name="Cost">What they cost together, at most the budget.</param>
/// <param name="Gain">What they bring together.</param>
/// <param name="Bound">No split brings more.</param>
/// <param name="Price">λ: gain of one more unit of budget at the margin; 0 where the budget is not what limits.</param>
public sealed record BudgetSplit(IReadOnlyList<int> Chosen, double Cost, double Gain, double Bound, double Price)
{
    private const int Halvings = 200;

    /// <summary>At most this much more could be had.</summary>
    public double Gap => Math.Max(0, Bound - Gain);

    /// <summary>Splits.</summary>
    /// <param name="campaigns">Options of each campaign; doing nothing is always one of them.</param>
    /// <param name="budget">To be spent at most, ≥ 0.</param>
    /// <exception cref="ArgumentException">A cost is negative, or a number is not finite.</exception>
    public static BudgetSplit Of(IReadOnlyList<IReadOnlyList<SpendOption>> campaigns, double budget)
    {
        ArgumentNullException.ThrowIfNull(campaigns);
        if (!double.IsFinite(budget) || budget < 0)
            throw new ArgumentException("A budget is a finite number, at least 0.", nameof(budget));
        if (campaigns.Any(c => c.Any(o => !(o.Cost >= 0) || !double.IsFinite(o.Cost) || !double.IsFinite(o.Gain))))
            throw new ArgumentException("Costs are finite and at least 0, gains are finite.", nameof(campaigns));
        int[][] hulls = [.. campaigns.Select(Hull)];
        var price = PriceOf(campaigns, hulls, budget);
        int[] at = [.. hulls.Select((hull, c) => Best(campaigns[c], hull, price))];
        int[] chosen = [.. hulls.Select((hull, c) => hull[at[c]])];
        // Weak duality holds at any price, so that rounding in the bisection cannot make the bound too low.
        var bound = Sum(campaigns, chosen, o => o.Gain) + price * (budget - Sum(campaigns, chosen, o => o.Cost));
        Improve(campaigns, chosen, budget);
        return new BudgetSplit(chosen, Sum(campaigns, chosen, o => o.Cost), Sum(campaigns, chosen, o => o.Gain), bound, price);
    }

    /// <summary>Options on the upper hull, by rising cost and falling gain per unit of it; the first is the best that costs nothing (−1:
    /// nothing).</summary>
    private static int[] Hull(IReadOnlyList<SpendOption> options)
    {
        List<int> hull = [];
        foreach (var next in Enumerable.Range(-1, options.Count + 1)
            .OrderBy(i => At(options, i).Cost).ThenByDescending(i => At(options, i).Gain).ThenBy(i => i))
        {
            var point = At(options, next);
            if (hull.Count > 0 && point.Gain <= At(options, hull[^1]).Gain)
                continue;
            while (hull.Count > 1 && Turns(At(options, hull[^2]), At(options, hull[^1]), point))
                hull.RemoveAt(hull.Count - 1);
            hull.Add(next);
        }

        return [.. hull];
    }

    // The middle one lies on or below the line from the first to the last.
    private static bool Turns(SpendOption first, SpendOption middle, SpendOption last) =>
        (middle.Gain - first.Gain) * (last.Cost - first.Cost) <= (last.Gain - first.Gain) * (middle.Cost - first.Cost);

    private static double PriceOf(IReadOnlyList<IReadOnlyList<SpendOption>> campaigns, int[][] hulls, double budget)
    {
        double Spent(double price) =>
            hulls.Select((hull, c) => At(campaigns[c], hull[Best(campaigns[c], hull, price)]).Cost).Sum();
        if (Spent(0) <= budget)
            return 0;
        double low = 0, high = 1;
        while (Spent(high) > budget)
            high *= 2;
        for (var i = 0; i < Halvings && low < high; i++)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
                break;
            if (Spent(middle) > budget)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    /// <summary>Place on the hull of what is best when a unit of budget costs a price.</summary>
    private static int Best(IReadOnlyList<SpendOption> options, int[] hull, double price)
    {
        var best = 0;
        for (var k = 1; k < hull.Length; k++)
        {
            SpendOption from = At(options, hull[best]), to = At(options, hull[k]);
            var more = to.Gain - from.Gain - price * (to.Cost - from.Cost);
            if (more > 0)
                best = k;
        }

        return best;
    }

    // Option by option, what brings most of all that still fits.
    private static void Improve(IReadOnlyList<IReadOnlyList<SpendOption>> campaigns, int[] chosen, double budget)
    {
        var left = budget - Sum(campaigns, chosen, o => o.Cost);
        while (true)
        {
            var (campaign, option, gain) = (-1, -1, 0.0);
            for (var c = 0; c < chosen.Length; c++)
            {
                var now = At(campaigns[c], chosen[c]);
                for (var k = 0; k < campaigns[c].Count; k++)
                {
                    var more = campaigns[c][k].Gain - now.Gain;
                    if (more > gain && campaigns[c][k].Cost - now.Cost <= left)
                        (campaign, option, gain) = (c, k, more);
                }
            }

            if (campaign < 0)
                return;
            left -= campaigns[campaign][option].Cost - At(campaigns[campaign], chosen[campaign]).Cost;
            chosen[campaign] = option;
        }
    }

    private static double Sum(IReadOnlyList<IReadOnlyList<SpendOption>> campaigns, int[] chosen, Func<SpendOption, double> of) =>
        chosen.Select((option, c) => of(At(campaigns[c], option))).Sum();

    private static SpendOption At(IReadOnlyList<SpendOption> options, int index) => index < 0 ? default : options[index];
}
