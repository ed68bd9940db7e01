namespace CampaignManager.Application.Lake;

/// <summary>
/// Buckets of customers whose rows come one soon after the other, as in a shop's files: the hash is made once as long as nobody else
/// takes the place.
/// </summary>
internal sealed class KnownBuckets(int buckets)
{
    private const int Places = 1 << 17;

    private readonly (string? Id, int Bucket)[] known = new (string?, int)[Places];

    public int Of(string customerId)
    {
        ref var place = ref known[(uint)customerId.GetHashCode(StringComparison.Ordinal) % Places];
        if (place.Id != customerId)
            place = (customerId, CustomerBucket.Of(customerId, buckets));
        return place.Bucket;
    }
}
