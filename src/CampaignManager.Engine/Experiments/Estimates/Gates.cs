namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>How conversion's interval is made.</summary>
public enum ConversionInterval
{
    /// <summary>Not shown.</summary>
    None,

    /// <summary>Newcombe's, between 5 and 20.</summary>
    Newcombe,

    /// <summary>Welch's.</summary>
    Welch,
}

/// <summary>
/// How much data an interval takes. Gates are on (buyers of both arms together) × (smaller arm's share): one on control's own count would let pass just those
/// runs in which control was lucky.
/// </summary>
public static class Gates
{
    /// <summary>For capped money.</summary>
    public const double Buyers = 60;

    /// <summary>For money without a cap.</summary>
    public const double BuyersUncapped = 200;

    /// <summary>For conversion by Welch.</summary>
    public const double Successes = 20;

    /// <summary>For conversion by Newcombe, and for a cell of a segment.</summary>
    public const double FewestSuccesses = 5;

    /// <summary>Buyers both arms have × the smaller arm's planned share.</summary>
    /// <param name="treatedBuyers">Buyers.</param>
    /// <param name="controlBuyers">Buyers.</param>
    /// <param name="controlShare">Planned share of control among the two, 0..1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share outside 0..1.</exception>
    public static double Weight(long treatedBuyers, long controlBuyers, double controlShare)
    {
        if (controlShare is < 0 or > 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(controlShare), controlShare, "A share lies in 0..1.");
        return (treatedBuyers + controlBuyers) * Math.Min(controlShare, 1 - controlShare);
    }

    /// <summary>Which interval conversion gets.</summary>
    /// <param name="weight">Of successes, from <see cref="Weight"/>.</param>
    public static ConversionInterval ForConversion(double weight) =>
        weight >= Successes ? ConversionInterval.Welch : weight >= FewestSuccesses ? ConversionInterval.Newcombe : ConversionInterval.None;
}
