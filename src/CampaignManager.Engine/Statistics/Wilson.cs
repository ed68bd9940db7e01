namespace CampaignManager.Engine.Statistics;

/// <summary>The interval of a share (Wilson 1927): it stays within 0..1 and holds for few hits as well.</summary>
public static class Wilson
{
    /// <summary>The interval of hits among so many.</summary>
    /// <param name="hits">How many, 0 to n.</param>
    /// <param name="n">Of how many, at least one.</param>
    /// <param name="level">Two-sided, between 0 and 1.</param>
    /// <returns>Both ends, 0..1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Nobody was asked, or there are more hits than that.</exception>
    public static (double Low, double High) Interval(long hits, long n, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, n);
        double z = Normal.Quantile((1 + level) / 2), z2 = z * z, share = (double)hits / n;
        double centre = share + z2 / (2 * n), half = z * Math.Sqrt(share * (1 - share) / n + z2 / (4.0 * n * n)), scale = 1 + z2 / n;
        return (Math.Max(0, (centre - half) / scale), Math.Min(1, (centre + half) / scale));
    }
}
