using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class CustomerClustersTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1_000_003, 0)]
    [InlineData(-7, -3)]
    public void Number_SmallLargeOrNegative_InTheOrderInWhichTheyCome(int factor, int shift)
    {
        int[] customers = [.. new[] { 5, 2, 5, 9, 2, 0 }.Select(c => c * factor + shift)], numbers = new int[6];
        Assert.Equal(4, CustomerClusters.Number(customers, numbers));
        Assert.Equal([0, 1, 0, 2, 1, 3], numbers);
        // In place, as the ranking does it.
        Assert.Equal(4, CustomerClusters.Number(customers, customers));
        Assert.Equal(numbers, customers);
    }

    [Fact]
    public void Sums_ByCustomer_AddTheirRows() =>
        Assert.Equal([1 + 4, 2 + 8, 16], CustomerClusters.Sums([7, 3, 7, 3, 1], i => 1 << i));

    [Fact]
    public void Estimate_CustomersInSeveralSegments_AsWithADictionaryOfPairs()
    {
        var random = new SeededRandom(3);
        const int Rows = 4000, Customers = 900, Segments = 5;
        double[] gamma = [.. Enumerable.Range(0, Rows).Select(_ => random.NextNormal())];
        int[] segments = [.. Enumerable.Range(0, Rows).Select(_ => random.NextInt(Segments + 1) - 1)], customers = [.. Enumerable.Range(0, Rows).Select(_ => random.NextInt(Customers))];
        var found = SegmentEffects.Estimate(gamma, segments, customers, Segments);
        foreach (var segment in found)
        {
            int[] own = [.. Enumerable.Range(0, Rows).Where(i => segments[i] == segment.Segment)];
            double mean = own.Sum(i => gamma[i]) / own.Length;
            double[] sums = [.. own.GroupBy(i => customers[i]).Select(g => g.Sum(i => (gamma[i] - mean) / own.Length))];
            Assert.Equal((own.Length, sums.Length), (segment.Rows, segment.Customers));
            Assert.Equal(Math.Sqrt(sums.Sum(s => s * s) * sums.Length / (sums.Length - 1.0)), segment.StandardError, 1e-14);
            // The joint interval of five nearly independent segments lies between one's own and Bonferroni's.
            Assert.InRange((segment.High - segment.Effect) / segment.StandardError, Normal.Quantile(0.95), Normal.Quantile(1 - 0.05 / Segments) + 0.1);
        }
    }
}
