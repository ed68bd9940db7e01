using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <summary>Which variants' offers an order was priced with: what follows from its moment and its customer is kept nowhere else.</summary>
internal static class VariantOffers
{
    public static async Task<Dictionary<Guid, Offer>> OfAsync(
        AppDbContext context, IReadOnlyList<Guid> campaigns, string? customer, DateTime at, CancellationToken cancel)
    {
        var offers = new Dictionary<Guid, Offer>();
        if (customer is null)
            return offers;
        var epochs = await context.ExperimentEpochs.AsNoTracking()
            .Where(e => campaigns.Contains(e.ExperimentId) && e.BeganAt <= at && (e.EndedAt == null || e.EndedAt > at)).ToListAsync(cancel);
        foreach (var epoch in epochs.Select(HeldEpoch.Of).Zip(epochs))
        {
            var arm = EpochArm.Of(epoch.First.Arms, epoch.First.Cuts.Of(epoch.First.Salt, customer));
            if (arm.Offer is { } offer)
                offers[epoch.Second.ExperimentId] = offer;
        }

        return offers;
    }
}
