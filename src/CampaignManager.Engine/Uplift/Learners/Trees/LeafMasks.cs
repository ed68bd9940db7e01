using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>
/// Which leaf rows fall into, many rows at once and without a branch, for trees of at most eight leaves (after QuickScorer, Lucchese et al. 2015). A row begins with
/// a bit for every leaf; every node takes away those of the side the row does not go to, whether the row comes by that node or not; one bit is left.
/// </summary>
internal readonly struct LeafMasks
{
    /// <summary>Most leaves a tree may have: one bit each.</summary>
    public const int MostLeaves = 8;

    private readonly byte[] keptLeft;
    private readonly byte[] keptRight;

    public LeafMasks(Tree tree)
    {
        Tree = tree;
        keptLeft = new byte[tree.Features.Length];
        keptRight = new byte[tree.Features.Length];
        for (var k = 0; k < tree.Features.Length; k++)
        {
            keptLeft[k] = (byte)~Under(tree, tree.Right[k]);
            keptRight[k] = (byte)~Under(tree, tree.Left[k]);
        }
    }

    public Tree Tree { get; }

    public static bool Fits(Tree tree) => tree.Leaves.Length <= MostLeaves;

    public static int Leaf(byte mask) => BitOperations.TrailingZeroCount((uint)mask);

    /// <summary>Takes away what node k takes, from rows by their bins.</summary>
    /// <param name="k">The node.</param>
    /// <param name="column">Bins of the node's feature.</param>
    /// <param name="limit">Highest bin that goes left.</param>
    /// <param name="masks">One a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(int k, ReadOnlySpan<byte> column, byte limit, Span<byte> masks)
    {
        byte left = keptLeft[k], right = keptRight[k];
        ref byte c = ref MemoryMarshal.GetReference(column), m = ref MemoryMarshal.GetReference(masks);
        Vector256<byte> l = Vector256.Create(left), r = Vector256.Create(right), most = Vector256.Create(limit);
        var i = 0;
        for (; i + Vector256<byte>.Count <= masks.Length; i += Vector256<byte>.Count)
        {
            var kept = Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.LoadUnsafe(ref c, (nuint)i), most), r, l);
            (Vector256.LoadUnsafe(ref m, (nuint)i) & kept).StoreUnsafe(ref m, (nuint)i);
        }
        for (; i < masks.Length; i++) masks[i] &= column[i] > limit ? right : left;
    }

    /// <summary>Takes away what node k takes, from rows by their values.</summary>
    /// <param name="k">The node.</param>
    /// <param name="column">Values of the node's feature.</param>
    /// <param name="masks">One a row, as whole numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(int k, ReadOnlySpan<float> column, Span<int> masks)
    {
        var threshold = Tree.Thresholds[k];
        int left = keptLeft[k], right = keptRight[k];
        ref var c = ref MemoryMarshal.GetReference(column);
        ref var m = ref MemoryMarshal.GetReference(masks);
        Vector256<int> l = Vector256.Create(left), r = Vector256.Create(right);
        var most = Vector256.Create(threshold);
        var i = 0;
        for (; i + Vector256<int>.Count <= masks.Length; i += Vector256<int>.Count)
        {
            var kept = Vector256.ConditionalSelect(Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref c, (nuint)i), most).AsInt32(), l, r);
            (Vector256.LoadUnsafe(ref m, (nuint)i) & kept).StoreUnsafe(ref m, (nuint)i);
        }
        for (; i < masks.Length; i++) masks[i] &= column[i] <= threshold ? left : right;
    }

    private static int Under(Tree tree, int child) => child < 0 ? 1 << ~child : Under(tree, tree.Left[child]) | Under(tree, tree.Right[child]);
}
