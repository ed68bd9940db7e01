using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Two arms of one epoch.</summary>
/// <param name="Share">Planned share of control among the two, 0 … 1.</param>
internal sealed record ArmPair(ArmCell Treated, ArmCell Control, double Share)
{
    /// <summary>The pair of each epoch that has both arms.</summary>
    public static IReadOnlyList<ArmPair> Of(IEnumerable<(EpochSums Epoch, IReadOnlyList<ArmCell> Arms)> epochs, string arm, string against)
    {
        List<ArmPair> pairs = [];
        foreach (var (epoch, arms) in epochs)
        {
            if (Find(arms, arm) is not { } treated || Find(arms, against) is not { } control)
                continue;
            double one = ShareOf(epoch, arm), none = ShareOf(epoch, against);
            if (one + none > 0)
                pairs.Add(new ArmPair(treated, control, none / (one + none)));
        }

        return pairs;
    }

    public double Weight(Func<ArmCell, long> buyers) => Gates.Weight(buyers(Treated), buyers(Control), Share);

    /// <summary>Some columns of an arm's products, in another order or fewer.</summary>
    public static CrossSums Pick(CrossSums all, params ReadOnlySpan<int> columns)
    {
        var sums = new Int128[columns.Length];
        var products = new Int128[columns.Length * (columns.Length + 1) / 2];
        for (int i = 0, k = 0; i < columns.Length; i++)
        {
            sums[i] = all.Sum(columns[i]);
            for (var j = 0; j <= i; j++, k++)
                products[k] = all.Product(columns[i], columns[j]);
        }

        return CrossSums.Stored(all.Count, sums, products);
    }

    private static ArmCell? Find(IReadOnlyList<ArmCell> arms, string key) => arms.FirstOrDefault(a => a.Arm == key);

    private static double ShareOf(EpochSums epoch, string arm) => epoch.Arms.FirstOrDefault(a => a.Key == arm)?.Share ?? 0;
}
