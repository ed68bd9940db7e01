namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>One tree in arrays. Node 0 is the root; a node's right child follows its left one.</summary>
/// <param name="Features">Feature of a node, −1 for a leaf.</param>
/// <param name="Thresholds">A value above goes right.</param>
/// <param name="Children">Left child of a node; of a leaf, its index among leaves.</param>
/// <param name="Leaves">Six values a leaf: see <see cref="LeafMeans"/>.</param>
internal sealed record GrownTree(int[] Features, float[] Thresholds, int[] Children, float[] Leaves);

/// <summary>What a leaf keeps of its estimation rows: means, so that every tree has the same weight. NaN when it has no row.</summary>
internal static class LeafMeans
{
    public const int Y = 0, T = 1, TY = 2, TT = 3, Outcome = 4, Arm = 5, Count = 6;

    public static void Write(ForestData data, ReadOnlySpan<int> positions, Span<float> leaf)
    {
        double y = 0, t = 0, ty = 0, tt = 0, outcome = 0;
        var treated = 0;
        foreach (var p in positions)
        {
            double yp = data.OutcomeResidual[p], tp = data.ArmResidual is null ? 0 : data.ArmResidual[p];
            y += yp;
            t += tp;
            ty += tp * yp;
            tt += tp * tp;
            outcome += data.Outcome[p];
            if (data.Treated is not null && data.Treated[p]) treated++;
        }
        double n = positions.Length;
        (leaf[Y], leaf[T], leaf[TY], leaf[TT]) = ((float)(y / n), (float)(t / n), (float)(ty / n), (float)(tt / n));
        (leaf[Outcome], leaf[Arm]) = ((float)(outcome / n), (float)(treated / n));
    }
}
