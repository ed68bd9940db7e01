using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;

namespace CampaignManager.Application.Uplift.Scoring;

/// <summary>Predictions of a table's rows, in its order.</summary>
/// <param name="Control">Outcome without treatment; where arms were fitted apart, the mean of theirs.</param>
/// <param name="Uplift">By treated arm from arm 1, then by row; treated = control + uplift, as in <c>scores.csv</c>.</param>
public sealed record ScoredRows(double[] Control, double[][] Uplift)
{
    /// <summary>Index of the arm with the highest uplift; 0, control, when none is above 0.</summary>
    public int Best(int row)
    {
        var best = 0;
        for (var arm = 1; arm <= Uplift.Length; arm++)
        {
            if (Uplift[arm - 1][row] > (best == 0 ? 0 : Uplift[best - 1][row]))
                best = arm;
        }

        return best;
    }
}

/// <summary>The one place where a stored model meets new rows.</summary>
public static class ModelScorer
{
    /// <param name="table">Has every feature of the model; arms, outcomes and propensities are not looked at.</param>
    public static ScoredRows Score(ModelManifest manifest, StoredModel stored, UpliftTable table, CancellationToken cancellationToken)
    {
        var arms = manifest.Arms.Count - 1;
        var mu0 = Enumerable.Range(0, arms).Select(_ => new double[table.Count]).ToArray();
        var mu1 = Enumerable.Range(0, arms).Select(_ => new double[table.Count]).ToArray();
        stored.Model.Predict(stored.Encoder.Encode(table), [.. Enumerable.Range(0, table.Count)], mu0, mu1, cancellationToken);
        var control = Enumerable.Range(0, table.Count).Select(i => mu0.Average(mu => mu[i])).ToArray();
        var uplift = mu1.Select((treated, arm) => treated.Select((value, i) => value - mu0[arm][i]).ToArray()).ToArray();
        return new ScoredRows(control, uplift);
    }
}
