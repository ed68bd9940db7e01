using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.FirstSteps;

/// <summary>
/// The shop's gross margin as a share of the price. It is never made up: what somebody typed, what costs say, what an admin has set, or nothing.
/// </summary>
internal static class ShopMargin
{
    public static async Task<(double? Share, MarginSource From)> FindAsync(
        decimal? typedPercent, ShopOrders orders, IDbContextFactory<AppDbContext> contexts, CancellationToken cancellationToken)
    {
        if (typedPercent is { } typed)
            return ((double)typed / 100, MarginSource.Typed);
        if (orders is { CostShare: >= ShopOrders.EnoughCosts, KnownMargin: { } known })
            return (known, MarginSource.Costs);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ShopSettings.Where(s => s.Id == ShopSettings.TheId).Select(s => (decimal?)s.StoreMarginPercent)
            .FirstOrDefaultAsync(cancellationToken) is { } set
            ? ((double)set / 100, MarginSource.Settings) : (null, MarginSource.Unknown);
    }
}
