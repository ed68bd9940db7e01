namespace CampaignManager.Engine.Uplift;

/// <summary>One depth of a curve.</summary>
/// <param name="Rows">Rows treated so far, counted from the highest predicted uplift.</param>
/// <param name="Value">Height of the curve, in outcomes.</param>
public readonly record struct CurvePoint(long Rows, double Value);

/// <summary>
/// A test set sorted once by predicted uplift, high first; of tied rows the later in the file comes first. Every metric is then one pass,
/// also under integer row weights, which is what makes the bootstrap cheap.
/// Curves and areas by the definitions of scikit-uplift's <c>uplift_curve</c>, <c>qini_curve</c> and their scores.
/// </summary>
public sealed class UpliftRanking
{
    private static readonly double[] Depths = [0.10, 0.20, 0.30];

    private readonly double[] y;
    private readonly bool[] treated;
    private readonly double[] score;
    private readonly int[] groupEnds;
    private readonly int[] order;

    /// <summary>Sorts the set.</summary>
    /// <param name="outcome">y per row: 0/1, or money (then the normalised scores are NaN).</param>
    /// <param name="treated">Arm per row.</param>
    /// <param name="score">Predicted uplift per row; no NaN.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a score or outcome is NaN.</exception>
    public UpliftRanking(ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, ReadOnlySpan<double> score)
    {
        if (outcome.Length != treated.Length || outcome.Length != score.Length) throw new ArgumentException("Outcome, arm and score need one value a row each.", nameof(score));
        var n = outcome.Length;
        var keys = new double[n];
        var order = new int[n];
        for (var i = 0; i < n; i++)
        {
            if (double.IsNaN(score[i]) || double.IsNaN(outcome[i])) throw new ArgumentException("A row has no score or no outcome.", nameof(score));
            keys[i] = score[i];
            order[i] = i;
        }
        // Upwards by (score, row), then read backwards: high scores first, later rows first among ties.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        Array.Reverse(order);
        y = new double[n];
        this.treated = new bool[n];
        this.score = new double[n];
        var ends = new List<int>();
        IsBinary = true;
        for (var i = 0; i < n; i++)
        {
            var row = order[i];
            y[i] = outcome[row];
            this.treated[i] = treated[row];
            this.score[i] = score[row];
            IsBinary &= y[i] is 0 or 1;
            if (i > 0 && this.score[i] != this.score[i - 1]) ends.Add(i);
        }
        if (n > 0) ends.Add(n);
        groupEnds = [.. ends];
        this.order = order;
    }

    /// <summary>Rows.</summary>
    public int Count => y.Length;

    /// <summary>Whether every outcome is 0 or 1: only then does a perfect curve exist.</summary>
    public bool IsBinary { get; }

    /// <summary>Arms in sorted order, for drawing strata.</summary>
    internal ReadOnlySpan<bool> TreatedInOrder => treated;

    /// <summary>Uplift curve u(k) = (y1/n1 − y0/n0)·k at every distinct depth, from (0, 0). A ratio with denominator 0 counts as 0.</summary>
    public IReadOnlyList<CurvePoint> UpliftCurve() => Curve(UpliftHeight);

    /// <summary>Qini curve q(k) = y1 − y0·n1/n0 at every distinct depth, from (0, 0). A ratio with denominator 0 counts as 0.</summary>
    public IReadOnlyList<CurvePoint> QiniCurve() => Curve(QiniHeight);

    /// <summary>The row at every sorted position, for weighting two rankings of the same rows alike.</summary>
    internal ReadOnlySpan<int> RowsInOrder => order;

    /// <summary>All metrics of the set.</summary>
    public UpliftMetrics Metrics() => Metrics([]);

    /// <summary>All metrics with the row at sorted position i counted weights[i] times; empty weights mean once each.</summary>
    internal UpliftMetrics Metrics(ReadOnlySpan<int> weights)
    {
        long n = 0;
        if (weights.IsEmpty) n = Count;
        else foreach (var weight in weights) n += weight;
        if (n == 0) return UpliftMetrics.None;

        Tally tally = default, cells = default;
        Span<double> top = stackalloc double[3];
        Span<long> cut = stackalloc long[3];
        for (var d = 0; d < 3; d++) cut[d] = (long)Math.Floor(Depths[d] * n + 1e-9);
        top.Fill(double.NaN);
        double upliftArea = 0, qiniArea = 0, lastUplift = 0, lastQini = 0;
        long lastRows = 0;
        int depth = 0, position = 0;
        foreach (var end in groupEnds)
        {
            for (; position < end; position++)
            {
                var weight = weights.IsEmpty ? 1 : weights[position];
                while (depth < 3 && tally.Rows + weight >= cut[depth])
                {
                    var part = tally;
                    part.Add(treated[position], y[position], (int)(cut[depth] - tally.Rows));
                    top[depth++] = part.Difference;
                }
                tally.Add(treated[position], y[position], weight);
                if (y[position] != 0) cells.Add(treated[position], 1, weight);
            }
            if (tally.Rows == lastRows) continue;
            double uplift = UpliftHeight(tally), qini = QiniHeight(tally);
            upliftArea += (tally.Rows - lastRows) * (uplift + lastUplift) / 2;
            qiniArea += (tally.Rows - lastRows) * (qini + lastQini) / 2;
            (lastRows, lastUplift, lastQini) = (tally.Rows, uplift, qini);
        }
        upliftArea -= n * lastUplift / 2;
        qiniArea -= n * lastQini / 2;
        double auuc = double.NaN, qiniScore = double.NaN;
        if (IsBinary)
        {
            long treatedYes = cells.TreatedRows, controlYes = cells.ControlRows;
            auuc = PerfectCurve.Normalise(upliftArea, PerfectCurve.UpliftArea(treatedYes, tally.TreatedRows, controlYes, tally.ControlRows));
            qiniScore = PerfectCurve.Normalise(qiniArea, PerfectCurve.QiniArea(treatedYes, tally.TreatedRows, controlYes, tally.ControlRows));
        }
        var qiniAbs = tally.TreatedRows == 0 ? double.NaN : qiniArea / ((double)n * tally.TreatedRows);
        return new UpliftMetrics(qiniScore, auuc, qiniAbs, upliftArea / ((double)n * n), top[0], top[1], top[2], tally.Difference);
    }

    private List<CurvePoint> Curve(Func<Tally, double> height)
    {
        var points = new List<CurvePoint>(groupEnds.Length + 1) { new(0, 0) };
        Tally tally = default;
        var position = 0;
        foreach (var end in groupEnds)
        {
            for (; position < end; position++) tally.Add(treated[position], y[position], 1);
            points.Add(new CurvePoint(end, height(tally)));
        }
        return points;
    }

    internal static double UpliftHeight(Tally tally) => (Ratio(tally.TreatedSum, tally.TreatedRows) - Ratio(tally.ControlSum, tally.ControlRows)) * tally.Rows;

    internal static double QiniHeight(Tally tally) => tally.TreatedSum - (tally.ControlRows == 0 ? 0 : tally.ControlSum * tally.TreatedRows / tally.ControlRows);

    private static double Ratio(double sum, long rows) => rows == 0 ? 0 : sum / rows;
}
