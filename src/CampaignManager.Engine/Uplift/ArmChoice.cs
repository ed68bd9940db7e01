namespace CampaignManager.Engine.Uplift;

/// <summary>The best arm for each customer, against the best single arm for all.</summary>
/// <param name="Uniform">The best single arm, chosen on training rows; 0 is control.</param>
/// <param name="UniformValue">Mean outcome (or gain) when all get it, on held-out rows.</param>
/// <param name="PersonalValue">The same when each gets the arm predicted best for them.</param>
/// <param name="Difference">Personal − uniform, paired by row.</param>
/// <param name="Shares">Share of customers by arm under the personal choice.</param>
public sealed record ArmChoice(int Uniform, Estimate UniformValue, Estimate PersonalValue, Estimate Difference, IReadOnlyList<double> Shares)
{
    /// <summary>Whether choosing by customer surely beats giving everybody the same.</summary>
    public bool Detected => Difference.Low > 0;

    /// <summary>Values both policies on rows that chose neither (AIPW means).</summary>
    /// <param name="trainingScores">Unbiased score of each arm (control first) by training row.</param>
    /// <param name="heldOutScores">The same by held-out row.</param>
    /// <param name="uplift">Predicted uplift of each treated arm by held-out row; control has 0.</param>
    /// <param name="customers">Customer of every held-out row.</param>
    /// <param name="level">Coverage.</param>
    /// <exception cref="ArgumentException">No rows, or another number of arms.</exception>
    public static ArmChoice Compare(double[][] trainingScores, double[][] heldOutScores, double[][] uplift, int[] customers, double level = 0.90)
    {
        var arms = heldOutScores.Length;
        if (arms != trainingScores.Length || arms != uplift.Length + 1 || heldOutScores[0].Length == 0) throw new ArgumentException("Give scores of every arm and predictions of every treated one.", nameof(uplift));
        int n = heldOutScores[0].Length, uniform = 0;
        for (var a = 1; a < arms; a++)
            if (trainingScores[a].Average() > trainingScores[uniform].Average()) uniform = a;
        double[] personal = new double[n], difference = new double[n], shares = new double[arms];
        for (var i = 0; i < n; i++)
        {
            var best = 0;
            double highest = 0;
            for (var a = 1; a < arms; a++)
                if (uplift[a - 1][i] > highest) (best, highest) = (a, uplift[a - 1][i]);
            personal[i] = heldOutScores[best][i];
            difference[i] = personal[i] - heldOutScores[uniform][i];
            shares[best] += 1.0 / n;
        }
        return new ArmChoice(uniform, TargetingDepth.Mean(heldOutScores[uniform], customers, level), TargetingDepth.Mean(personal, customers, level), TargetingDepth.Mean(difference, customers, level), shares);
    }
}
