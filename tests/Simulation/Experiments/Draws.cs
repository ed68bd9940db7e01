using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>Draws of whole arms at once: exact, and hundreds of times cheaper than customer by customer.</summary>
public static class Draws
{
    /// <summary>A binomial draw by inversion that walks outwards from the mode, so that few terms are added however many customers there are.</summary>
    public static long Binomial(SeededRandom random, long n, double p)
    {
        if (n <= 0 || p <= 0) return 0;
        if (p >= 1) return n;
        var mode = (long)((n + 1) * p);
        var top = Math.Exp(LogFactorial(n) - LogFactorial(mode) - LogFactorial(n - mode) + mode * Math.Log(p) + (n - mode) * Math.Log(1 - p));
        double odds = p / (1 - p), below = top, above = top, left = random.NextDouble() - top;
        for (long low = mode, high = mode; left > 0 && (low > 0 || high < n);)
        {
            if (high < n)
            {
                above *= odds * (n - high) / (high + 1);
                high++;
                left -= above;
                if (left <= 0) return high;
            }
            if (low > 0)
            {
                below *= low / (odds * (n - low + 1));
                low--;
                left -= below;
                if (left <= 0) return low;
            }
            // What is left is rounding.
            if (above < 1e-18 && below < 1e-18) break;
        }
        return mode;
    }

    /// <summary>How many of n fall into each cell; the last cell takes the rest.</summary>
    public static long[] Multinomial(SeededRandom random, long n, ReadOnlySpan<double> chances)
    {
        var counts = new long[chances.Length];
        double rest = 0;
        foreach (var chance in chances) rest += chance;
        for (var i = 0; i < counts.Length - 1 && n > 0; i++)
        {
            counts[i] = Binomial(random, n, Math.Min(1, chances[i] / rest));
            n -= counts[i];
            rest -= chances[i];
        }
        counts[^1] = n;
        return counts;
    }

    // Stirling's series from 10 on; the differences of three of them lose nothing that a draw could show.
    private static double LogFactorial(long n)
    {
        if (n < Small.Length) return Small[n];
        double x = n + 1, square = x * x;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / x;
    }

    private static readonly double[] Small = [.. Enumerable.Range(0, 12).Select(n => Enumerable.Range(1, n).Sum(k => Math.Log(k)))];
}
