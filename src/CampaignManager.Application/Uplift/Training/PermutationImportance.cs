using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>How much the ranking loses when a feature's values are shuffled among held-out rows.</summary>
/// <param name="Feature">Column name.</param>
/// <param name="Label">Readable name as the data give it.</param>
/// <param name="Loss">Drop of the unnormalised Qini area, mean over the shuffles.</param>
/// <param name="Spread">Standard deviation over the shuffles.</param>
public sealed record FeatureImportance(string Feature, string Label, double Loss, double Spread);

/// <summary>Shuffles one feature at a time among held-out rows.</summary>
internal static class PermutationImportance
{
    private const int ImportanceRows = 20_000;
    private const int SurrogateRows = 50_000;
    private const int Shuffles = 3;
    private const int MostFeatures = 20;

    public static IReadOnlyList<FeatureImportance> Of(ArmScores scores, HeldOutRows held, CancellationToken cancellationToken)
    {
        var (table, trained, arm) = (scores.Table, scores.Trained, scores.Arm);
        var rows = scores.Test.Take(ImportanceRows).ToArray();
        var heads = new FittedUplift([trained.Model.Arms[arm - 1]]);
        var all = Enumerable.Range(0, rows.Length).ToArray();
        double QiniOf(FeatureMatrix x)
        {
            double[][] mu0 = [new double[rows.Length]], mu1 = [new double[rows.Length]];
            heads.Predict(x, all, mu0, mu1, cancellationToken);
            return held.Area([.. all.Select(i => trained.IsResponse ? mu1[0][i] : mu1[0][i] - mu0[0][i])]);
        }

        var copy = new FeatureMatrix(rows.Length, trained.X.Width);
        foreach (var i in all)
            trained.X.Row(rows[i]).CopyTo(copy.Row(i));
        var whole = QiniOf(copy);
        var random = new SeededRandom(7);
        var result = new List<FeatureImportance>();
        foreach (var (feature, columns) in MostUsed(table, trained, arm))
        {
            var losses = new double[Shuffles];
            for (var draw = 0; draw < Shuffles; draw++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var order = all.ToArray();
                random.Shuffle<int>(order);
                foreach (var i in all)
                {
                    foreach (var j in columns)
                        copy.Row(i)[j] = trained.X.Row(rows[order[i]])[j];
                }

                losses[draw] = whole - QiniOf(copy);
            }

            foreach (var i in all)
            {
                foreach (var j in columns)
                    copy.Row(i)[j] = trained.X.Row(rows[i])[j];
            }

            var mean = losses.Average();
            result.Add(new FeatureImportance(feature.Name, feature.Label, mean, Math.Sqrt(losses.Average(l => (l - mean) * (l - mean)))));
        }

        return [.. result.OrderByDescending(f => f.Loss)];
    }

    // A feature that predicts nothing of τ̂ loses nothing when shuffled: only those that trees fitted to τ̂ use most are worth the shuffles.
    private static IEnumerable<(FeatureColumn Feature, int[] Columns)> MostUsed(UpliftTable table, TrainedUplift trained, int arm)
    {
        var rows = trained.Split.Train.Take(SurrogateRows).ToArray();
        var uplift = new double[table.Count];
        foreach (var i in rows)
            uplift[i] = trained.Ranking(arm, i);
        var settings = new BoostingSettings(Leaves: 8, SmallestLeaf: Math.Max(20, rows.Length / 200), Rate: 0.2, Rounds: 40, L2: 1);
        var splits = OutcomeBooster.Fit(trained.Bins, rows, uplift, null, false, settings, new FitContext(1, Environment.ProcessorCount)) is { } surrogate
            ? surrogate.Splits(trained.X.Width) : [];
        return table.Features
            .Select(f => (Feature: f, Columns: trained.Encoder.Columns.Select((c, j) => (c, j)).Where(c => c.c.Source == f.Name).Select(c => c.j).ToArray()))
            .Where(f => f.Columns.Sum(j => splits[j]) > 0)
            .OrderByDescending(f => f.Columns.Sum(j => splits[j]))
            .Take(MostFeatures);
    }
}
