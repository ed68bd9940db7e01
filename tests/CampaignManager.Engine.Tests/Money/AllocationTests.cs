using System.Numerics;
using CampaignManager.Engine.Money;
using CsCheck;

namespace CampaignManager.Engine.Tests.Money;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(100, new long[] { 1, 1, 1 }, new long[] { 34, 33, 33 })]
    [InlineData(-100, new long[] { 1, 1, 1 }, new long[] { -34, -33, -33 })]
    [InlineData(1, new long[] { 0, 5, 5 }, new long[] { 0, 1, 0 })]
    [InlineData(10, new long[] { 3, 0, 7 }, new long[] { 3, 0, 7 })]
    [InlineData(0, new long[] { 0, 0 }, new long[] { 0, 0 })]
    public void Split_ByHand_LargestRemainderEarlierFirst(long total, long[] weights, long[] expected) =>
        Assert.Equal(expected, Allocation.Split(total, weights));

    [Fact]
    public void Split_AnyWeights_AddsUpExactly() =>
        Gen.Select(Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.Long[0, 1_000_000_000].Array[1, 40])
            .Where((_, weights) => weights.Any(w => w > 0))
            .Sample((total, weights) =>
            {
                var parts = Allocation.Split(total, weights);
                return parts.Sum() == total && parts.Zip(weights).All(p => p.Second != 0 || p.First == 0);
            });

    // Nobody is more than one unit off the exact share, whatever the size of the numbers.
    [Fact]
    public void Split_LargeNumbers_StaysWithinOneOfTheShare() =>
        Gen.Select(Gen.Long[1, long.MaxValue], Gen.Long[0, long.MaxValue].Array[2, 6]).Where((_, weights) => weights.Any(w => w > 0)).Sample((total, weights) =>
        {
            var sum = weights.Aggregate(BigInteger.Zero, (s, w) => s + w);
            var parts = Allocation.Split(total, weights);
            return parts.Aggregate(BigInteger.Zero, (s, p) => s + p) == total && parts.Zip(weights).All(p => p.First - ((BigInteger)total * p.Second / sum) is var more && (more == 0 || more == 1));
        });

    [Fact]
    public void First_OfEqualParts_IsTheSumOfTheFrontOfTheSplit() =>
        Gen.Select(Gen.Long[0, 1_000_000], Gen.Int[1, 50], Gen.Int[0, 50]).Where((_, parts, first) => first <= parts).Sample((total, parts, first) =>
            Allocation.First(total, parts, first) == Allocation.Split(total, Enumerable.Repeat(1L, parts).ToArray()).Take(first).Sum());

    [Fact]
    public void Split_AllWeightsZero_Throws() => Assert.Throws<ArgumentException>(() => Allocation.Split(1, [0, 0]));
}
