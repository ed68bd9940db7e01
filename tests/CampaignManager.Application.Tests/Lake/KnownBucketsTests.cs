using System.Globalization;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Tests.Lake;

public sealed class KnownBucketsTests
{
    /// <summary>More customers than it has places, so that they push each other out, and then all of them again.</summary>
    [Fact]
    public void Of_ManyCustomersTwice_IsWhereTheirFilesLie()
    {
        var known = new KnownBuckets(8);
        var ids = Enumerable.Range(0, 150_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"C-{i}")).ToList();
        List<int> buckets = [.. ids.Select(id => CustomerBucket.Of(id, 8))];
        Assert.Equal(buckets, ids.Select(known.Of));
        Assert.Equal(buckets, ids.Select(known.Of));
    }
}
