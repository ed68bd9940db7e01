using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;

namespace CampaignManager.Application.Behaviour;

/// <summary>Describes customers, or the exposures of past campaigns, in parts of a bucket each: group means need everyone, memory does not hold everyone.</summary>
public sealed class FeatureParts(DataLake lake, JobParts parts)
{
    /// <returns>The folder with the raw rows of all buckets; the caller removes it once they are put together.</returns>
    internal async Task<PartFolder> DescribeAsync(
        DateTime asOf, ShopSettings shop, IReadOnlyList<PastWindow>? past, JobContext? run, Func<double, Task> report, CancellationToken cancel)
    {
        var work = past is null ? DescribeBucketPart.Customers : DescribeBucketPart.Exposures;
        var folder = PartFolder.Of(lake, run?.RunId, work);
        var stamp = lake.StampOf(
            LakeTable.Products, LakeTable.Customers, LakeTable.Events, LakeTable.Orders, LakeTable.OrderLines, LakeTable.Exposures);
        try
        {
            await parts.RunAsync<object?>(run, work, lake.Buckets, new DescribeBuckets(folder.Path, asOf, shop, past, stamp), report, cancel);
            return folder;
        }
        catch when (run is null)
        {
            folder.Remove();
            throw;
        }
    }
}
