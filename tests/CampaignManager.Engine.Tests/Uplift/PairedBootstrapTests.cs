using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class PairedBootstrapTests
{
    private static (double[] Y, bool[] Treated, double[] Truth, double[] Noise) Planted(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        double[] y = new double[rows], truth = new double[rows], noise = new double[rows];
        var treated = new bool[rows];
        for (var i = 0; i < rows; i++)
        {
            (truth[i], noise[i], treated[i]) = (random.NextDouble() * 0.5, random.NextDouble(), random.NextDouble() < 0.5);
            y[i] = random.NextDouble() < 0.1 + (treated[i] ? truth[i] : 0) ? 1 : 0;
        }

        return (y, treated, truth, noise);
    }

    [Fact]
    public void Compare_SameScores_IsNoDifference()
    {
        var (y, treated, truth, _) = Planted(500, 3);
        var compared = PairedBootstrap.Compare(y, treated, truth, truth);
        foreach (var metric in new[] { compared.Auuc, compared.Qini, compared.AuucAbs, compared.QiniAbs })
        {
            Assert.Equal(new Estimate(0, 0, 0), metric.Difference);
            Assert.Equal(0.5, metric.ProbabilityBetter);
            Assert.Equal(metric.Champion, metric.Challenger);
        }
    }

    [Fact]
    public void Compare_SameOrderOnAnotherScale_IsNoDifference()
    {
        var (y, treated, truth, _) = Planted(300, 4);
        var compared = PairedBootstrap.Compare(y, treated, truth, [.. truth.Select(t => 3 * t - 1)]);
        Assert.Equal(0, compared.Auuc.Difference.Low);
        Assert.Equal(0, compared.Auuc.Difference.High);
    }

    [Fact]
    public void Compare_TruthAgainstNoise_TruthWins()
    {
        var (y, treated, truth, noise) = Planted(4000, 5);
        var compared = PairedBootstrap.Compare(y, treated, noise, truth);
        Assert.True(compared.Auuc.ProbabilityBetter > 0.99);
        Assert.True(compared.Auuc.Difference.Low > 0);
        Assert.True(compared.Qini.ProbabilityBetter > 0.99);
        var turned = PairedBootstrap.Compare(y, treated, truth, noise);
        Assert.Equal(1, compared.Auuc.ProbabilityBetter + turned.Auuc.ProbabilityBetter, 1e-12);
        Assert.Equal(compared.Auuc.Difference.Value, -turned.Auuc.Difference.Value, 1e-12);
    }

    /// <summary>Both see the same thing with their own noise: the pairing must be narrower than two samples apart would be.</summary>
    [Fact]
    public void Compare_ModelsAlike_IsNarrowerThanUnpaired()
    {
        var (y, treated, truth, noise) = Planted(2000, 6);
        double[] a = [.. truth], b = [.. truth.Select((t, i) => t + 0.02 * noise[i])];
        var paired = PairedBootstrap.Compare(y, treated, a, b).QiniAbs.Difference;
        var alone = UpliftBootstrap.Intervals(new UpliftRanking(y, treated, a)).QiniAbs;
        Assert.True(paired.High - paired.Low < 0.5 * (alone.High - alone.Low));
    }

    /// <summary>
    /// Rows: treated yes, control no, treated no, control yes. Champion ranks them as they stand: uplift curve over depth 0..4 is
    /// 0, 1·1=1 (the empty control ratio counts as 0), (1−0)·2=2, (½−0)·3=1.5, (½−½)·4=0; area by trapezoid .5+1.5+1.75+.75=4.5, straight line 0, over n²=16: 0.28125.
    /// The challenger ranks them backwards: 0, (0−1)·1=−1, (0−1)·2=−2, (0−½)·3=−1.5, 0: −4.5, −0.28125.
    /// </summary>
    [Fact]
    public void Compare_FourRows_IsAsWorkedOutByHand()
    {
        double[] y = [1, 0, 0, 1];
        bool[] treated = [true, false, true, false];
        var compared = PairedBootstrap.Compare(y, treated, [4, 3, 2, 1], [1, 2, 3, 4]);
        Assert.Equal(0.28125, compared.AuucAbs.Champion, 1e-12);
        Assert.Equal(-0.28125, compared.AuucAbs.Challenger, 1e-12);
        Assert.Equal(-0.5625, compared.AuucAbs.Difference.Value, 1e-12);
        Assert.InRange(compared.AuucAbs.ProbabilityBetter, 0, 0.5);
    }

    [Fact]
    public void Compare_Twice_IsTheSame()
    {
        var (y, treated, truth, noise) = Planted(400, 7);
        Assert.Equal(PairedBootstrap.Compare(y, treated, noise, truth), PairedBootstrap.Compare(y, treated, noise, truth));
    }

    [Fact]
    public void Deciding_Money_IsTheUnnormalisedArea()
    {
        var (y, treated, truth, noise) = Planted(400, 8);
        var compared = PairedBootstrap.Compare([.. y.Select(v => v * 12.5)], treated, noise, truth);
        Assert.True(double.IsNaN(compared.Auuc.Difference.Value));
        Assert.Same(compared.AuucAbs, compared.Deciding);
    }
}
