using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Forest;

/// <summary>Experiments with known effects.</summary>
internal static class SimulatedShop
{
    /// <summary>Uniform features; y = base(x) + t·effect(x) + noise, or a coin with that chance.</summary>
    public static (UpliftTask Task, int[] Rows, double[] Effect) Draw(int rows, Func<float[], double> effect, ulong seed = 1, int width = 6, double propensity = 0.5, double noise = 1, bool binary = false, Func<float[], double>? level = null, bool constantFeatures = false)
    {
        var random = new SeededRandom(seed);
        var x = new FeatureMatrix(rows, width);
        bool[] treated = new bool[rows];
        double[] propensities = new double[rows], outcome = new double[rows], effects = new double[rows];
        int[] folds = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] row = new float[width];
            if (!constantFeatures)
                for (int j = 0; j < width; j++) row[j] = (float)random.NextDouble();
            row.CopyTo(x.Row(i));
            (treated[i], propensities[i], folds[i], effects[i]) = (random.NextDouble() < propensity, propensity, i % 5, effect(row));
            double mean = (level?.Invoke(row) ?? (binary ? 0.3 : row[1])) + (treated[i] ? effects[i] : 0);
            outcome[i] = binary ? (random.NextDouble() < mean ? 1 : 0) : mean + noise * random.NextNormal();
        }
        int[] all = [.. Enumerable.Range(0, rows)];
        return (new UpliftTask(x, BinnedFeatures.Of(x, all), treated, propensities, outcome, binary, folds), all, effects);
    }

    public static double Step(float[] x) => x[0] > 0.5f ? 1 : 0;

    public static double[] Effects(UpliftModel model, UpliftTask task, int[] rows)
    {
        double[] mu0 = new double[rows.Length], mu1 = new double[rows.Length];
        model.Predict(task.X, rows, mu0, mu1);
        return [.. mu1.Zip(mu0, (a, b) => a - b)];
    }

    public static double Correlation(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        return a.Zip(b, (u, v) => (u - meanA) * (v - meanB)).Sum() / Math.Sqrt(a.Sum(u => (u - meanA) * (u - meanA)) * b.Sum(v => (v - meanB) * (v - meanB)));
    }

    public static double RootMeanSquare(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (u, v) => (u - v) * (u - v)).Average());

    public static double Spread(double[] a) => RootMeanSquare(a, [.. Enumerable.Repeat(a.Average(), a.Length)]);
}
