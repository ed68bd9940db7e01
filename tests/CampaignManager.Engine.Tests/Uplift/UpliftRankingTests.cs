using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

/// <summary>Small tables worked out by hand.</summary>
public sealed class UpliftRankingTests
{
    private static UpliftRanking Ranking(params (double Y, int T, double Score)[] rows) =>
        new(rows.Select(r => r.Y).ToArray(), rows.Select(r => r.T == 1).ToArray(), rows.Select(r => r.Score).ToArray());

    // Sorted: (1,T) (0,C) (0,T) (1,C).
    private static UpliftRanking FourRows() => Ranking((0, 0, 0.3), (1, 1, 0.4), (1, 0, 0.1), (0, 1, 0.2));

    [Fact]
    public void UpliftCurve_FourRows_FollowsTheFormula()
    {
        // k=1: (1/1 − 0)·1 = 1; k=2: (1 − 0/1)·2 = 2; k=3: (1/2 − 0)·3 = 1.5; k=4: (1/2 − 1/2)·4 = 0.
        Assert.Equal([new(0, 0), new(1, 1), new(2, 2), new(3, 1.5), new(4, 0)], FourRows().UpliftCurve());
    }

    [Fact]
    public void QiniCurve_FourRows_FollowsTheFormula()
    {
        // k=1: 1 − 0 = 1; k=2: 1 − 0·1/1 = 1; k=3: 1 − 0·2/1 = 1; k=4: 1 − 1·2/2 = 0.
        Assert.Equal([new(0, 0), new(1, 1), new(2, 1), new(3, 1), new(4, 0)], FourRows().QiniCurve());
    }

    [Fact]
    public void Metrics_FourRowsInPerfectOrder_AreOne()
    {
        // Areas: u 0.5 + 1.5 + 1.75 + 0.75 = 4.5, q 0.5 + 1 + 1 + 0.5 = 3; both triangles 0.
        // Perfect Qini order puts the two zeros together: 0, 1, (3 rows) 1, 0 -> 0.5 + 2 + 0.5 = 3: the order is perfect.
        // Perfect uplift order: 3 (1,T), 2 (0,C), then (0,T) and (1,C): control yes 1 is not more than treated no 1, so t decides: 1, 0. The same as ours.
        UpliftMetrics metrics = FourRows().Metrics();
        Assert.Equal(1, metrics.Qini, 1e-12);
        Assert.Equal(1, metrics.Auuc, 1e-12);
        Assert.Equal(3.0 / (4 * 2), metrics.QiniAbs, 1e-12);
        Assert.Equal(4.5 / 16, metrics.AuucAbs, 1e-12);
        Assert.Equal(0, metrics.Ate, 1e-12);
    }

    [Fact]
    public void Metrics_ReversedOrder_AreNegative()
    {
        // Sorted: (1,C) (0,T) (0,C) (1,T). q: 0; 0 − 1·1/1 = −1; 0 − 1·1/2 = −0.5; 1 − 1·2/2 = 0 -> area 0 − 0.5 − 0.75 − 0.25 = −1.5; the perfect area is 3.
        UpliftMetrics metrics = Ranking((0, 0, 2), (1, 1, 1), (1, 0, 4), (0, 1, 3)).Metrics();
        Assert.Equal(-0.5, metrics.Qini, 1e-12);
        // u: (0 − 1)·1 = −1; (0 − 1)·2 = −2; (0 − 1/2)·3 = −1.5; 0 -> area −0.5 − 1.5 − 1.75 − 0.75 = −4.5, perfect 4.5.
        Assert.Equal(-1, metrics.Auuc, 1e-12);
    }

    [Fact]
    public void Curve_TiedRows_EnterTogether()
    {
        // Scores 2 (three rows: 1T, 0C, 0T), 1 (1C, 1T).
        UpliftRanking ranking = Ranking((1, 1, 2), (0, 0, 2), (0, 1, 2), (1, 0, 1), (1, 1, 1));
        Assert.Equal([new(0, 0), new(3, 1), new(5, 2 - 1 * 3 / 2.0)], ranking.QiniCurve());
        Assert.Equal([0, 3, 5], ranking.UpliftCurve().Select(point => point.Rows));
        Assert.Equal(1.5, ranking.UpliftCurve()[1].Value, 1e-12); // (1/2 − 0)·3
        Assert.Equal((2 / 3.0 - 1 / 2.0) * 5, ranking.UpliftCurve()[2].Value, 1e-12);
    }

    [Fact]
    public void Metrics_AllScoresEqual_NoRankingAndNoScore()
    {
        UpliftRanking ranking = Ranking((1, 1, 0), (0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 0), (0, 0, 0));
        UpliftMetrics metrics = ranking.Metrics();
        Assert.Equal(2, ranking.QiniCurve().Count);
        Assert.Equal(0, metrics.Qini, 1e-12);
        Assert.Equal(0, metrics.Auuc, 1e-12);
        Assert.Equal(0, metrics.QiniAbs, 1e-12);
        Assert.Equal(2 / 3.0 - 1 / 3.0, metrics.Ate, 1e-12);
    }

    [Fact]
    public void Metrics_UnbalancedArms_WeighControlUp()
    {
        // Three treated to one control. Sorted: 1T 1T 1C 0T. q: 1, 2, 2 − 1·2/1 = 0, 2 − 1·3/1 = −1.
        UpliftRanking ranking = Ranking((1, 1, 4), (1, 1, 3), (1, 0, 2), (0, 1, 1));
        Assert.Equal([0, 1, 2, 0, -1], ranking.QiniCurve().Select(point => point.Value));
        // Area 0.5 + 1.5 + 1 − 0.5 = 2.5; triangle 4·(−1)/2 = −2; 4.5 / (4·3).
        Assert.Equal(4.5 / 12, ranking.Metrics().QiniAbs, 1e-12);
        // Perfect order: 1T 1T | 0T | 1C -> q 0, (2) 2, (3) 2, (4) −1: area 2 + 2 + 0.5 = 4.5, less −2 = 6.5.
        Assert.Equal(4.5 / 6.5, ranking.Metrics().Qini, 1e-12);
        // u: 1, 2, (1 − 1)·3 = 0, (2/3 − 1)·4 = −4/3: area 0.5 + 1.5 + 1 − 2/3 = 7/3, triangle −8/3 -> 5.
        // Perfect: control yes 1 > treated no 1 is false, so by t: 3 (1T 1T), 1 (0T), 0 (1C): u 2, 2/3·3 = 2, −4/3: area 2 + 2 + 1/3 = 13/3, +8/3 = 7.
        Assert.Equal(5.0 / 7, ranking.Metrics().Auuc, 1e-12);
    }

    [Fact]
    public void UpliftAtK_TenRows_TakesFloorOfKn()
    {
        // In order: 1T 0C 0T | ... ; k = 10 % is one row (no control: not estimable), 20 % two rows (1 − 0), 30 % three rows (1/2 − 0).
        var rows = new (double, int, double)[] { (1, 1, 10), (0, 0, 9), (0, 1, 8), (1, 0, 7), (1, 1, 6), (0, 0, 5), (1, 1, 4), (0, 0, 3), (0, 1, 2), (1, 0, 1) };
        UpliftMetrics metrics = Ranking(rows).Metrics();
        Assert.Equal(double.NaN, metrics.U10);
        Assert.Equal(1, metrics.U20, 1e-12);
        Assert.Equal(0.5, metrics.U30, 1e-12);
    }

    [Fact]
    public void UpliftAtK_TiedScores_LaterRowFirst()
    {
        // All tied: the last rows of the file come first. 20 % of ten = the last two (1C, 0T): 0 − 1 = −1; 30 % adds (0C): 0 − 1/2.
        var rows = new (double, int, double)[] { (1, 1, 0), (0, 0, 0), (1, 1, 0), (0, 0, 0), (1, 1, 0), (0, 0, 0), (1, 1, 0), (0, 0, 0), (0, 1, 0), (1, 0, 0) };
        UpliftMetrics metrics = Ranking(rows).Metrics();
        Assert.Equal(-1, metrics.U20, 1e-12);
        Assert.Equal(-0.5, metrics.U30, 1e-12);
    }

    [Fact]
    public void Metrics_FewerRowsThanTen_TopTenthIsEmpty() => Assert.Equal(double.NaN, FourRows().Metrics().U10);

    [Fact]
    public void Metrics_NoControl_RatioCountsAsZero()
    {
        UpliftRanking ranking = Ranking((1, 1, 3), (0, 1, 2), (1, 1, 1));
        Assert.Equal([0, 1, 1, 2], ranking.QiniCurve().Select(point => point.Value));
        Assert.Equal([0, 1, 1, 2], ranking.UpliftCurve().Select(point => point.Value));
        Assert.Equal(double.NaN, ranking.Metrics().Ate);
        Assert.Equal(double.NaN, ranking.Metrics().U30);
    }

    [Fact]
    public void Metrics_NoTreated_ControlTermStays()
    {
        // u = (0 − y0/n0)·k; q = 0 − y0·0/n0 = 0.
        UpliftRanking ranking = Ranking((1, 0, 2), (0, 0, 1));
        Assert.Equal([0, -1, -1], ranking.UpliftCurve().Select(point => point.Value));
        Assert.Equal([0, 0, 0], ranking.QiniCurve().Select(point => point.Value));
        Assert.Equal(double.NaN, ranking.Metrics().QiniAbs);
    }

    [Fact]
    public void Metrics_Money_OnlyUnnormalisedAreas()
    {
        // Sorted: 20T, 5C, 0T, 5C. q: 20, 15, 20 − 5·2 = 10, 20 − 10·2/2 = 10: area 10 + 17.5 + 12.5 + 10 = 50, triangle 20 -> 30 / (4·2).
        UpliftMetrics metrics = Ranking((20, 1, 4), (5, 0, 3), (0, 1, 2), (5, 0, 1)).Metrics();
        Assert.Equal(double.NaN, metrics.Qini);
        Assert.Equal(double.NaN, metrics.Auuc);
        Assert.Equal(30.0 / 8, metrics.QiniAbs, 1e-12);
        Assert.Equal(5, metrics.Ate, 1e-12);
    }

    [Fact]
    public void Metrics_NoRows_AllNaN() => Assert.Equal(UpliftMetrics.None, Ranking().Metrics());

    [Fact]
    public void Constructor_ScoreIsNaN_Throws() => Assert.Throws<ArgumentException>(() => Ranking((1, 1, double.NaN)));
}
