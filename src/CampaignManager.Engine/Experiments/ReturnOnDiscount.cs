namespace CampaignManager.Engine.Experiments;

/// <summary>What one experiment says of margin against discount.</summary>
/// <param name="Margin">Incremental margin before the discount, over the treated.</param>
/// <param name="Discount">Discount paid to the treated, with the variance that another draw of such customers would give it.</param>
/// <param name="Covariance">Of the two: whoever buys brings margin and costs discount at once.</param>
public readonly record struct ReturnPart(EffectTotal Margin, EffectTotal Discount, double Covariance)
{
    /// <summary>From the arms' statistics.</summary>
    /// <param name="treatedMargin">Margin per treated customer, before the campaign's discount.</param>
    /// <param name="controlMargin">Margin per control customer.</param>
    /// <param name="treatedDiscount">Discount per treated customer.</param>
    /// <param name="sumOfProducts">Σ margin·discount over the treated.</param>
    public static ReturnPart Of(ArmStatistics treatedMargin, ArmStatistics controlMargin, ArmStatistics treatedDiscount, double sumOfProducts)
    {
        double n = treatedMargin.Count;
        var covariance = n < 2 ? double.NaN : (sumOfProducts - treatedMargin.Sum * treatedDiscount.Sum / n) / (n - 1);
        // Var(Σd) = n²·s²/n, and the control arm does not enter the covariance.
        return new ReturnPart(EffectTotal.OfTreated(treatedMargin, controlMargin), new EffectTotal(treatedDiscount.Sum, n * treatedDiscount.Variance, n - 1), n * covariance);
    }
}

/// <summary>Return on the discount spent: (incremental margin − discount) / discount.</summary>
public static class ReturnOnDiscount
{
    /// <summary>
    /// Over several independent experiments, with its variance by the delta method: R = M/D, Var(R) = (Var M − 2R·Cov + R²·Var D) / D².
    /// Null when no discount was paid.
    /// </summary>
    public static EffectTotal? Of(IReadOnlyCollection<ReturnPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        EffectTotal margin = EffectTotal.Sum(parts.Select(p => p.Margin)), discount = EffectTotal.Sum(parts.Select(p => p.Discount));
        if (!(discount.Value > 0)) return null;
        double ratio = margin.Value / discount.Value, covariance = parts.Sum(p => p.Covariance);
        var variance = (margin.Variance - 2 * ratio * covariance + ratio * ratio * discount.Variance) / (discount.Value * discount.Value);
        return new EffectTotal(ratio - 1, Math.Max(0, variance), margin.DegreesOfFreedom);
    }
}
