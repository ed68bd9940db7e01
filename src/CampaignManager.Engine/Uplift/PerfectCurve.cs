namespace CampaignManager.Engine.Uplift;

/// <summary>
/// Area above the diagonal of the best order a 0/1 outcome allows. The perfect score takes at most four values, one for each pair of
/// outcome and arm, so the curve follows from four counts.
/// </summary>
internal static class PerfectCurve
{
    private readonly record struct Cell(double Score, bool Treated, double Outcome, long Rows);

    /// <summary>Perfect order for Qini: by y·t − y·(1 − t).</summary>
    public static double QiniArea(long treatedYes, long treated, long controlYes, long control) => Area(UpliftRanking.QiniHeight,
    [
        new Cell(1, true, 1, treatedYes), new Cell(0, true, 0, treated - treatedYes),
        new Cell(-1, false, 1, controlYes), new Cell(0, false, 0, control - controlYes),
    ]);

    /// <summary>Perfect order for AUUC: by 2·[y = t] + (y if control responders outnumber treated non-responders, else t).</summary>
    public static double UpliftArea(long treatedYes, long treated, long controlYes, long control)
    {
        var byOutcome = controlYes > treated - treatedYes;
        return Area(UpliftRanking.UpliftHeight,
        [
            new Cell(3, true, 1, treatedYes), new Cell(byOutcome ? 0 : 1, true, 0, treated - treatedYes),
            new Cell(byOutcome ? 1 : 0, false, 1, controlYes), new Cell(2, false, 0, control - controlYes),
        ]);
    }

    /// <summary>Share of the perfect area; NaN when no order is better than another.</summary>
    public static double Normalise(double area, double perfect) => perfect == 0 ? double.NaN : area / perfect;

    private static double Area(Func<Tally, double> height, Cell[] cells)
    {
        Tally tally = default;
        double area = 0, last = 0;
        long lastRows = 0;
        foreach (var group in cells.Where(cell => cell.Rows > 0).GroupBy(cell => cell.Score).OrderByDescending(group => group.Key))
        {
            foreach (var cell in group) tally.Add(cell.Treated, cell.Outcome, cell.Rows);
            var value = height(tally);
            area += (tally.Rows - lastRows) * (value + last) / 2;
            (lastRows, last) = (tally.Rows, value);
        }
        return area - tally.Rows * last / 2;
    }
}
