using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Propensity;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>Makes data whose arms were not drawn at random fit to learn from: the propensity is estimated, and who has nobody like them in the other arm is left out.</summary>
public static class ObservationalData
{
    /// <summary>Estimated propensities below this, or above one minus this, leave nothing to compare with (Crump et al. 2009).</summary>
    public const double Least = 0.02;

    /// <summary>
    /// The table of comparable rows with the propensity of every treated arm against control. Each row's is estimated by fits that did not see its customer, on the
    /// folds that training will use as well. A row stays only if it is comparable for every arm, so that all arms are compared on the same customers.
    /// </summary>
    /// <param name="table">Manifest says that it is not randomised.</param>
    /// <param name="seed">Of split and folds, as in training.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public static (UpliftTable Table, IReadOnlyList<ArmOverlap> Overlap) Prepare(UpliftTable table, int seed, CancellationToken cancellationToken)
    {
        var (split, _, x, bins) = EncodedTable.Of(table, seed);
        var context = new FitContext((ulong)seed, Environment.ProcessorCount, cancellationToken);
        var arms = table.Manifest.Arms.Count - 1;
        var estimates = new CrossFittedPropensity[arms];
        for (var arm = 1; arm <= arms; arm++)
        {
            var treated = arm;
            estimates[arm - 1] = PropensityEstimate.CrossFit(
                x, bins, [.. table.Arms.Select(a => a == treated)], table.Customers, split.Folds, split.Train, i => table.Arms[i] == 0 || table.Arms[i] == treated, context);
        }

        bool Comparable(int i) => estimates.All(e => e.Values[i] is >= Least and <= 1 - Least);
        int[] kept = [.. Enumerable.Range(0, table.Count).Where(Comparable)];
        return (
            (table with { AgainstControl = [.. estimates.Select(e => e.Values)] }).Select(kept),
            [.. estimates.Select((e, k) => Overlap(table, k + 1, e, Comparable))]);
    }

    private static ArmOverlap Overlap(UpliftTable table, int arm, CrossFittedPropensity estimate, Func<int, bool> isKept)
    {
        int[] rows = [.. Enumerable.Range(0, table.Count).Where(i => table.Arms[i] == 0 || table.Arms[i] == arm)], dropped = [.. rows.Where(i => !isKept(i))];
        double[] kept = [.. rows.Where(isKept).Select(i => estimate.Values[i])];
        return new ArmOverlap(
            table.Manifest.Arms[arm], rows.Length, dropped.Length, dropped.Count(i => table.Arms[i] == arm),
            kept.DefaultIfEmpty(double.NaN).Min(), kept.DefaultIfEmpty(double.NaN).Max(), estimate.Form, estimate.LogLoss, estimate.ConstantLogLoss);
    }
}
