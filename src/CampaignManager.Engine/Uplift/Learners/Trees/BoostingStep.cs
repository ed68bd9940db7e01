using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>Grows the trees of one boosting on the rows it draws for each.</summary>
internal sealed class BoostingStep(BoostingSettings settings, BoostingState state, FitContext context)
{
    private readonly TreeGrower grower = new(state.Bins, settings, state.Rows, context.Threads);

    // factor: what the tree's value is multiplied by in each row (chain rule); null for 1.
    public Tree Grow(float[]? factor, SeededRandom random)
    {
        var rows = state.Rows;
        var share = Math.Min(settings.RowShare, (double)BoostingSettings.MostRows / Math.Max(1, state.Count));
        rows.Draw(state, factor, share, share < 1 ? random.NextUInt64() : 0);
        var mean = rows.Count == 0 ? 0 : rows.Part(rows.Total).H / rows.Count;
        // Of rare outcomes a leaf of many rows may hold no information: at least as much as four even coin tosses is asked for, and the same as prior.
        double least = state.Logistic ? 1 : 0, smallest = settings.SmallestLeaf * mean * ((double)rows.Count / Math.Max(1, state.Count));
        return grower.Grow(Math.Max(least, smallest), Math.Max(least, settings.L2 * mean), random);
    }
}
