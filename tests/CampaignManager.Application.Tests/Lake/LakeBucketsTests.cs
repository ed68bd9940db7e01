using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Lake;

public sealed class LakeBucketsTests
{
    private const string Customers =
        "('C1', NULL, NULL, NULL, NULL), ('C2', NULL, NULL, NULL, NULL), ('C3', NULL, NULL, NULL, NULL), ('C4', NULL, NULL, NULL, NULL)";

    [Fact]
    public void Check_AnotherCountThanRecorded_RefusesAndNamesBoth()
    {
        using var a = new ALake(buckets: 4);
        new LakeBuckets(a.Lake).Check();
        a.Put(LakeTable.Customers, Customers);
        new LakeBuckets(a.Lake).Check();
        var refused = Assert.Throws<StartRefusedException>(() => new LakeBuckets(With(a, 8)).Check());
        Assert.Contains("was made with 4 buckets, but Lake:Buckets says 8", refused.Message);
        // Nothing is recorded by a refused start.
        new LakeBuckets(a.Lake).Check();
    }

    [Theory]
    [InlineData(8)]
    [InlineData(2)]
    [InlineData(1)]
    public void Check_NoRecord_FindsTheCountByTheFirstCustomers(int other)
    {
        using var a = new ALake(buckets: 4);
        a.Put(LakeTable.Orders, string.Join(", ", Enumerable.Range(0, 40).Select(i =>
            $"('O{i}', 'C{i}', TIMESTAMP '2026-03-01', NULL, 1, 0, 0, 1, NULL, 0)")));
        Assert.Contains("Set Lake:Buckets to the count", Assert.Throws<StartRefusedException>(() => new LakeBuckets(With(a, other)).Check())
            .Message);
        Assert.DoesNotContain(LakeBuckets.RecordFile, a.Files());
        new LakeBuckets(a.Lake).Check();
        Assert.Contains(LakeBuckets.RecordFile, a.Files());
        Assert.Throws<StartRefusedException>(() => new LakeBuckets(With(a, other)).Check());
    }

    [Fact]
    public void Check_NoCustomersYet_TakesTheCountOfNow()
    {
        using var a = new ALake(buckets: 4);
        new LakeBuckets(a.Lake).Check();
        new LakeBuckets(With(a, 8)).Check();
        a.Put(LakeTable.Products, "('S1', 'Tea', '茶', 'tea', NULL, 100, NULL)");
        new LakeBuckets(With(a, 16)).Check();
    }

    [Fact]
    public void Check_DamagedRecord_SaysWhichFile()
    {
        using var a = new ALake(buckets: 4);
        a.Put(LakeTable.Customers, Customers);
        File.WriteAllText(a.Lake.PathTo(LakeBuckets.RecordFile), "{");
        Assert.Contains(LakeBuckets.RecordFile, Assert.Throws<StartRefusedException>(() => new LakeBuckets(a.Lake).Check()).Message);
    }

    private static DataLake With(ALake a, int buckets) =>
        new(Options.Create(new LakeOptions { Path = a.Lake.Root, Buckets = buckets, Threads = 1 }), TimeProvider.System);
}
