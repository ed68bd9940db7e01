using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>A past campaign predicted from the others alone, beside what it did.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Predicted">Mean τ̂ of a model that never saw it.</param>
/// <param name="Measured">Mean Γ with its 90 % interval.</param>
/// <param name="Constant">Mean Γ of the other campaigns: what would be said without offer features.</param>
public sealed record CampaignError(string CampaignId, int Rows, double Predicted, Estimate Measured, double Constant);

/// <summary>Leaves each campaign out in turn: how well an offer never tried is predicted by its neighbours.</summary>
public static class CampaignErrors
{
    /// <summary>Rows a campaign's absence is judged by, and the others are learnt from: means need no more.</summary>
    private const int MostRows = 60_000;

    public static IReadOnlyList<CampaignError> Of(UpliftTable table, string outcome, TrainedUplift trained, CancellationToken cancellationToken)
    {
        var campaigns = table.CampaignIds.Distinct().Order(StringComparer.Ordinal).ToList();
        if (campaigns.Count < 3 || table.Manifest.Arms.Count != 2 || !table.Features.Any(f => f.Kind == FeatureKind.Offer))
            return [];
        var task = UpliftTraining.TaskOf(table, outcome, 1, trained.X, trained.Bins);
        var rows = Enumerable.Range(0, table.Count).ToArray();
        var step = (rows.Length + MostRows - 1) / MostRows;
        var sample = step <= 1 ? rows : [.. rows.Where(i => table.Customers[i] % step == 0)];
        var gamma = Aipw.EffectScores(task.Outcome, task.Treated, task.Propensity, trained.Mu0[0], trained.Mu1[0]);
        var errors = new CampaignError[campaigns.Count];
        Parallel.For(0, campaigns.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, c =>
        {
            int[] own = [.. sample.Where(i => table.CampaignIds[i] == campaigns[c])], others = [.. sample.Where(i => table.CampaignIds[i] != campaigns[c])];
            var model = UpliftLearners.Create("s").Fit(task, others, new FitContext(1, 1, cancellationToken));
            double[] mu0 = new double[own.Length], mu1 = new double[own.Length];
            model.Predict(task.X, own, mu0, mu1, token: cancellationToken);
            var measured = SegmentEffects.Estimate([.. own.Select(i => gamma[i])], new int[own.Length], [.. own.Select(i => table.Customers[i])], 1)[0];
            errors[c] = new CampaignError(
                campaigns[c], own.Length, mu1.Zip(mu0, (a, b) => a - b).Average(), new Estimate(measured.Effect, measured.Low, measured.High), others.Average(i => gamma[i]));
        });
        return errors;
    }
}
