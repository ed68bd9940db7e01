using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Uplift.Explanation;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Planning;

/// <summary>What of a customer moves the predicted uplift, in groups a marketer has words for.</summary>
public enum ReasonKind
{
    /// <summary>Stage of life as a customer.</summary>
    Lifecycle,

    /// <summary>Days since the last order.</summary>
    Recency,

    /// <summary>Orders so far.</summary>
    Orders,

    /// <summary>The usual basket, and so how near the threshold is.</summary>
    Basket,

    /// <summary>How much of past orders was bought on discount.</summary>
    DiscountShare,

    /// <summary>Products looked at in the last 30 days.</summary>
    Views,

    /// <summary>Products put in the cart in the last 30 days.</summary>
    Carts,

    /// <summary>Taste for one category.</summary>
    Taste,
}

/// <summary>One reason.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Category">Of a taste.</param>
/// <param name="Effect">What it adds to the uplift of the segment, compared with everybody in the audience; a share (0.01 = 1 pp).</param>
public sealed record SegmentReason(ReasonKind Kind, string? Category, double Effect);

/// <summary>Why a segment's uplift is what it is: <see cref="Mean"/> and the effects of all reasons add up to
/// <see cref="Explained"/>.</summary>
/// <param name="Segment">Segment key.</param>
/// <param name="Kind"><c>lifecycle</c> or <c>favourite</c>.</param>
/// <param name="Mean">Uplift of the whole audience.</param>
/// <param name="Explained">Uplift of the segment as the imitation has it.</param>
/// <param name="Reasons">All of them, the largest first.</param>
public sealed record ExplainedSegment(string Segment, string Kind, double Mean, double Explained, IReadOnlyList<SegmentReason> Reasons);

/// <summary>
/// Exact Shapley values (Lundberg et al. 2020) of trees that imitate what the planner predicts customer by customer, averaged over each
/// segment:
/// the planner's regressors are products of customer and offer that nobody has words for, the features here are the customer's own.
/// </summary>
/// <param name="Fidelity">R² of the imitation on customers it was not fitted on; NaN where all have the same uplift.</param>
/// <param name="Segments">Those with customers.</param>
public sealed record SegmentReasons(double Fidelity, IReadOnlyList<ExplainedSegment> Segments)
{
    private const int MostCustomers = 12_000;
    private const int MostExplained = 400;
    private const int Plain = 7;

    /// <summary>Explains a planned campaign.</summary>
    /// <param name="planner">The shop's planner.</param>
    /// <param name="rules">The campaign.</param>
    /// <param name="threads">Threads; the answer does not depend on them.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public static SegmentReasons Of(Planner planner, CampaignRules rules, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(planner);
        ArgumentNullException.ThrowIfNull(rules);
        var sample = planner.Sample;
        int[] audience = [.. Enumerable.Range(0, sample.Count).Where(i => sample.Matches(i, rules.Audience))];
        // The sample is in the order of a hash, so every so-manieth is a sample of it.
        var step = Math.Max(1, audience.Length / MostCustomers);
        int[] members = [.. audience.Where((_, k) => k % step == 0)];
        if (members.Length == 0)
            return new SegmentReasons(double.NaN, []);
        var (x, uplift) = (new FeatureMatrix(members.Length, Width(sample)), new double[members.Length]);
        for (var r = 0; r < members.Length; r++)
            Fill(sample, members[r], x.Row(r));
        planner.UpliftOf(members, rules, uplift);
        int[] fitted = [.. Enumerable.Range(0, members.Length).Where(r => r % 5 != 0)];
        int[] judged = [.. Enumerable.Range(0, members.Length).Where(r => r % 5 == 0)];
        var bins = BinnedFeatures.Of(x, fitted, threads: threads);
        var surrogate = Surrogate.Of(x, bins, uplift, fitted, judged, new FitContext(1, threads, cancellationToken));

        var segments = new List<ExplainedSegment>();
        for (var l = 0; l < Planning.Segments.LifecycleKeys.Count; l++)
            Add(Planning.Segments.LifecycleKeys[l], "lifecycle", r => sample.Lifecycle[members[r]] == l);
        for (var c = 0; c < sample.Categories.Count; c++)
            Add(SegmentKeys.Favourite(sample.Categories[c]), "favourite", r => sample.Favourite[members[r]] == c);
        return new SegmentReasons(surrogate.Fidelity, segments);

        void Add(string key, string kind, Func<int, bool> within)
        {
            int[] rows = [.. Enumerable.Range(0, members.Length).Where(within).Take(MostExplained)];
            if (rows.Length == 0)
                return;
            var why = surrogate.Explain(x, rows, threads, cancellationToken);
            var reasons = Grouped(sample, why);
            segments.Add(new ExplainedSegment(key, kind, surrogate.Expected, surrogate.Expected + reasons.Sum(r => r.Effect), reasons));
        }
    }

    private static int Width(AudienceSample sample) => Plain + Planning.Segments.LifecycleKeys.Count + sample.Categories.Count;

    private static void Fill(AudienceSample sample, int i, Span<float> row)
    {
        row.Clear();
        row[0] = double.IsNaN(sample.RecencyDays[i]) ? -1 : (float)sample.RecencyDays[i];
        row[1] = (float)sample.Orders[i];
        row[2] = (float)Finite(sample.UsualBasket[i]);
        row[3] = (float)sample.DiscountShare[i];
        row[4] = (float)sample.Views30[i];
        row[5] = (float)sample.Carts30[i];
        // Whoever never ordered is no longer ago than everybody: told apart, and counted to the recency.
        row[6] = double.IsNaN(sample.RecencyDays[i]) ? 1 : 0;
        row[Plain + sample.Lifecycle[i]] = 1;
        var tastes = sample.AffinityOf(i);
        for (var c = 0; c < tastes.Length; c++)
            row[Plain + Planning.Segments.LifecycleKeys.Count + c] = tastes[c];
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;

    private static List<SegmentReason> Grouped(AudienceSample sample, double[][] why)
    {
        var means = new double[Width(sample)];
        foreach (var row in why)
        {
            for (var j = 0; j < row.Length; j++)
                means[j] += row[j] / why.Length;
        }

        return
        [
            .. means.Select((value, j) => (Value: value, Of: Meaning(sample, j))).GroupBy(m => m.Of)
                .Select(g => new SegmentReason(g.Key.Kind, g.Key.Category, g.Sum(m => m.Value)))
                .Where(r => r.Effect != 0).OrderByDescending(r => Math.Abs(r.Effect)).ThenBy(r => r.Kind)
                    .ThenBy(r => r.Category, StringComparer.Ordinal),
        ];
    }

    private static (ReasonKind Kind, string? Category) Meaning(AudienceSample sample, int column) => column switch
    {
        0 or 6 => (ReasonKind.Recency, null),
        1 => (ReasonKind.Orders, null),
        2 => (ReasonKind.Basket, null),
        3 => (ReasonKind.DiscountShare, null),
        4 => (ReasonKind.Views, null),
        5 => (ReasonKind.Carts, null),
        _ when column < Plain + Planning.Segments.LifecycleKeys.Count => (ReasonKind.Lifecycle, null),
        _ => (ReasonKind.Taste, sample.Categories[column - Plain - Planning.Segments.LifecycleKeys.Count]),
    };
}
