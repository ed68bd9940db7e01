using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Propensity;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Propensity;

public sealed class PropensityEstimateTests
{
    private const int Rows = 6000;
    private const int PerCustomer = 2;

    private sealed record Data(FeatureMatrix X, BinnedFeatures Bins, bool[] Treated, double[] Truth, int[] Customers, int[] Folds, int[] Training)
    {
        public CrossFittedPropensity Estimate(int threads = 2) =>
            PropensityEstimate.CrossFit(X, Bins, Treated, Customers, Folds, Training, _ => true, new FitContext(3, threads));

        public double Error(CrossFittedPropensity estimate) => Math.Sqrt(estimate.Values.Select((e, i) => (e - Truth[i]) * (e - Truth[i])).Average());
    }

    /// <summary>Two rows a customer; every third customer is held out.</summary>
    private static Data Draw(Func<float, float, double> propensity)
    {
        var random = new SeededRandom(5);
        var x = new FeatureMatrix(Rows, 4);
        bool[] treated = new bool[Rows];
        double[] truth = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            foreach (ref float value in x.Row(i)) value = (float)random.NextNormal();
            truth[i] = propensity(x.Row(i)[0], x.Row(i)[1]);
            treated[i] = random.NextDouble() < truth[i];
        }
        int[] customers = [.. Enumerable.Range(0, Rows).Select(i => i / PerCustomer)], training = [.. Enumerable.Range(0, Rows).Where(i => customers[i] % 3 != 0)];
        return new Data(x, BinnedFeatures.Of(x, training), treated, truth, customers, [.. customers.Select(c => c / 3 % 5)], training);
    }

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    [Fact]
    public void CrossFit_LogisticTruth_IsFoundWithinItsError()
    {
        Data data = Draw((a, b) => Sigmoid(0.8 * a - 0.5 * b - 0.2));
        CrossFittedPropensity estimate = data.Estimate();
        // Five coefficients from 3,200 rows: a root mean squared error of about sqrt(5 · p(1 − p) / 3200) ≈ 0.018, a little more for tails that are winsorised.
        Assert.InRange(data.Error(estimate), 0, 0.03);
        Assert.NotEqual(PropensityForm.Trees, estimate.Form);
        double best = data.Training.Average(i => -Math.Log(data.Treated[i] ? data.Truth[i] : 1 - data.Truth[i]));
        Assert.InRange(estimate.LogLoss, best - 0.01, best + 0.01);
        Assert.True(estimate.LogLoss < estimate.ConstantLogLoss - 0.05);
    }

    [Fact]
    public void CrossFit_StepsNoRegressionCanFollow_AreLeftToTrees()
    {
        Data data = Draw((a, _) => Math.Abs(a) > 0.7 ? 0.8 : 0.2);
        CrossFittedPropensity estimate = data.Estimate();
        Assert.NotEqual(PropensityForm.Logistic, estimate.Form);
        Assert.InRange(data.Error(estimate), 0, 0.08);
    }

    [Fact]
    public void CrossFit_ACustomersOwnArm_ChangesNothingForThem()
    {
        Data data = Draw((a, b) => Sigmoid(0.8 * a - 0.5 * b));
        double[] before = data.Estimate().Values;
        // One customer who trains and one who is held out.
        foreach (int customer in new[] { 100, 300 })
        {
            int[] own = [.. Enumerable.Range(0, Rows).Where(i => data.Customers[i] == customer)];
            bool[] treated = (bool[])data.Treated.Clone();
            foreach (int i in own) treated[i] = !treated[i];
            double[] after = (data with { Treated = treated }).Estimate().Values;
            Assert.All(own, i => Assert.Equal(before[i], after[i]));
            if (customer % 3 != 0) Assert.NotEqual(before, after);
        }
    }

    [Fact]
    public void CrossFit_AnyThreads_SameValues()
    {
        Data data = Draw((a, b) => Sigmoid(a - b));
        Assert.Equal(data.Estimate(threads: 1).Values, data.Estimate(threads: 3).Values);
    }

    [Fact]
    public void Fit_NoRows_IsRefused()
    {
        Data data = Draw((_, _) => 0.5);
        Assert.Throws<ArgumentException>(() => PropensityEstimate.Fit(data.X, data.Bins, data.Treated, data.Customers, [], new FitContext(1)));
    }
}
