using System.Text;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.Tests.Imports;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Campaigns;

/// <summary>Campaigns that files tell of.</summary>
public sealed class ImportedCampaignsTests : IAsyncDisposable
{
    private readonly AnImportRoom room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_OfPastCampaigns_TheyBelongToTheFileThatSaidThemLast()
    {
        await ImportAsync("spring.csv", "spring,10% off,2025-03-01,2025-03-10\nautumn,20% off,2025-10-01,2025-10-10\n");
        Assert.Equal(["autumn of spring.csv", "spring of spring.csv"], await OwnersAsync());

        var later = await ImportAsync("mended.csv", "spring,15% off,2025-03-01,2025-03-10\n");
        Assert.Equal(["autumn of spring.csv", "spring of mended.csv"], await OwnersAsync());

        await room.UndoAsync(later);
        Assert.Equal(["autumn of spring.csv", "spring of spring.csv"], await OwnersAsync());
    }

    private async Task<Guid> ImportAsync(string name, string rows)
    {
        var file = new MemoryStream(Encoding.UTF8.GetBytes("campaign,offer,starts_at,ends_at\n" + rows));
        var id = (await room.Imports.UploadAsync(AnImportRoom.Marketer, name, file, Stop, "campaigns")).Value;
        Assert.True((await room.Imports.StartAsync(AnImportRoom.Marketer, id, new ShopMapping { Zone = "UTC" }, Stop)).Succeeded);
        Assert.Equal(ImportState.Succeeded, (await room.RunAsync(id)).State);
        return id;
    }

    private async Task<List<string>> OwnersAsync()
    {
        await using var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync(Stop);
        return await context.Campaigns.Where(c => c.Origin == CampaignOrigin.Imported).OrderBy(c => c.Name).Select(c => c.Name + " of " + c.OwnerName).ToListAsync(Stop);
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
