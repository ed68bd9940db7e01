namespace CampaignManager.Engine.Uplift.Explanation;

/// <summary>
/// One row's walk through a tree. A path holds the distinct features met so far, each with the share of training rows that go this way when the feature is
/// unknown, 1 or 0 whether the row itself does, and the summed weights of subsets by size. Paths of all depths share one buffer: each level works on a copy behind its parent's.
/// </summary>
internal sealed class TreeShapWalk(int deepest)
{
    private readonly Step[] steps = new Step[(deepest + 2) * (deepest + 3) / 2 + deepest + 2];

    private record struct Step(int Feature, double Unknown, double Known, double Weight);

    public void Add(ExplainedTree tree, ReadOnlySpan<float> row, double[] contributions) =>
        Visit(tree, row, contributions, tree.Feature.Length == 0 ? -1 : 0, 0, 0, 1, 1, -1);

    // "length" steps of the parent's path start at "from"; the step that led here is (feature, unknown, known).
    private void Visit(ExplainedTree tree, ReadOnlySpan<float> row, double[] contributions, int node, int from, int length, double unknown, double known, int feature)
    {
        var path = steps.AsSpan(from + length);
        steps.AsSpan(from, length).CopyTo(path);
        Extend(path, length, unknown, known, feature);
        length++;
        if (node < 0)
        {
            var value = tree.Value[~node];
            for (var i = 1; i < length; i++) contributions[path[i].Feature] += WeightWithout(path, length, i) * (path[i].Known - path[i].Unknown) * value;
            return;
        }
        double cover = tree.Cover[node], unknownBefore = 1, knownBefore = 1;
        // No training row came here: it has no weight in the expected value, and either side may stand for it.
        double left = cover > 0 ? tree.CoverAt(tree.Left[node]) / cover : 0.5, right = cover > 0 ? tree.CoverAt(tree.Right[node]) / cover : 0.5;
        var goesLeft = row[tree.Feature[node]] <= tree.Threshold[node];
        for (var i = 1; i < length; i++)
        {
            if (path[i].Feature != tree.Feature[node]) continue;
            // The feature was met above: its two steps become one.
            (unknownBefore, knownBefore) = (path[i].Unknown, path[i].Known);
            Remove(path, length, i);
            length--;
            break;
        }
        var start = steps.Length - path.Length;
        Visit(tree, row, contributions, tree.Left[node], start, length, unknownBefore * left, goesLeft ? knownBefore : 0, tree.Feature[node]);
        Visit(tree, row, contributions, tree.Right[node], start, length, unknownBefore * right, goesLeft ? 0 : knownBefore, tree.Feature[node]);
    }

    private static void Extend(Span<Step> path, int length, double unknown, double known, int feature)
    {
        path[length] = new Step(feature, unknown, known, length == 0 ? 1 : 0);
        for (var i = length - 1; i >= 0; i--)
        {
            path[i + 1].Weight += known * path[i].Weight * (i + 1) / (length + 1);
            path[i].Weight = unknown * path[i].Weight * (length - i) / (length + 1);
        }
    }

    // Takes a step's effect out of the weights again (the inverse of Extend) and closes the gap.
    private static void Remove(Span<Step> path, int length, int at)
    {
        var last = length - 1;
        double known = path[at].Known, unknown = path[at].Unknown, next = path[last].Weight;
        for (var i = last - 1; i >= 0; i--)
        {
            if (known != 0)
            {
                var weight = path[i].Weight;
                path[i].Weight = next * (last + 1) / ((i + 1) * known);
                next = weight - path[i].Weight * unknown * (last - i) / (last + 1);
            }
            else if (unknown != 0)
            {
                path[i].Weight = path[i].Weight * (last + 1) / (unknown * (last - i));
            }
            else
            {
                path[i].Weight = 0;
            }
        }
        for (var i = at; i < last; i++) (path[i].Feature, path[i].Unknown, path[i].Known) = (path[i + 1].Feature, path[i + 1].Unknown, path[i + 1].Known);
    }

    // Sum of the weights that Remove would leave, without changing the path.
    private static double WeightWithout(ReadOnlySpan<Step> path, int length, int at)
    {
        var last = length - 1;
        double known = path[at].Known, unknown = path[at].Unknown, next = path[last].Weight, total = 0;
        for (var i = last - 1; i >= 0; i--)
        {
            if (known != 0)
            {
                var weight = next * (last + 1) / ((i + 1) * known);
                total += weight;
                next = path[i].Weight - weight * unknown * (last - i) / (last + 1);
            }
            else if (unknown != 0)
            {
                total += path[i].Weight * (last + 1) / (unknown * (last - i));
            }
        }
        return total;
    }
}
