using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>A fitted model: predicted outcomes with and without treatment, for every treated arm.</summary>
/// <param name="Arms">By treated arm, from arm 1.</param>
public sealed record FittedUplift(IReadOnlyList<UpliftModel> Arms)
{
    /// <summary>Predicts the given rows into arrays over all rows; other rows are left as they are.</summary>
    /// <param name="mu0">By arm from arm 1, then by row.</param>
    /// <param name="mu1">The same.</param>
    public void Predict(FeatureMatrix x, int[] rows, double[][] mu0, double[][] mu1, CancellationToken cancellationToken)
    {
        double[] without = new double[rows.Length], with = new double[rows.Length];
        for (var arm = 0; arm < Arms.Count; arm++)
        {
            Arms[arm].Predict(x, rows, without, with, Environment.ProcessorCount, cancellationToken);
            for (var i = 0; i < rows.Length; i++)
                (mu0[arm][rows[i]], mu1[arm][rows[i]]) = (without[i], with[i]);
        }
    }
}
