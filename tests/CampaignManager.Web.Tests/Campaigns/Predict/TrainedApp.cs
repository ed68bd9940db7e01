using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Campaigns.Predict;

/// <summary>The whole app with a small demo shop, always the same, and a model trained on its past campaigns. Tests work on drafts of their own.</summary>
public sealed class TrainedApp : WebApp, IAsyncLifetime
{
    /// <summary>The collection of tests that share one.</summary>
    public const string Shared = "trained app";

    public static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);

    /// <summary>Inside what the shop has tried.</summary>
    public static readonly CampaignRules StoreWide = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] } };

    public Guid ModelId { get; private set; }

    public CampaignService Campaigns => Services.GetRequiredService<CampaignService>();

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await UntilIdleAsync(limit.Token);
        if (await ChampionAsync() is null)
        {
            var started = await Services.GetRequiredService<TrainingService>().StartAsync(new TrainingRequest(Learner: "t"), Actor.Of("ada", "Ada", Roles.Admin), limit.Token);
            Assert.True(started.Succeeded, started.Failure?.Message);
            await UntilIdleAsync(limit.Token);
        }

        ModelId = (await ChampionAsync())!.Id;
    }

    public async Task<Guid> DraftAsync(CampaignRules rules, string name = "Draft") =>
        (await Campaigns.CreateDraftAsync(name, rules, Mia, CancellationToken.None)).Value;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Demo:Enabled", "true");
        builder.UseSetting("Webhooks:AllowPrivateAddresses", "true");
        builder.UseSetting("Demo:Customers", "2000");
        builder.UseSetting("Demo:EndDate", "2026-07-01");
    }

    private Task<ModelRow?> ChampionAsync() => Services.GetRequiredService<ModelService>().ChampionAsync(ModelVersion.ShopScope, CancellationToken.None);

    private async Task UntilIdleAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var runs = (await Services.GetRequiredService<JobService>().ListAsync(null, new PageRequest(1, 20), cancellationToken)).Items;
            if (runs.FirstOrDefault(r => r.State is JobState.Failed) is { } failed)
                throw new InvalidOperationException($"{failed.Kind}: {failed.Error}");
            if (runs.Count > 0 && runs.All(r => r.State is JobState.Succeeded))
                return;
        }
    }
}

/// <summary>Training takes seconds: one shop for all tests that need a model.</summary>
[CollectionDefinition(TrainedApp.Shared)]
public sealed class TrainedAppCollection : ICollectionFixture<TrainedApp>;
