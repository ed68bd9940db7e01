using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation;

/// <summary>The processes that decide defaults: sized as in a shop (5–20 % buy, effects of 1–5 points), so that 4,000 customers are hard but not hopeless.</summary>
public static class Simulations
{
    private const int Levels = 40, Shown = 20;

    public static IReadOnlyList<SimulatedProcess> All { get; } =
    [
        new("linear", 10, x => Points(Base(x), 0.025 + 0.02 * Clip(x[0]) + 0.01 * Clip(x[1]))),
        new("threshold", 10, x => Points(Base(x), x[0] > 0.5 ? 0.06 : 0.005)),
        new("sparse", 50, x => Points(Base(x), x[7] > 0 && x[31] > -0.5 ? 0.06 : 0)),
        new("noise", 70, x => Points(Base(x), 0.02 + 0.02 * Clip(x[3]))),
        new("negative", 10, x => Points(Base(x), x[0] < -0.3 ? -0.04 : 0.04)),
        new("rare", 10, x => Points(0.005 * Math.Exp(0.4 * Clip(x[2])), x[0] > 0.3 ? 0.006 : 0.0005)),
        new("unbalanced", 10, x => Points(Base(x), 0.02 + 0.025 * Clip(x[0]))) { Propensity = static _ => 0.1 },
        new("money", 10, x => new Truth(Base(x), Base(x) + (x[0] > 0 ? 0.05 : 0), 40 * Math.Exp(0.3 * Clip(x[3])), 40 * Math.Exp(0.3 * Clip(x[3])))) { BasketSpread = 1.2 },
        new("basket", 10, x => new Truth(Base(x), Base(x), 40, x[1] > 0 ? 55 : 38)) { BasketSpread = 0.5 },
        new("none", 10, x => Points(Base(x), 0)),
        new("constant", 10, x => Points(Base(x), 0.03)),
        new("offer", 12, x => Points(Base(x), 0.4 * Math.Max(0, x[10] - 0.05) * (x[11] > 1 ? 0.4 : 1))) { Features = Offers },
        new("proportional", 10, x => Odds(Base(x), 0.35)),
        new("interaction", 10, x => Points(Base(x), x[0] > 0 == x[1] > 0 ? 0.05 : -0.01)),
        new("levels", Shown + 6, x => Points(Base(x), x[6 + 2] + x[6 + 5] + x[6 + 9] + x[6 + 14] > 0 ? 0.06 : 0.01)) { Features = ManyLevels },
        new("small", 10, x => Points(Base(x), x[0] > 0 ? 0.09 : 0)) { Size = 0.25 },
        new("strata", 10, x => Points(x[0] > 0 ? 0.17 : 0.08, 0.01 + (x[1] > 0 ? 0.04 : 0))) { Propensity = static x => x[0] > 0.6 ? 0.8 : x[0] > -0.6 ? 0.5 : 0.2 },
        new("curve", 10, x => Points(Base(x), 0.05 * Math.Exp(-x[0] * x[0]) - 0.01)),
    ];

    // A tenth or so buy; features 2 to 4 say who.
    private static double Base(ReadOnlySpan<float> x) => 1 / (1 + Math.Exp(2.1 - 0.4 * Clip(x[2]) - 0.3 * Clip(x[3]) + (x[4] > 0 ? 0.2 : -0.2)));

    private static double Clip(double z) => Math.Clamp(z, -2, 2);

    private static Truth Points(double without, double effect) => new(without, Math.Clamp(without + effect, 0.001, 0.999));

    private static Truth Odds(double without, double logit) => new(without, 1 / (1 + (1 - without) / without * Math.Exp(-logit)));

    // The last two: depth of the discount offered, one of six campaigns', and the threshold over the customer's usual basket.
    private static void Offers(SeededRandom random, Span<float> row)
    {
        SimulatedProcess.Normals(random, row[..10]);
        row[10] = 0.05f * (1 + random.NextInt(6)) / 1.2f;
        row[11] = (float)(0.4 + 1.2 * random.NextDouble());
    }

    // Six numbers, twenty indicators of the commonest of forty levels; the rest is "other", all zero. Level l is drawn with weight 1/(l + 4).
    private static void ManyLevels(SeededRandom random, Span<float> row)
    {
        SimulatedProcess.Normals(random, row[..6]);
        row[6..].Clear();
        double at = random.NextDouble() * Enumerable.Range(0, Levels).Sum(l => 1.0 / (l + 4));
        int level = 0;
        while (level < Levels - 1 && (at -= 1.0 / (level + 4)) > 0) level++;
        if (level < Shown) row[6 + level] = 1;
    }
}
