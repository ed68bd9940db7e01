using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;

namespace CampaignManager.Application.Behaviour;

/// <summary>Describes customers, or the exposures of past campaigns, in parts of a bucket each: group means need everyone, memory does not hold everyone.</summary>
public sealed class FeatureParts(DataLake lake, JobParts parts)
{
    /// <returns>The folder with the raw rows of all buckets, which the caller removes once they are put together; of past customers also what they were read from.</returns>
    internal async Task<(PartFolder Raw, RowsRead Read)> DescribeAsync(
        DateTime asOf, ShopSettings shop, ShopCategories categories, IReadOnlyList<PastWindow>? past, JobContext? run, Func<double, Task> report, CancellationToken cancel)
    {
        var work = past is null ? DescribeBucketPart.Customers : DescribeBucketPart.Exposures;
        var folder = PartFolder.Of(lake, run?.RunId, work);
        var stamp = lake.StampOf(
            LakeTable.Products, LakeTable.Customers, LakeTable.Events, LakeTable.Orders, LakeTable.OrderLines, LakeTable.Exposures);
        try
        {
            var state = past is null ? Now(asOf, shop, categories) : null;
            var asked = new DescribeBuckets(folder.Path, asOf, shop, past, stamp, categories.Keys, state?.Kept.Folder, state?.From(lake));
            var read = await parts.RunAsync<RowsRead?>(run, work, lake.Buckets, asked, report, cancel);
            if (state is not null)
                await state.SaveAsync(lake, cancel);
            return (folder, new RowsRead(read.Sum(r => r?.KnownLater ?? 0), read.Sum(r => r?.Backfilled ?? 0)));
        }
        catch when (run is null)
        {
            folder.Remove();
            throw;
        }
    }

    private FeatureState Now(DateTime asOf, ShopSettings shop, ShopCategories categories)
    {
        using var connection = lake.Open();
        return FeatureState.Now(lake, connection, shop, categories, asOf);
    }
}
