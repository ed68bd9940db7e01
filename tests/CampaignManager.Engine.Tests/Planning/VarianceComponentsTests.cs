using CampaignManager.Engine.Planning;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class VarianceComponentsTests
{
    private const int PerBlock = 10;
    private static readonly int[] Blocks = [-1, .. Enumerable.Repeat(0, PerBlock), .. Enumerable.Repeat(1, PerBlock)];

    [Fact]
    public void Estimate_OneBlockMattersTheOtherDoesNot_FindsBothAndTheNoise()
    {
        var (statistics, truth) = Simulate(rows: 20_000, seed: 11);
        var variance = VarianceComponents.Estimate(statistics.Groups[0], 0, Blocks, out var noise);

        var spread = truth.Average(t => t * t);
        Assert.InRange(variance[1], spread / 2, spread * 2);
        Assert.True(variance[PerBlock + 1] < variance[1] / 20, $"{variance[PerBlock + 1]} against {variance[1]}");
        Assert.Equal(double.PositiveInfinity, variance[0]);
        Assert.InRange(noise, 0.95, 1.05);
    }

    [Fact]
    public void Fit_BlocksThatMatterAndDoNot_CloserToTheTruthThanOneVarianceForAll()
    {
        double Error(int[] blocks) => Enumerable.Range(1, 10).Average(seed =>
        {
            var (statistics, truth) = Simulate(rows: 3_000, seed: (ulong)seed);
            var model = EffectModel.Fit(statistics, blocks, [0.0], drawCount: 2);
            return Enumerable.Range(0, PerBlock).Sum(i => Math.Pow(model.Coefficients[0][1 + i] - truth[i], 2) + Math.Pow(model.Coefficients[0][1 + PerBlock + i], 2));
        });
        Assert.True(Error(Blocks) < 0.8 * Error([-1, .. Enumerable.Repeat(0, 2 * PerBlock)]));
    }

    [Fact]
    public void Fit_CoefficientsShrunk_DrawsStillReachTheTruth()
    {
        // So little data that shrinking hides most of an effect: an interval from resampling alone would miss it.
        var (inside, all) = (0, 0);
        for (var seed = 1; seed <= 20; seed++)
        {
            var (statistics, truth) = Simulate(rows: 800, seed: (ulong)seed);
            var model = EffectModel.Fit(statistics, Blocks, [0.0], drawCount: 100, seed: (ulong)seed);
            for (var i = 0; i < PerBlock; i++)
            {
                var phi = new double[Blocks.Length];
                phi[1 + i] = 1;
                all++;
                if (Math.Abs(model.Predict(0, phi) - truth[i]) <= 1.645 * Math.Sqrt(model.Variance(0, phi)))
                    inside++;
            }
        }

        Assert.InRange(inside / (double)all, 0.82, 0.97);
    }

    [Fact]
    public void InverseDiagonal_KnownMatrix_Known()
    {
        double[] matrix = [4, 2, 0, 2, 3, 1, 0, 1, 2];
        Cholesky.Factor(matrix, 3);
        var diagonal = new double[3];
        Cholesky.InverseDiagonal(matrix, 3, diagonal);
        // By cofactors over the determinant, 12.
        Assert.Equal(5 / 12.0, diagonal[0], 12);
        Assert.Equal(8 / 12.0, diagonal[1], 12);
        Assert.Equal(8 / 12.0, diagonal[2], 12);
    }

    private static (EffectStatistics Statistics, double[] Truth) Simulate(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var truth = Enumerable.Range(0, PerBlock).Select(_ => 0.5 * random.NextNormal()).ToArray();
        var statistics = new EffectStatistics(Blocks.Length, 1, rows > 10_000 ? 1 : 64, 1);
        var phi = new double[Blocks.Length];
        for (var i = 0; i < rows; i++)
        {
            phi[0] = 1;
            for (var k = 1; k < phi.Length; k++)
                phi[k] = 0.3 * random.NextNormal();
            var y = 0.2 + random.NextNormal();
            for (var k = 0; k < PerBlock; k++)
                y += truth[k] * phi[1 + k];
            statistics.Add(phi, [y], rows > 10_000 ? 0 : random.NextInt(64), 0);
        }

        return (statistics, truth);
    }
}
