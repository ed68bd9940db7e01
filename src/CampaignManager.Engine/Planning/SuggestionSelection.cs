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

/// <summary>A candidate that may be shown, with an interval that allows for having been picked among many.</summary>
/// <param name="Index">Position among the candidates handed in.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct SelectedMove(int Index, double Low, double High);

/// <summary>What may be shown of many candidates without promising chance findings.</summary>
public static class SuggestionSelection
{
    /// <summary>False discovery rate of what is shown.</summary>
    public const double FalseDiscoveryRate = 0.10;

    /// <summary>Fewest customers a move must touch.</summary>
    public const double MinimumSupport = 200;

    /// <summary>
    /// Keeps candidates by Benjamini &amp; Hochberg (1995) on p = 1 − P(Δ &gt; 0) at q = .10 among those with enough support, and widens the intervals of the R kept of m
    /// to level 1 − q·R/m (false coverage rate, Benjamini &amp; Yekutieli 2005). Best first.
    /// </summary>
    public static IReadOnlyList<SelectedMove> Select(IReadOnlyList<MoveValue> candidates)
    {
        var eligible = Enumerable.Range(0, candidates.Count)
            .Where(i => candidates[i].Customers >= MinimumSupport && candidates[i].StandardError > 0)
            .OrderBy(i => 1 - candidates[i].ProbabilityPositive).ThenBy(i => i)
            .ToArray();
        var kept = 0;
        for (var rank = 1; rank <= eligible.Length; rank++)
        {
            if (1 - candidates[eligible[rank - 1]].ProbabilityPositive <= FalseDiscoveryRate * rank / eligible.Length)
                kept = rank;
        }

        if (kept == 0)
            return [];
        var tail = FalseDiscoveryRate * kept / eligible.Length / 2;
        return
        [
            .. eligible.Take(kept)
                .Select(i =>
                {
                    var half = StudentT.Quantile(1 - tail, candidates[i].DegreesOfFreedom) * candidates[i].StandardError;
                    return new SelectedMove(i, candidates[i].Delta - half, candidates[i].Delta + half);
                })
                .OrderByDescending(s => candidates[s.Index].Delta).ThenBy(s => s.Index),
        ];
    }

    /// <summary>How many times the data so far it would take to tell a move's value from zero with 80 % power (two-sided 5 %).</summary>
    public static double DataNeeded(in MoveValue value)
    {
        const double Quantiles = 1.959964 + 0.841621;
        return value.Delta == 0 ? double.PositiveInfinity : Math.Pow(Quantiles * value.StandardError / value.Delta, 2);
    }
}
