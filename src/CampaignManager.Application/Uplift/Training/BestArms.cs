using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>Whether giving each customer the arm predicted best for them beats giving all the same.</summary>
public static class BestArms
{
    /// <summary>With several treated arms: the best arm for each customer, against the best single one for all. Null with one.</summary>
    public static ArmChoice? Of(UpliftTable table, string outcome, TrainedUplift trained)
    {
        var arms = table.Manifest.Arms.Count;
        if (arms < 3)
            return null;
        var y = table.Outcomes[outcome];
        // P(arm) of each campaign, from the rows' own-arm propensities; where these were estimated, of each row from its odds against control.
        var shares = Enumerable.Range(0, table.Count).GroupBy(i => table.CampaignIds[i])
            .ToDictionary(g => g.Key, g => Enumerable.Range(0, arms).Select(a => g.Where(i => table.Arms[i] == a).Select(i => table.Propensity[i]).DefaultIfEmpty(0).Average()).ToArray());
        double ShareOf(int i, int arm)
        {
            double Odds(int a) => table.AgainstControl![a - 1][i] / (1 - table.AgainstControl[a - 1][i]);
            return table.AgainstControl is null ? shares[table.CampaignIds[i]][arm] : (arm == 0 ? 1 : Odds(arm)) / (1 + Enumerable.Range(1, arms - 1).Sum(Odds));
        }

        double[] ScoresOf(int arm, int[] rows) => [.. rows.Select(i =>
        {
            var mu = arm == 0 ? trained.Mu0.Average(m => m[i]) : trained.Mu1[arm - 1][i];
            return table.Arms[i] == arm ? mu + (y[i] - mu) / Math.Max(0.001, ShareOf(i, arm)) : mu;
        })];
        double[][] All(int[] rows) => [.. Enumerable.Range(0, arms).Select(a => ScoresOf(a, rows))];
        var test = trained.Split.Test;
        return test.Length == 0 ? null : ArmChoice.Compare(
            All(trained.Split.Train), All(test), [.. Enumerable.Range(1, arms - 1).Select(a => test.Select(i => trained.Uplift(a, i)).ToArray())], [.. test.Select(i => table.Customers[i])]);
    }
}
