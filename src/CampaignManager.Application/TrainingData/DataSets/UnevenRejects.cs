using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>Rows of a kind: how many were read, and how many of them rejected.</summary>
/// <param name="Of">An arm, or what an outcome was.</param>
public sealed record RejectShare(string Of, long Read, long Rejected);

/// <summary>
/// Whether rejected rows are missing from the arms, or from those who bought and those who did not, alike. Where they are not, what is left answers another question than
/// the experiment asked: the best buyers of one arm may be the ones that were lost.
/// </summary>
internal static class UnevenRejects
{
    private const double Alarm = 0.001;
    private const int Fewest = 5;

    // Below this share of any group a difference moves no result, however sure it is.
    private const double LeastShare = 0.001;

    /// <exception cref="ImportRefusedException">They are not, and it matters.</exception>
    public static void Check(ImportTally tally, DataSetPlan plan)
    {
        Check("rejects-differ-by-arm", "by arm", plan.Arms.Select((arm, i) => new RejectShare(arm, tally.ArmsRead[i], tally.ArmsRejected[i])));
        foreach (var (outcome, i) in plan.Outcomes.Select((o, i) => (o.Outcome, i)))
        {
            var (none, some) = (tally.WithoutOutcome[i], tally.WithOutcome[i]);
            Check("rejects-differ-by-outcome", $"by {outcome.Label}",
                [new RejectShare($"{outcome.Label} = 0", none.Read, none.Rejected), new RejectShare($"{outcome.Label} > 0", some.Read, some.Rejected)]);
        }
    }

    /// <summary>P of so uneven a loss by chance (Pearson's χ² of kept and rejected by group).</summary>
    public static double PValue(IReadOnlyList<RejectShare> groups)
    {
        var filled = groups.Where(g => g.Read > 0).ToList();
        double read = filled.Sum(g => g.Read), rejected = filled.Sum(g => g.Rejected);
        if (filled.Count < 2 || rejected == 0 || rejected == read)
            return 1;
        var square = 0.0;
        foreach (var group in filled)
        {
            var expected = group.Read * rejected / read;
            square += (group.Rejected - expected) * (group.Rejected - expected) * ((1 / expected) + (1 / (group.Read - expected)));
        }

        return ChiSquared.Survival(square, filled.Count - 1);
    }

    private static void Check(string code, string how, IEnumerable<RejectShare> groups)
    {
        var all = groups.ToList();
        if (all.Sum(g => g.Rejected) < Fewest || all.All(g => g.Rejected < LeastShare * g.Read) || PValue(all) is not (< Alarm and var p))
            return;
        var figures = string.Join("; ", all.Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Of}: {g.Rejected} / {g.Read}")));
        throw new ImportRefusedException(
            code,
            string.Create(CultureInfo.InvariantCulture, $"Rejected rows differ {how} ({figures}; p = {p:G2}): what is left would give a wrong effect. ")
                + "See the rejected rows for the reasons, mend the file or the mapping, and import it again.",
            figures);
    }
}
