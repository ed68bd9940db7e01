using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Settings;

/// <summary>Reads the shop's settings; a shop that never changed any has the defaults.</summary>
public sealed class SettingsService(IDbContextFactory<AppDbContext> contexts)
{
    public async Task<ShopSettings> GetAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ShopSettings.AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? new ShopSettings();
    }
}
