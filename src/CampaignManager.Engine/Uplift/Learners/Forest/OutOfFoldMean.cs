namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>m(x) = E[y | x], predicted for every row by a small regression forest of the other folds' rows.</summary>
internal static class OutOfFoldMean
{
    private static readonly ForestOptions Options = new() { Trees = 60, MostRowsPerTree = 100_000 };

    /// <summary>m̂ in the order of <paramref name="rows"/>.</summary>
    public static double[] Predict(UpliftTask task, int[] rows, FitContext context)
    {
        var mean = new double[rows.Length];
        foreach (var fold in rows.Select(row => task.Folds[row]).Distinct().Order())
        {
            int[] inside = [.. Enumerable.Range(0, rows.Length).Where(p => task.Folds[rows[p]] == fold)];
            int[] outside = [.. rows.Where(row => task.Folds[row] != fold)];
            // With a single fold there is nothing to leave out: its own rows' overall mean is all that can be said.
            if (outside.Length == 0) outside = rows;
            float[] y = [.. outside.Select(row => (float)task.Outcome[row])];
            var overall = outside.Average(row => task.Outcome[row]);
            var data = new ForestData(task.Bins, outside, y, y, null, null);
            var trees = outside == rows ? [] : ForestGrowing.Grow(data, Plan(outside.Length, data), context with { Seed = context.Seed + 1 + (ulong)fold });
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, context.Threads), CancellationToken = context.Token };
            Parallel.For(0, (inside.Length + 1023) / 1024, parallel, chunk =>
            {
                foreach (var p in inside.AsSpan(chunk * 1024, Math.Min(1024, inside.Length - chunk * 1024))) mean[p] = Mean(trees, task.X.Row(rows[p]), overall);
            });
        }
        return mean;
    }

    private static ForestOptions Plan(int rows, ForestData data) => (Options with { MinLeaf = (int)Math.Clamp(0.5 * Math.Sqrt(rows / 2.0), 5, 200) }).Planned(data.Splittable.Length);

    private static double Mean(GrownTree[] trees, ReadOnlySpan<float> x, double overall)
    {
        double sum = 0;
        var count = 0;
        foreach (var tree in trees)
        {
            var node = 0;
            for (var feature = tree.Features[0]; feature >= 0; feature = tree.Features[node]) node = tree.Children[node] + (x[feature] > tree.Thresholds[node] ? 1 : 0);
            var value = tree.Leaves[tree.Children[node] * LeafMeans.Count + LeafMeans.Y];
            if (float.IsNaN(value)) continue;
            sum += value;
            count++;
        }
        return count == 0 ? overall : sum / count;
    }
}
