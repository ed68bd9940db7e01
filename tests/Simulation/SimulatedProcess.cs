using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Simulation;

/// <summary>P(purchase) in both worlds, and for money the mean basket in both.</summary>
public readonly record struct Truth(double Buys0, double Buys1, double Basket0 = 1, double Basket1 = 1);

/// <summary>A way to make experiments. Purchases are Bernoulli; baskets, where money is the outcome, lognormal about their mean.</summary>
/// <param name="Name">Short, as in tables.</param>
/// <param name="Width">Features.</param>
/// <param name="Truth">Of a customer, from the features.</param>
public sealed record SimulatedProcess(string Name, int Width, Func<ReadOnlySpan<float>, Truth> Truth)
{
    public delegate void FillRow(SeededRandom random, Span<float> row);

    public delegate double Chance(ReadOnlySpan<float> row);

    /// <summary>Draws the features; independent standard normals when not said.</summary>
    public FillRow Features { get; init; } = Normals;

    /// <summary>P(treated) from the features.</summary>
    public Chance Propensity { get; init; } = static _ => 0.5;

    /// <summary>Standard deviation of a basket's logarithm; 0 when the outcome is 0/1.</summary>
    public double BasketSpread { get; init; }

    /// <summary>Share of the asked rows that is made.</summary>
    public double Size { get; init; } = 1;

    /// <summary>Makes an experiment. Same rows and seed: the same data.</summary>
    public SimulatedExperiment Draw(int rows, ulong seed) => Make((int)(rows * Size), seed);

    /// <summary>Customers to judge a model on: the size asked for, whatever <see cref="Size"/> is.</summary>
    public SimulatedExperiment DrawTest(int rows, ulong seed) => Make(rows, ~seed);

    public static void Normals(SeededRandom random, Span<float> row)
    {
        foreach (ref float value in row) value = (float)random.NextNormal();
    }

    private SimulatedExperiment Make(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var x = new FeatureMatrix(rows, Width);
        bool[] treated = new bool[rows];
        double[] propensity = new double[rows], outcome = new double[rows], mu0 = new double[rows], mu1 = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = x.Row(i);
            Features(random, row);
            Truth truth = Truth(row);
            (mu0[i], mu1[i]) = (truth.Buys0 * truth.Basket0, truth.Buys1 * truth.Basket1);
            propensity[i] = Propensity(row);
            treated[i] = random.NextDouble() < propensity[i];
            bool buys = random.NextDouble() < (treated[i] ? truth.Buys1 : truth.Buys0);
            double basket = treated[i] ? truth.Basket1 : truth.Basket0;
            // e^{s·z − s²/2} has mean 1.
            if (BasketSpread > 0) basket *= Math.Exp(BasketSpread * random.NextNormal() - BasketSpread * BasketSpread / 2);
            outcome[i] = buys ? basket : 0;
        }
        return new SimulatedExperiment(Name, x, treated, propensity, outcome, BasketSpread == 0, mu0, mu1);
    }
}
