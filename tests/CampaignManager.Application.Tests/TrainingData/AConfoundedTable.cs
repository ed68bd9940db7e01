using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Application.Tests.TrainingData;

/// <summary>Data whose arms were not drawn at random, with what is true of every row.</summary>
internal sealed record AConfoundedTable(UpliftTable Table, double[] Propensity, double[] Effect)
{
    /// <summary>
    /// Keen customers buy anyway and are treated more often; the treatment helps those with <c>x_new</c> = 1 only. <c>c_sure</c> is "yes" of customers nearly all treated, "no" of
    /// customers nearly never, "open" of all others.
    /// </summary>
    /// <param name="sure">Share of either kind of sure ones.</param>
    /// <param name="pull">How much keenness decides of who is treated.</param>
    public static AConfoundedTable Draw(int rows = 6000, ulong seed = 1, double sure = 0, double pull = 1, int arms = 2)
    {
        var random = new SeededRandom(seed);
        var table = ATable.Experiment(rows, seed, arms: arms);
        float[] keen = new float[rows], isSure = new float[rows];
        double[] e = new double[rows], effect = new double[rows], converted = new double[rows], margin = new double[rows];
        int[] arm = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            keen[i] = (float)random.NextNormal();
            var draw = random.NextDouble();
            isSure[i] = draw < sure ? 1 : draw < 2 * sure ? 2 : 0;
            e[i] = isSure[i] == 1 ? 0.998 : isSure[i] == 2 ? 0.002 : 1 / (1 + Math.Exp(-pull * keen[i]));
            arm[i] = random.NextDouble() < e[i] ? 1 + random.NextInt(arms - 1) : 0;
            effect[i] = table.Features[0].Values[i] == 1 ? 0.15 : 0;
            var chance = 0.15 + 0.25 / (1 + Math.Exp(-2 * keen[i])) + (arm[i] == 0 ? 0 : effect[i]);
            converted[i] = random.NextDouble() < chance ? 1 : 0;
            margin[i] = converted[i] * (20 + 5 * random.NextNormal());
        }

        return new AConfoundedTable(
            table with
            {
                Manifest = table.Manifest with { Randomised = false },
                Arms = arm,
                Propensity = [.. Enumerable.Repeat(double.NaN, rows)],
                Features = [.. table.Features, new FeatureColumn("x_keen", FeatureKind.Numeric, "keen", [], keen), UpliftTableReader.Categorical("c_sure", "sure", [.. isSure.Select(s => s == 1 ? "yes" : s == 2 ? "no" : "open")])],
                Outcomes = new Dictionary<string, double[]> { ["converted"] = converted, ["margin"] = margin },
            },
            e, effect);
    }
}
