using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>One tree of a boosting.</summary>
internal static class BoostingStep
{
    // factor: what the tree's value is multiplied by in each row (chain rule); null for 1.
    public static Tree Grow(TreeGrower grower, BoostingState state, BoostingSettings settings, float[]? factor, SeededRandom random)
    {
        int[] rows = state.Rows;
        float[] g = state.Gradient, h = state.Curvature;
        if (BoostingState.Draw(rows, settings.RowShare, random) is { } drawn)
        {
            g = [.. drawn.Select(p => g[p] * (factor?[p] ?? 1))];
            h = [.. drawn.Select(p => h[p] * (factor?[p] * factor?[p] ?? 1))];
            rows = [.. drawn.Select(p => rows[p])];
        }
        else if (factor is not null)
        {
            g = [.. g.Select((v, p) => v * factor[p])];
            h = [.. h.Select((v, p) => v * factor[p] * factor[p])];
        }
        double mean = 0;
        foreach (float v in h) mean += v;
        mean /= Math.Max(1, h.Length);
        // Of rare outcomes a leaf of many rows may hold no information: at least as much as four even coin tosses is asked for, and the same as prior.
        double least = state.Logistic ? 1 : 0;
        return grower.Grow(rows, g, h, Math.Max(least, settings.SmallestLeaf * mean * ((double)rows.Length / state.Rows.Length)), Math.Max(least, settings.L2 * mean), random);
    }
}
