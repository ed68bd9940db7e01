using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>A version's manifest as pages read it: 400 held-out rows, one treated arm.</summary>
internal static class AManifest
{
    public static ModelManifest Of(UpliftOutcome outcome, double slopeP)
    {
        var random = new SeededRandom(2);
        double[] y = new double[400], score = new double[400];
        var treated = new bool[400];
        for (var i = 0; i < 400; i++)
        {
            score[i] = random.NextDouble();
            treated[i] = i % 2 == 0;
            y[i] = random.NextDouble() < 0.2 + (treated[i] ? 0.4 * score[i] : 0) ? outcome.IsBinary ? 1 : 50 : 0;
        }

        var ranking = new UpliftRanking(y, treated, score);
        var arm = new ArmEvaluation("letter", 400, 200, 0.2, UpliftBootstrap.Intervals(ranking), ranking.QiniCurve(), Calibration.ByDecile(y, treated, score),
            new HeterogeneityResult(1, 0.1, slopeP), null, TargetingDepth.Find((score, y), (score, y), [.. Enumerable.Range(0, 400)]), [new FeatureImportance("x_recency_days", "recency", 0.01, 0.001)], [new MeasuredSegment("c_lifecycle", "lifecycle", "new", 100, 0.1, 0.05, 0.15)], new ArmExplanation(0.9, []), []);
        return new ModelManifest(Guid.NewGuid(), "shop", null, "x", true, outcome, "s", "trees", [], 1, ["none", "letter"], null, null, 400, 0, 400, 400, "h", [], "1", DateTime.UnixEpoch, 1, [arm], null, [], [],
            new Dictionary<string, string>());
    }
}
