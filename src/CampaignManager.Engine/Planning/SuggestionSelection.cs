using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Planning;

/// <summary>A candidate's value: how much more net profit, how uncertain.</summary>
/// <param name="Delta">Expected change of net profit.</param>
/// <param name="StandardError">Its standard error, positive.</param>
/// <param name="DegreesOfFreedom">Of the t distribution its interval uses.</param>
/// <param name="Customers">Customers whose offer changes.</param>
public readonly record struct MoveValue(double Delta, double StandardError, double DegreesOfFreedom, double Customers)
{
    /// <summary>P(Δ &gt; 0).</summary>
    public double ProbabilityPositive => StandardError > 0 ? StudentT.Cdf(Delta / StandardError, DegreesOfFreedom) : Delta > 0 ? 1 : 0;
}

/// <summary>A candidate that may be shown, with the central 90 % interval of the posterior that its probability comes from.</summary>
/// <param name="Index">Position among the candidates handed in.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct SelectedMove(int Index, double Low, double High);

/// <summary>What may be shown of many candidates without promising chance findings.</summary>
public static class SuggestionSelection
{
    /// <summary>Most of what is shown that may be false, in the mean.</summary>
    public const double FalseShare = 0.10;

    /// <summary>Least probability of a gain with which anything is shown.</summary>
    public const double LeastProbability = 0.90;

    /// <summary>Fewest customers a move must touch.</summary>
    public const double MinimumSupport = 200;

    private const double Tail = 0.95;

    /// <summary>
    /// Keeps, of candidates with enough support, the largest set in which the mean of 1 − P(Δ &gt; 0) is at most .10 and each P is at
    /// least .9 (the Bayesian false discovery rate). P is that of a posterior whose effects are shrunk already, so looking at many
    /// candidates needs no further price, and the interval is the central 90 % of the same posterior: it lies above zero exactly where
    /// P is at least .95. Best first.
    /// </summary>
    public static IReadOnlyList<SelectedMove> Select(IReadOnlyList<MoveValue> candidates)
    {
        var doubt = 0.0;
        var kept = new List<SelectedMove>();
        foreach (var i in Enumerable.Range(0, candidates.Count)
            .Where(i => candidates[i].Customers >= MinimumSupport && candidates[i].StandardError > 0)
            .OrderByDescending(i => candidates[i].ProbabilityPositive).ThenBy(i => i))
        {
            var value = candidates[i];
            doubt += 1 - value.ProbabilityPositive;
            if (value.ProbabilityPositive < LeastProbability || doubt > FalseShare * (kept.Count + 1))
                break;
            var half = StudentT.Quantile(Tail, value.DegreesOfFreedom) * value.StandardError;
            kept.Add(new SelectedMove(i, value.Delta - half, value.Delta + half));
        }

        return [.. kept.OrderByDescending(s => candidates[s.Index].Delta).ThenBy(s => s.Index)];
    }

    /// <summary>How many times the data so far it would take to tell a move's value from zero with 80 % power (two-sided 5 %).</summary>
    public static double DataNeeded(in MoveValue value)
    {
        const double Quantiles = 1.959964 + 0.841621;
        return value.Delta == 0 ? double.PositiveInfinity : Math.Pow(Quantiles * value.StandardError / value.Delta, 2);
    }
}
