using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>Where the history a cap comes from was taken.</summary>
public enum CapSource
{
    /// <summary>The audience as of launch.</summary>
    Audience,

    /// <summary>The whole shop: the audience has too few buyers.</summary>
    Shop,

    /// <summary>No cap: too few buyers anywhere, or the history is not covered.</summary>
    None,
}

/// <summary>
/// The cap of money per customer (winsorising, Tukey 1962), frozen at launch: a quantile of positive totals of customers in windows of the planned length
/// before. Of positive ones, since a quantile over those who bought nothing would cap small purchases. Totals, ROI and the uncapped mean never are capped.
/// </summary>
/// <param name="Cap">C in minor units, also −C below; null for none.</param>
/// <param name="Percentile">Which quantile it is; null for none.</param>
/// <param name="Source">Whose history.</param>
public sealed record MoneyCap(long? Cap, double? Percentile, CapSource Source)
{
    /// <summary>Positive totals a cap takes.</summary>
    public const int FewestTotals = 200;

    private const double Usual = 0.95, ManyBuyers = 0.99;
    private const int Many = 200;

    /// <summary>Buyers of both arms × the smaller share that money takes: without a cap more.</summary>
    public double FewestBuyers => Cap is null ? Gates.BuyersUncapped : Gates.Buyers;

    /// <summary>Chooses it.</summary>
    /// <param name="audience">Totals of the audience's customers by window, minor units; those not above 0 are left out. Null where not covered.</param>
    /// <param name="shop">The same of the whole shop.</param>
    /// <param name="expectedBuyers">Buyers expected in the smaller arm.</param>
    public static MoneyCap Choose(IEnumerable<long>? audience, IEnumerable<long>? shop, double expectedBuyers)
    {
        var percentile = IsTop(expectedBuyers) ? ManyBuyers : Usual;
        return Of(audience, CapSource.Audience) ?? Of(shop, CapSource.Shop) ?? new MoneyCap(null, null, CapSource.None);

        MoneyCap? Of(IEnumerable<long>? totals, CapSource source)
        {
            double[] positive = [.. (totals ?? []).Where(t => t > 0).Select(t => (double)t)];
            if (positive.Length < FewestTotals) return null;
            Array.Sort(positive);
            return new MoneyCap((long)Math.Round(Sample.SortedQuantile(positive, percentile), MidpointRounding.ToEven), percentile, source);
        }
    }

    /// <summary>Whether the cap is the 99th percentile instead of the 95th.</summary>
    /// <param name="expectedBuyers">Buyers expected in the smaller arm.</param>
    public static bool IsTop(double expectedBuyers) => expectedBuyers >= Many;

    /// <summary>A customer's total, capped.</summary>
    public long Of(long total) => Cap is { } cap ? Math.Clamp(total, -cap, cap) : total;

    /// <summary>Both parts of a customer's ratio, each by its own cap, so that both are of the same customers.</summary>
    /// <param name="numerator">This cap's.</param>
    /// <param name="denominator">Money too.</param>
    /// <param name="other">The denominator's cap.</param>
    public (long Numerator, long Denominator) Of(long numerator, long denominator, MoneyCap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Of(numerator), other.Of(denominator));
    }
}
