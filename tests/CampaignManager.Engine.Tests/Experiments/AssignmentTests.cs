using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Tests.Experiments;

public sealed class AssignmentTests
{
    [Theory]
    [InlineData("salt", "customer")]
    [InlineData("", "")]
    [InlineData("双11", "张三-0001")]
    public void Bucket_AnyText_IsTheHashOver2To64(string salt, string customer)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(salt + ":" + customer));
        BigInteger first = new(hash.AsSpan(0, 8), isUnsigned: true, isBigEndian: true);
        Assert.Equal((double)first / Math.Pow(2, 64), Assignment.Bucket(salt, customer), 1e-15);
    }

    [Fact]
    public void Bucket_KnownText_KnownPlace()
    {
        // printf 'autumn-2026:C-1' | sha256sum, first 16 digits, over 2^64.
        Assert.Equal(0.622229607439527, Assignment.Bucket("autumn-2026", "C-1"), 1e-15);
    }

    [Fact]
    public void IsControl_TwentyPercent_HoldsOutAFifth()
    {
        int held = Enumerable.Range(0, 50_000).Count(i => Assignment.IsControl("s", $"C-{i}", 0.2));
        Assert.InRange(held, 10_000 - 4 * 89, 10_000 + 4 * 89);
    }

    [Fact]
    public void IsControl_TwoSalts_AreIndependent()
    {
        // 2×2 table of two experiments at 50 %: χ² with one degree of freedom stays below its 0.9999 quantile.
        long[] cells = new long[4];
        for (int i = 0; i < 40_000; i++) cells[(Assignment.IsControl("a", $"{i}", 0.5) ? 2 : 0) + (Assignment.IsControl("b", $"{i}", 0.5) ? 1 : 0)]++;
        Assert.True(SampleRatio.Test(cells, [1, 1, 1, 1]).PValue > 0.0001);
    }

    [Theory]
    [InlineData("u1")]
    [InlineData("张三-0001")]
    [InlineData("a-customer-of-so-long-a-name-that-no-single-block-of-the-hash-holds-it")]
    public void Batch_ManyExperiments_AreTheArmsOneByOne(string customer)
    {
        var batch = new AssignmentBatch();
        foreach (var count in new[] { 1, 7, 8, 9, 203 })
        {
            // Salts of many lengths, up to and beyond what one block holds.
            var salts = Enumerable.Range(0, count).Select(i => string.Concat(Enumerable.Repeat("0aé9", i % 17)) + i).ToArray();
            var held = new bool[count];
            batch.Start(customer);
            for (var i = 0; i < count; i++)
                batch.Add(salts[i], Encoding.UTF8.GetBytes(salts[i] + ":"), 0.5, i, held);
            batch.Finish(held);
            Assert.Equal(salts.Select(s => Assignment.IsControl(s, customer, 0.5)), held);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void IsControl_EdgeShares_NoneOrAll(double share, bool expected) =>
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(expected, Assignment.IsControl("edge", $"{i}", share)));
}
