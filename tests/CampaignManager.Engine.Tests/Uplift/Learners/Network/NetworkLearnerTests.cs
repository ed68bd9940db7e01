using System.Text.Json;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Network;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Network;

public class NetworkLearnerTests
{
    [Fact]
    public void ResponseFit_ExclusiveOr_IsLearnt()
    {
        // Neither feature alone says anything: a straight line has an AUC of one half.
        UpliftTask task = Draw(4000, 1, (x, _) => x[0] > 0 != x[1] > 0 ? 0.9 : 0.1);

        ResponseModel model = ResponseNetwork.Fit(task.X, task.Outcome, true, task.Folds, All(3000), new FitContext(1));

        double[] predicted = model.Predict(task.X, [.. Enumerable.Range(3000, 1000)]);
        ResponseMetrics metrics = ResponseMetrics.Of(task.Outcome.AsSpan(3000), predicted, binary: true);
        // The truth itself reaches .9 in AUC and accuracy; the standard error of the accuracy is .0095.
        Assert.InRange(metrics.RocAuc, 0.83, 0.93);
        Assert.InRange(metrics.Accuracy, 0.85, 0.93);
    }

    [Fact]
    public void ResponseFit_NothingToLearn_StopsEarlyNearTheMean()
    {
        UpliftTask task = Draw(4000, 2, (_, _) => 0.2);

        ResponseModel model = ResponseNetwork.Fit(task.X, task.Outcome, true, task.Folds, All(4000), new FitContext(1));

        Assert.InRange(model.Epochs, 8, 25);
        Assert.Equal(model.Epochs - 8, model.BestEpoch);
        double[] predicted = model.Predict(task.X, All(4000));
        Assert.InRange(predicted.Average(), 0.15, 0.25);
        Assert.True(Spread(predicted) < 0.06);
    }

    [Fact]
    public void DragonnetFit_EffectOfOneFeature_IsRecovered()
    {
        UpliftTask task = Draw(8000, 3, (x, t) => 0.2 + (t ? x[0] > 0 ? 0.15 : 0 : 0) + (x[1] > 0 ? 0.1 : 0));

        double[] tau = Effects(new DragonnetLearner().Fit(task, All(8000), new FitContext(1)), task);

        double[] truth = [.. All(8000).Select(i => task.X.Row(i)[0] > 0 ? 0.15 : 0.0)];
        Assert.True(Correlation(tau, truth) > 0.7, $"correlation {Correlation(tau, truth)}");
        // Standard error of a difference of arm means of 4,000 each at a rate near .3: about .01.
        Assert.InRange(tau.Average(), 0.075 - 0.03, 0.075 + 0.03);
    }

    [Fact]
    public void DragonnetFit_NoDifferences_ClaimsFew()
    {
        UpliftTask task = Draw(4000, 4, (_, t) => t ? 0.15 : 0.1);

        double[] tau = Effects(new DragonnetLearner().Fit(task, All(4000), new FitContext(1)), task);

        // Standard error of the mean effect .0105.
        Assert.InRange(tau.Average(), 0.05 - 0.032, 0.05 + 0.032);
        Assert.True(Spread(tau) < 0.015, $"spread {Spread(tau)}");
    }

    [Fact]
    public void DragonnetFit_PropensityFollowsAStratumThatBuysMore_IsNotFooled()
    {
        // Feature 0 raises both the outcome (.1 to .4) and the chance of treatment (.2 to .8); the arms' plain difference would be .18, the effect is 0.
        UpliftTask task = Draw(8000, 5, (x, _) => x[0] > 0 ? 0.4 : 0.1, x => x[0] > 0 ? 0.8 : 0.2);

        double[] tau = Effects(new DragonnetLearner().Fit(task, All(8000), new FitContext(1)), task);

        Assert.InRange(tau.Average(), -0.035, 0.035);
    }

    [Fact]
    public void DragonnetFit_RareOutcome_StaysSane()
    {
        UpliftTask task = Draw(8000, 6, (_, t) => t ? 0.007 : 0.005);
        UpliftModel model = new DragonnetLearner().Fit(task, All(8000), new FitContext(1));
        double[] mu0 = new double[8000], mu1 = new double[8000];

        model.Predict(task.X, All(8000), mu0, mu1);

        Assert.All(mu0.Concat(mu1), mu => Assert.InRange(mu, 0, 0.08));
        Assert.InRange(mu0.Average(), 0.002, 0.008);
        Assert.InRange(mu1.Average(), 0.004, 0.011);
    }

    [Fact]
    public void DragonnetFit_Money_IsInTheOutcomesUnit()
    {
        UpliftTask task = Draw(6000, 7, (x, t) => t && x[0] > 0 ? 0.35 : 0.2, money: (x, random) => Math.Exp(3 + 0.5 * random.NextNormal()));

        double[] tau = Effects(new DragonnetLearner().Fit(task, All(6000), new FitContext(1)), task);

        // Half gain .15 purchases of e^{3.125} ≈ 22.8: 1.71 a customer; standard error ≈ 11/√1500 = .28.
        Assert.InRange(tau.Average(), 1.71 - 0.9, 1.71 + 0.9);
        double[] truth = [.. All(6000).Select(i => task.X.Row(i)[0] > 0 ? 3.4 : 0.0)];
        Assert.True(Correlation(tau, truth) > 0.6, $"correlation {Correlation(tau, truth)}");
    }

    [Fact]
    public void Fit_AnyThreads_SameScores()
    {
        UpliftTask task = Draw(2500, 8, (x, t) => t && x[0] > 0 ? 0.4 : 0.2);

        Assert.Equal(Effects(new DragonnetLearner(1).Fit(task, All(2500), new FitContext(9, 1)), task), Effects(new DragonnetLearner(1).Fit(task, All(2500), new FitContext(9, 2)), task));
        Assert.Equal(Effects(new DragonnetLearner(2).Fit(task, All(2500), new FitContext(9, 1)), task), Effects(new DragonnetLearner(2).Fit(task, All(2500), new FitContext(9, 2)), task));
        Assert.NotEqual(Effects(new DragonnetLearner(1).Fit(task, All(2500), new FitContext(9)), task), Effects(new DragonnetLearner(1).Fit(task, All(2500), new FitContext(10)), task));
        Assert.Equal(Response(1), Response(2));

        double[] Response(int threads) => ResponseNetwork.Fit(task.X, task.Outcome, true, task.Folds, All(2500), new FitContext(9, threads)).Predict(task.X, All(2500), threads);
    }

    [Fact]
    public void Json_RoundTrip_SameScores()
    {
        UpliftTask task = Draw(1500, 9, (x, t) => t && x[0] > 0 ? 0.4 : 0.2);
        foreach (UpliftModel model in new[] { new DragonnetLearner(2).Fit(task, All(1500), new FitContext(1)), ResponseNetwork.Fit(task.X, task.Outcome, true, task.Folds, All(1500), new FitContext(1)) })
        {
            string json = JsonSerializer.Serialize(model);
            UpliftModel read = JsonSerializer.Deserialize<UpliftModel>(json)!;

            Assert.Equal(json, JsonSerializer.Serialize(read));
            double[] mu0 = new double[1500], mu1 = new double[1500], again0 = new double[1500], again1 = new double[1500];
            model.Predict(task.X, All(1500), mu0, mu1);
            read.Predict(task.X, All(1500), again0, again1);
            Assert.Equal(mu0, again0);
            Assert.Equal(mu1, again1);
        }
    }

    [Fact]
    public void DragonnetFit_OneArmOnly_Throws()
    {
        UpliftTask task = Draw(200, 10, (_, _) => 0.5);
        int[] treated = [.. All(200).Where(i => task.Treated[i])];

        Assert.Throws<ArgumentException>(() => new DragonnetLearner().Fit(task, treated, new FitContext(1)));
    }

    [Fact]
    public void FoldSplit_Customers_AreNeverOnBothSidesAndPartsDoNotOverlap()
    {
        int[] folds = [.. All(1000).Select(i => i % 10)];

        var parts = FoldSplit.Of(All(1000), folds, 3, 1);

        foreach (var (training, validation) in parts)
        {
            Assert.Equal(200, validation.Length);
            Assert.Equal(800, training.Length);
            Assert.Empty(training.Select(i => folds[i]).Intersect(validation.Select(i => folds[i])));
        }
        Assert.Equal(600, parts.SelectMany(part => part.Validation).Distinct().Count());
    }

    private static int[] All(int rows) => [.. Enumerable.Range(0, rows)];

    private static UpliftTask Draw(int rows, ulong seed, Func<float[], bool, double> rate, Func<float[], double>? propensity = null, Func<float[], SeededRandom, double>? money = null)
    {
        var random = new SeededRandom(seed);
        var x = new FeatureMatrix(rows, 6);
        bool[] treated = new bool[rows];
        double[] e = new double[rows], y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < 6; j++) x.Row(i)[j] = (float)random.NextNormal();
            float[] features = x.Row(i).ToArray();
            e[i] = propensity?.Invoke(features) ?? 0.5;
            treated[i] = random.NextDouble() < e[i];
            bool buys = random.NextDouble() < rate(features, treated[i]);
            double amount = money?.Invoke(features, random) ?? 1;
            y[i] = buys ? amount : 0;
        }
        return new UpliftTask(x, BinnedFeatures.Of(x, All(rows)), treated, e, y, money is null, [.. All(rows).Select(i => i % 5)]);
    }

    private static double[] Effects(UpliftModel model, UpliftTask task)
    {
        int n = task.X.Rows;
        double[] mu0 = new double[n], mu1 = new double[n];
        model.Predict(task.X, All(n), mu0, mu1, 2);
        return [.. mu1.Zip(mu0, (one, zero) => one - zero)];
    }

    private static double Spread(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    private static double Correlation(double[] a, double[] b)
    {
        double ma = a.Average(), mb = b.Average();
        return a.Zip(b, (p, q) => (p - ma) * (q - mb)).Average() / (Spread(a) * Spread(b) + 1e-12);
    }
}
