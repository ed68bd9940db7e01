using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Statistics;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextUInt64_SameSeed_SameStream()
    {
        var a = new SeededRandom(42);
        var b = new SeededRandom(42);
        Assert.Equal(Enumerable.Range(0, 100).Select(_ => a.NextUInt64()), Enumerable.Range(0, 100).Select(_ => b.NextUInt64()));
        Assert.NotEqual(new SeededRandom(42).Fork(1).NextUInt64(), new SeededRandom(42).Fork(2).NextUInt64());
        Assert.NotEqual(new SeededRandom(42).Fork(1).NextUInt64(), new SeededRandom(43).Fork(1).NextUInt64());
    }

    [Fact]
    public void NextDouble_ManyDraws_IsUniform()
    {
        var random = new SeededRandom(1);
        double[] draws = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray();
        Assert.Equal(0.5, draws.Average(), 4 * 0.2887 / Math.Sqrt(draws.Length));
        Assert.All(draws, value => Assert.InRange(value, 0, 0.9999999999999999));
    }

    [Fact]
    public void NextInt_SixFaces_AreEven()
    {
        var random = new SeededRandom(3);
        long[] faces = new long[6];
        for (int i = 0; i < 60_000; i++) faces[random.NextInt(6)]++;
        Assert.True(CampaignManager.Engine.Experiments.SampleRatio.Test(faces, [1, 1, 1, 1, 1, 1]).PValue > 0.0001);
    }

    [Fact]
    public void NextNormal_ManyDraws_HasItsMoments()
    {
        var random = new SeededRandom(4);
        double[] draws = Enumerable.Range(0, 200_000).Select(_ => random.NextNormal()).ToArray();
        Assert.Equal(0, draws.Average(), 4 / Math.Sqrt(draws.Length));
        Assert.Equal(1, draws.Average(x => x * x), 4 * Math.Sqrt(2.0 / draws.Length));
        Assert.Equal(0.05, draws.Count(x => Math.Abs(x) > 1.959964) / (double)draws.Length, 0.003);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(75)]
    public void NextPoisson_ManyDraws_MeanEqualsVariance(double mean)
    {
        var random = new SeededRandom(5);
        double[] draws = Enumerable.Range(0, 100_000).Select(_ => (double)random.NextPoisson(mean)).ToArray();
        double average = draws.Average();
        Assert.Equal(mean, average, 4 * Math.Sqrt(mean / draws.Length) + 1e-12);
        Assert.Equal(mean, draws.Average(x => (x - average) * (x - average)), 0.05 * mean + 1e-12);
    }

    [Fact]
    public void Shuffle_Items_KeepsThemAll()
    {
        int[] items = Enumerable.Range(0, 100).ToArray();
        new SeededRandom(6).Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }
}
