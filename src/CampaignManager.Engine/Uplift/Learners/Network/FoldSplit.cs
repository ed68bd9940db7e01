using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>Cuts rows into training and validation by fold numbers, so that a customer's rows stay together.</summary>
internal static class FoldSplit
{
    private const double Share = 0.2;

    /// <summary>Several splits whose validation parts overlap as little as the folds allow: fold numbers in random order, dealt out in turn.</summary>
    /// <param name="rows">Rows to cut.</param>
    /// <param name="folds">Fold number of every row of the table.</param>
    /// <param name="parts">Splits wanted.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <returns>Training and validation rows; with a single fold there is nothing to hold out and validation is empty.</returns>
    public static (int[] Training, int[] Validation)[] Of(int[] rows, int[] folds, int parts, ulong seed)
    {
        int[] numbers = [.. rows.Select(row => folds[row]).Distinct().Order()];
        if (numbers.Length < 2) return [.. Enumerable.Range(0, parts).Select(_ => (rows, Array.Empty<int>()))];
        new SeededRandom(seed).Shuffle(numbers.AsSpan());
        var held = Math.Clamp((int)Math.Round(Share * numbers.Length), 1, numbers.Length - 1);
        var split = new (int[], int[])[parts];
        for (var part = 0; part < parts; part++)
        {
            HashSet<int> outside = [.. Enumerable.Range(0, held).Select(i => numbers[(part * held + i) % numbers.Length])];
            split[part] = ([.. rows.Where(row => !outside.Contains(folds[row]))], [.. rows.Where(row => outside.Contains(folds[row]))]);
        }
        return split;
    }
}
