namespace CampaignManager.Engine.Uplift;

/// <summary>Augmented inverse-propensity scores (Robins, Rotnitzky &amp; Zhao 1994): unbiased for a row's effect when either the propensity or the outcome model is right.</summary>
public static class Aipw
{
    /// <summary>Γ = μ1 − μ0 + t(y − μ1)/e − (1 − t)(y − μ0)/(1 − e), per row, in the outcome's unit.</summary>
    /// <param name="outcome">y.</param>
    /// <param name="treated">t.</param>
    /// <param name="propensity">e = P(t = 1), strictly between 0 and 1; with pooled campaigns each campaign's own.</param>
    /// <param name="mu0">Predicted outcome without treatment, from folds that did not see the row.</param>
    /// <param name="mu1">Predicted outcome with treatment, likewise.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a propensity is not strictly between 0 and 1.</exception>
    public static double[] EffectScores(ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, ReadOnlySpan<double> propensity, ReadOnlySpan<double> mu0, ReadOnlySpan<double> mu1)
    {
        var one = TreatedScores(outcome, treated, propensity, mu1);
        var zero = ControlScores(outcome, treated, propensity, mu0);
        for (var i = 0; i < one.Length; i++) one[i] -= zero[i];
        return one;
    }

    /// <summary>Γ1 = μ1 + t(y − μ1)/e: unbiased for the mean outcome with treatment.</summary>
    /// <exception cref="ArgumentException">Lengths differ, or a propensity is not strictly between 0 and 1.</exception>
    public static double[] TreatedScores(ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, ReadOnlySpan<double> propensity, ReadOnlySpan<double> mu1)
    {
        Check(outcome.Length, treated.Length, propensity, mu1.Length);
        var scores = new double[outcome.Length];
        for (var i = 0; i < scores.Length; i++) scores[i] = TreatedScore(outcome[i], treated[i], propensity[i], mu1[i]);
        return scores;
    }

    /// <summary>Γ1 of one row; the propensity is the caller's to check.</summary>
    public static double TreatedScore(double outcome, bool treated, double propensity, double mu1) => mu1 + (treated ? (outcome - mu1) / propensity : 0);

    /// <summary>Γ0 = μ0 + (1 − t)(y − μ0)/(1 − e): unbiased for the mean outcome without treatment.</summary>
    /// <exception cref="ArgumentException">Lengths differ, or a propensity is not strictly between 0 and 1.</exception>
    public static double[] ControlScores(ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, ReadOnlySpan<double> propensity, ReadOnlySpan<double> mu0)
    {
        Check(outcome.Length, treated.Length, propensity, mu0.Length);
        var scores = new double[outcome.Length];
        for (var i = 0; i < scores.Length; i++) scores[i] = ControlScore(outcome[i], treated[i], propensity[i], mu0[i]);
        return scores;
    }

    /// <summary>Γ0 of one row; the propensity is the caller's to check.</summary>
    public static double ControlScore(double outcome, bool treated, double propensity, double mu0) => mu0 + (treated ? 0 : (outcome - mu0) / (1 - propensity));

    /// <summary>Mean (Γ − τ̂)²: how far predicted effects are from the unbiased scores. Lower is better; comparable only on one set of Γ.</summary>
    public static double Loss(ReadOnlySpan<double> effectScores, ReadOnlySpan<double> predicted)
    {
        if (effectScores.Length != predicted.Length) throw new ArgumentException("Give one prediction a score.", nameof(predicted));
        double sum = 0;
        for (var i = 0; i < effectScores.Length; i++) sum += (effectScores[i] - predicted[i]) * (effectScores[i] - predicted[i]);
        return sum / effectScores.Length;
    }

    private static void Check(int rows, int arms, ReadOnlySpan<double> propensity, int predictions)
    {
        if (rows != arms || rows != propensity.Length || rows != predictions) throw new ArgumentException("Outcome, arm, propensity and prediction need one value a row each.", nameof(rows));
        foreach (var e in propensity)
            if (e is not (> 0 and < 1)) throw new ArgumentException("A propensity lies strictly between 0 and 1.", nameof(propensity));
    }
}
