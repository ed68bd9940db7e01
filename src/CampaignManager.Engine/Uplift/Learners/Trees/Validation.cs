namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>How many trees to keep, by rows that did not help to grow them.</summary>
internal static class Validation
{
    /// <summary>With fewer rows a quarter judges nothing; with more, the settings for their number are cautious enough. Nor is there anything to judge where all trees are kept anyway.</summary>
    public static bool Pays(int rows, BoostingSettings settings) => rows is >= 400 and < BoostingSettings.Many && settings.KeptAnyway < settings.Rounds;

    /// <summary>A quarter of the customers judges. The same ones whatever the seed: a choice made on others would differ more between seeds than the trees do.</summary>
    public static (int[] Learning, int[] Judging) Split(int[] rows, int[] customers)
    {
        bool Judges(int i) => (uint)customers[i] * 2654435761u >> 30 == 0;
        return ([.. rows.Where(i => !Judges(i))], [.. rows.Where(Judges)]);
    }

    /// <summary>Trees to keep: as many as make the summed gain highest.</summary>
    /// <param name="gains">What each tree took off the loss of the judging rows.</param>
    public static int Best(double[] gains)
    {
        double sum = 0, best = 0;
        var kept = 0;
        for (var k = 0; k < gains.Length; k++)
        {
            sum += gains[k];
            if (sum > best) (best, kept) = (sum, k + 1);
        }
        return kept;
    }
}
