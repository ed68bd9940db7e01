namespace CampaignManager.Application.Demo;

/// <summary>
/// SplitMix64 (Steele, Lea &amp; Flood 2014): small, fast, and the same on every runtime for ever, which <see cref="Random"/> with a seed does not promise.
/// Each customer has a stream of its own, so what is drawn does not depend on threads or order.
/// </summary>
internal struct DemoRandom(ulong state)
{
    private ulong state = state;

    public static DemoRandom For(long seed, int stream, int index)
    {
        var mix = new DemoRandom(unchecked((ulong)seed));
        mix.state = mix.Next() ^ ((ulong)(uint)stream << 32 | (uint)index);
        return new DemoRandom(mix.Next());
    }

    public ulong Next()
    {
        var z = unchecked(state += 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform integer in [0, n).</summary>
    public int Below(int n) => (int)Math.BigMul(Next(), (ulong)n, out _);

    public bool Chance(double p) => Uniform() < p;

    public double Exponential() => -Math.Log(1 - Uniform());

    public double Normal()
    {
        var radius = Math.Sqrt(2 * Exponential());
        return radius * Math.Cos(2 * Math.PI * Uniform());
    }

    /// <summary>Gamma with this shape and scale 1 (Marsaglia &amp; Tsang 2000; shapes below 1 by their boost).</summary>
    public double Gamma(double shape)
    {
        if (shape < 1)
            return Gamma(shape + 1) * Math.Pow(1 - Uniform(), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + (c * x);
            if (v <= 0)
                continue;
            v = v * v * v;
            if (Math.Log(1 - Uniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }

    /// <summary>Poisson by inversion; for small means.</summary>
    public int Poisson(double mean)
    {
        var limit = Math.Exp(-mean);
        var product = Uniform();
        var count = 0;
        while (product > limit)
        {
            count++;
            product *= Uniform();
        }

        return count;
    }

    /// <summary>An index with probability proportional to its weight; the weights must have a positive sum.</summary>
    public int Pick(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        var left = Uniform() * sum;
        var last = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            last = i;
            if (left < weights[i])
                return i;
            left -= weights[i];
        }

        return last;
    }
}
