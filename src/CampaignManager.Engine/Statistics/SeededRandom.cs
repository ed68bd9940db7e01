namespace CampaignManager.Engine.Statistics;

/// <summary>
/// A small random generator whose draws depend on nothing but its seed: the same on every machine and version of the runtime.
/// xoshiro256** seeded by SplitMix64 (Blackman &amp; Vigna 2018). Not for secrets. Not thread-safe: <see cref="Fork"/> one per thread.
/// </summary>
public sealed class SeededRandom
{
    private readonly ulong seed;
    private ulong s0, s1, s2, s3;
    private double spare = double.NaN;

    /// <summary>A generator for the given seed; every seed, zero too, is good.</summary>
    public SeededRandom(ulong seed)
    {
        this.seed = seed;
        var state = seed;
        s0 = Mix(ref state);
        s1 = Mix(ref state);
        s2 = Mix(ref state);
        s3 = Mix(ref state);
    }

    /// <summary>An independent generator for a named stream of the same seed; does not move this one.</summary>
    public SeededRandom Fork(ulong stream)
    {
        var state = seed ^ 0xD1B54A32D192ED03UL;
        var mixed = Mix(ref state) + stream * 0x9E3779B97F4A7C15UL;
        return new SeededRandom(Mix(ref mixed));
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(s1 * 5, 7) * 9;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform whole number in 0..exclusive−1, without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int NextInt(int exclusive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusive);
        var range = (uint)exclusive;
        var product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            var floor = (uint)-(int)range % range;
            while ((uint)product < floor) product = (NextUInt64() >> 32) * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>A standard normal draw (Marsaglia's polar method).</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(spare))
        {
            var kept = spare;
            spare = double.NaN;
            return kept;
        }
        double u, v, s;
        do
        {
            u = 2 * NextDouble() - 1;
            v = 2 * NextDouble() - 1;
            s = u * u + v * v;
        }
        while (s is >= 1 or 0);
        var factor = Math.Sqrt(-2 * Math.Log(s) / s);
        spare = v * factor;
        return u * factor;
    }

    /// <summary>A Poisson draw with the given mean; sums of independent draws of at most 30 keep the product method exact.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The mean is negative or not finite.</exception>
    public int NextPoisson(double mean)
    {
        if (!double.IsFinite(mean) || mean < 0) throw new ArgumentOutOfRangeException(nameof(mean), mean, "A mean is a finite number, 0 or more.");
        var total = 0;
        for (; mean > 30; mean -= 30) total += SmallPoisson(30);
        return total + SmallPoisson(mean);
    }

    /// <summary>Puts the items in random order (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private int SmallPoisson(double mean)
    {
        double limit = Math.Exp(-mean), product = NextDouble();
        var count = 0;
        while (product > limit)
        {
            product *= NextDouble();
            count++;
        }
        return count;
    }

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
