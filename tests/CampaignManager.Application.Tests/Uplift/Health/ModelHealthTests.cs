using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Uplift.Health;

/// <summary>The condition of the version in use, asked for until the app's last moment.</summary>
public sealed class ModelHealthTests
{
    [Fact]
    public async Task OfShop_ServicesAreGone_IsACancellation()
    {
        var room = await TrainingRoom.OpenAsync();
        var health = room.Get<ModelHealth>();
        await ScoredCustomers.ModelInUseAsync(room.Get<IDbContextFactory<AppDbContext>>());
        Assert.NotNull(await health.OfShopAsync(CancellationToken.None));
        await room.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => health.OfShopAsync(CancellationToken.None));
    }

    [Fact]
    public async Task OfShop_GoesWhileItIsAtWork_IsACancellation()
    {
        await using var room = await TrainingRoom.OpenAsync();
        await ScoredCustomers.ModelInUseAsync(room.Get<IDbContextFactory<AppDbContext>>());
        // Somebody looks at the clock between finding the version and looking how far its customers have moved: at that moment it goes.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var health = new ModelHealth(room.Get<ModelService>(), room.Get<DriftService>(), room.Get<CustomerScores>(), room.Get<DataLake>(), Options.Create(new ModelOptions()), time);
        await using var gone = time.CreateTimer(_ => health.Dispose(), null, time.AutoAdvanceAmount, Timeout.InfiniteTimeSpan);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => health.OfShopAsync(CancellationToken.None));
    }
}
