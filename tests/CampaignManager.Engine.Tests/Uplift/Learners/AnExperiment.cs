using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Tests.Uplift.Learners;

/// <summary>Small experiments with a known effect of every row.</summary>
internal sealed record AnExperiment(UpliftTask Task, int[] Rows, double[] Truth)
{
    /// <param name="effect">Of the six features of a row: two normal, one indicator, one skewed, two noise.</param>
    public static AnExperiment Of(
        Func<ReadOnlySpan<float>, double> effect, int rows = 6000, ulong seed = 1, double share = 0.5, double baseline = 0.15, bool money = false, bool changingShare = false)
    {
        var random = new SeededRandom(seed);
        var x = new FeatureMatrix(rows, 6);
        bool[] treated = new bool[rows];
        double[] propensity = new double[rows], y = new double[rows], truth = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = x.Row(i);
            row[0] = (float)random.NextNormal();
            row[1] = (float)random.NextNormal();
            row[2] = random.NextDouble() < 0.4 ? 1 : 0;
            row[3] = (float)Math.Exp(random.NextNormal());
            row[4] = (float)random.NextNormal();
            row[5] = random.NextInt(4);
            propensity[i] = changingShare ? (row[2] == 1 ? 0.8 : 0.3) : share;
            treated[i] = random.NextDouble() < propensity[i];
            truth[i] = effect(row);
            double p = Math.Clamp(baseline * Math.Exp(0.4 * row[0]) / 1.08 + (treated[i] ? truth[i] : 0), 0, 1);
            y[i] = random.NextDouble() < p ? 1 : 0;
            if (money) y[i] *= 50 * Math.Exp(0.5 * random.NextNormal());
        }
        int[] all = [.. Enumerable.Range(0, rows)];
        if (money) truth = [.. truth.Select(t => t * 50 * Math.Exp(0.125))];
        return new AnExperiment(new UpliftTask(x, BinnedFeatures.Of(x, all), treated, propensity, y, !money, all), all, truth);
    }

    public double[] Uplift(UpliftModel model, int[]? rows = null)
    {
        rows ??= Rows;
        double[] mu0 = new double[rows.Length], mu1 = new double[rows.Length];
        model.Predict(Task.X, rows, mu0, mu1, 2);
        return [.. mu1.Select((m, i) => m - mu0[i])];
    }

    public double Correlation(double[] uplift)
    {
        double a = uplift.Average(), b = Truth.Average(), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < uplift.Length; i++)
        {
            ab += (uplift[i] - a) * (Truth[i] - b);
            aa += (uplift[i] - a) * (uplift[i] - a);
            bb += (Truth[i] - b) * (Truth[i] - b);
        }
        return ab / Math.Sqrt(aa * bb);
    }

    /// <summary>Root of the mean squared error of the effects.</summary>
    public double Pehe(double[] uplift) => Math.Sqrt(uplift.Select((u, i) => (u - Truth[i]) * (u - Truth[i])).Average());
}
