namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>
/// Whether the average says more than its simplest member, a single cut, and how far either is to be believed. What the cut has found and what the average adds to it
/// are regressed on Γ apart, each shrunk by its own uncertainty (positive-part James &amp; Stein 1961): where the addition shows no clearer than noise it is left out, and
/// customers on one side of the cut tie instead of being ordered by noise.
/// </summary>
/// <param name="Coarse">Slope of the cut.</param>
/// <param name="Fine">Slope of what the average adds.</param>
/// <param name="Overlap">How much of the cut is in the average.</param>
internal sealed record Refinement(double Coarse, double Fine, double Overlap)
{
    // The best of all features' cuts looks like this by chance in a few experiments of a hundred: a cut has to be beyond doubt before anything is measured from it.
    private const double LeastZ = 3.5;

    // A cut that falls elsewhere from fold to fold has been judged as several cuts, none of which is the one that would be used.
    private const double Stability = 0.9;

    /// <summary>Null where the cut is not to be trusted by itself.</summary>
    /// <param name="gamma">Γ of the rows.</param>
    /// <param name="average">The average's prediction of each, from fits that had not seen it, mean 0.</param>
    /// <param name="coarse">The cut's, likewise.</param>
    /// <param name="fitted">The cut's when fitted on all rows.</param>
    /// <param name="customers">Customer of each row.</param>
    public static Refinement? Of(double[] gamma, double[] average, double[] coarse, double[] fitted, int[] customers)
    {
        double variance = Covariance(coarse, coarse), fittedVariance = Covariance(fitted, fitted);
        if (!(variance > 0) || !(fittedVariance > 0) || Covariance(coarse, fitted) < Stability * Math.Sqrt(variance * fittedVariance)) return null;
        var overlap = Covariance(average, coarse) / variance;
        (var cut, var z) = Shrunk(gamma, coarse, customers);
        return z < LeastZ ? null : new Refinement(cut, Shrunk(gamma, [.. average.Select((a, i) => a - overlap * coarse[i])], customers).Slope, overlap);
    }

    /// <summary>What every member's standardised prediction is multiplied by.</summary>
    /// <param name="weights">Of the members in the average.</param>
    /// <param name="cut">Which of them is the cut.</param>
    public double[] Slopes(double[] weights, int cut)
    {
        double[] slopes = [.. weights.Select(w => Fine * w)];
        slopes[cut] = Math.Max(0, slopes[cut] + Coarse - Fine * Overlap);
        return slopes;
    }

    private static (double Slope, double Z) Shrunk(double[] gamma, double[] predicted, int[] customers)
    {
        var test = Heterogeneity.Test(gamma, predicted, customers);
        var z = test.Slope / test.StandardError / AutoLearner.CrossFitInflation;
        return z > 1 ? (test.Slope * (1 - 1 / (z * z)), z) : (0, double.IsNaN(z) ? 0 : z);
    }

    private static double Covariance(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average(), sum = 0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - meanA) * (b[i] - meanB);
        return sum / a.Length;
    }
}
