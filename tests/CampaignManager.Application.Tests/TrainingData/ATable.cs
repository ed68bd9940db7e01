using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Application.Tests.TrainingData;

/// <summary>Small experiments with known effects.</summary>
internal static class ATable
{
    /// <summary>
    /// Two segments by <c>x_new</c>: effect <paramref name="effectOld"/> for 0, <paramref name="effectNew"/> for 1; the baseline depends on <c>x_recency</c>
    /// and <c>c_channel</c>, which do not move the effect. Further arms have half the effect of the one before.
    /// </summary>
    public static UpliftTable Experiment(
        int rows = 6000, ulong seed = 1, double effectOld = 0, double effectNew = 0.2, int arms = 2, double treatedShare = 0.5, int rowsPerCustomer = 1, bool split = false)
    {
        var random = new SeededRandom(seed);
        float[] isNew = new float[rows], recency = new float[rows];
        string?[] channel = new string?[rows];
        double[] converted = new double[rows], margin = new double[rows], propensity = new double[rows];
        var arm = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            isNew[i] = random.NextDouble() < 0.4 ? 1 : 0;
            recency[i] = random.NextDouble() < 0.1 ? float.NaN : (float)(random.NextDouble() * 90);
            channel[i] = random.NextDouble() < 0.05 ? null : random.NextInt(3) switch { 0 => "app", 1 => "web", _ => "shop" };
            arm[i] = random.NextDouble() < treatedShare ? 1 + random.NextInt(arms - 1) : 0;
            propensity[i] = arms == 2 ? treatedShare : arm[i] == 0 ? 1 - treatedShare : treatedShare / (arms - 1);
            var baseline = 0.1 + (recency[i] < 30 ? 0.1 : 0) + (channel[i] == "app" ? 0.05 : 0);
            var effect = arm[i] == 0 ? 0 : (isNew[i] == 1 ? effectNew : effectOld) / Math.Pow(2, arm[i] - 1);
            converted[i] = random.NextDouble() < baseline + effect ? 1 : 0;
            margin[i] = converted[i] * (20 + 5 * random.NextNormal());
        }

        var customers = Enumerable.Range(0, rows).Select(i => i / rowsPerCustomer).ToArray();
        return new UpliftTable
        {
            Manifest = new UpliftTableManifest(
                "test", ["control", .. Enumerable.Range(1, arms - 1).Select(a => $"arm {a}")],
                [new UpliftOutcome("converted", UpliftOutcome.Binary), new UpliftOutcome("margin", UpliftOutcome.Money, "CNY")]),
            Rows = [.. Enumerable.Range(0, rows).Select(i => (long)i)],
            CustomerIds = [.. customers.Select(c => $"C-{c}")],
            Customers = customers,
            CampaignIds = [.. Enumerable.Repeat("k1", rows)],
            Arms = arm,
            Propensity = propensity,
            Splits = [.. Enumerable.Range(0, rows).Select(i => split ? i % 4 == 0 ? "test" : "train" : null)],
            Features =
            [
                new FeatureColumn("x_new", FeatureKind.Numeric, "new", [], isNew),
                new FeatureColumn("x_recency", FeatureKind.Numeric, "recency", [], recency),
                UpliftTableReader.Categorical("c_channel", "channel", channel),
            ],
            Outcomes = new Dictionary<string, double[]> { ["converted"] = converted, ["margin"] = margin },
        };
    }
}
