using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Behaviour;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Offers;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Demo;

public sealed class BuildDemoShopTests : IDisposable
{
    private static readonly BuildDemoShop Request = new(1_000, 5, 18, new DateOnly(2026, 7, 1));

    private readonly AShop shop = new();
    private readonly JobNotifier notifier = new();

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task Run_EmptyInstallation_BuildsLakeCampaignsSegmentsAndTrainingTable()
    {
        var shares = new List<double>();
        using var watch = notifier.Subscribe(_ => shares.Add(Progress()));
        await BuildAsync();

        Assert.True(Service().IsReady);
        await using var context = shop.Database.CreateDbContext();
        var campaigns = context.Campaigns.ToList();
        Assert.Equal((10, 2, 2), (campaigns.Count(c => c.Status == CampaignStatus.Ended), campaigns.Count(c => c.Status == CampaignStatus.Live), campaigns.Count(c => c.Status == CampaignStatus.Draft)));
        Assert.All(campaigns, c => Assert.Equal(c.OfferType, RulesJson.Read(c.RulesJson).Offer.Type));
        Assert.Equal(["freeShipping", "fullReduction", "percentOff"], campaigns.Select(c => c.OfferType).Distinct().Order());
        Assert.All(campaigns.Where(c => c.Status != CampaignStatus.Draft), c => Assert.Equal(0.2, c.LaunchedHoldoutShare));
        Assert.Equal(1_000, context.Segments.Where(s => s.Kind == SegmentKind.Lifecycle).Sum(s => s.Size));
        using var connection = shop.Lake.Open();
        var exposed = connection.Query(
            $"SELECT x.campaign_id, count(*), coalesce(max(o.spent), 0)::BIGINT FROM {shop.Lake.Source(LakeTable.Exposures)} x LEFT JOIN (SELECT campaign_id, sum(campaign_discount_minor) AS spent FROM {shop.Lake.Source(LakeTable.Orders)} GROUP BY 1) o USING (campaign_id) GROUP BY 1",
            r => (Id: Guid.Parse(r.GetString(0)), Rows: r.GetInt64(1), Spent: r.GetInt64(2)));
        Assert.Equal(12, exposed.Count);
        Assert.All(exposed, e => Assert.Equal(e.Spent, campaigns.Single(c => c.Id == e.Id).DiscountSpentMinor));
        var ended = campaigns.Where(c => c.Status == CampaignStatus.Ended).Select(c => c.Id).ToHashSet();
        Assert.Equal(exposed.Where(e => ended.Contains(e.Id)).Sum(e => e.Rows), connection.Scalar<long>($"SELECT count(*) FROM {shop.Lake.SourceOf(TrainingTable.Folder + "/table.parquet")}"));
        Assert.NotEmpty(shares);
        Assert.Equal(shares.Order(), shares);
        Assert.Null((await FirstTrainingAsync()).ExperimentId);
    }

    [Fact]
    public async Task Run_KilledBeforeTheEndAndStartedAgain_EndsTheSame()
    {
        await BuildAsync();
        var (files, rows) = await PictureAsync();

        // As if killed: no ready file, segments and some campaigns not yet there, a staged half left behind.
        File.Delete(shop.Lake.PathTo(DemoShopService.ReadyFile));
        Directory.Delete(shop.Lake.PathTo("segments"), recursive: true);
        await using (var context = shop.Database.CreateDbContext())
        {
            context.Campaigns.RemoveRange(context.Campaigns.OrderBy(c => c.Id).Take(3).ToList());
            await context.SaveChangesAsync();
        }

        Assert.False(Service().IsReady);
        await BuildAsync();

        var again = await PictureAsync();
        Assert.Equal(files, again.Files);
        Assert.Equal(rows, again.Rows);
        var first = await FirstTrainingAsync();
        Assert.Equal((null, "converted", TrainingService.ShopLearner), (first.ExperimentId, first.Outcome, first.Learner));
    }

    [Fact]
    public async Task Start_FirstTimeInDevelopment_AsksOnce()
    {
        var service = Service(Environments.Development);
        await service.StartIfFirstAsync(default);
        await service.StartIfFirstAsync(default);

        await using var context = shop.Database.CreateDbContext();
        var run = Assert.Single(context.JobRuns.ToList());
        Assert.Equal("build-demo-shop", run.Kind);
        Assert.Equal(new BuildDemoShop(1_000, 5, 18, new DateOnly(2026, 7, 1)), JsonSerializer.Deserialize<BuildDemoShop>(run.Arguments, JsonSerializerOptions.Web));
    }

    [Fact]
    public async Task Start_InProductionOrOverOwnData_DoesNot()
    {
        await Service(Environments.Production).StartIfFirstAsync(default);
        shop.A.Put(LakeTable.Customers, "('own-1', TIMESTAMP '2026-01-02', 'east', 'app', 'ios')", "import");
        await Service(Environments.Development).StartIfFirstAsync(default);
        var asked = await Service().StartAsync(Actor.System, default);

        Assert.Equal("shop-not-empty", asked.Failure?.Code);
        await using var context = shop.Database.CreateDbContext();
        Assert.Empty(context.JobRuns.ToList());
    }

    [Fact]
    public async Task Start_ByAMarketer_IsForbidden()
    {
        var asked = await Service().StartAsync(Actor.Of("m", "Mia", Roles.Marketer), default);

        Assert.Equal(FailureKind.Forbidden, asked.Failure?.Kind);
    }

    private JobService Jobs => new(shop.Database, new IdleClient(), notifier, new JobCancellations(), TimeProvider.System);

    private DemoShopService Service(string environment = "Development") => new(
        shop.Lake, Jobs, shop.Database,
        Options.Create(new DemoOptions { Customers = 1_000, Seed = 5, EndDate = new DateOnly(2026, 7, 1) }), new Place(environment), TimeProvider.System);

    private async Task BuildAsync()
    {
        var run = new JobRun { Id = Guid.NewGuid(), Kind = DemoShopService.JobKind, Arguments = JsonSerializer.Serialize(Request, JsonSerializerOptions.Web) };
        await using (var context = shop.Database.CreateDbContext())
        {
            context.JobRuns.Add(run);
            await context.SaveChangesAsync();
        }

        var job = new BuildDemoShopJob(shop.Lake, new DemoCampaignRows(shop.Database, shop.Lake), shop.Features, new TrainingService(new TrainingSources(shop.Lake), Jobs));
        await job.RunAsync(new JobContext(run, shop.Database, notifier, TimeProvider.System), CancellationToken.None);
    }

    private double Progress()
    {
        using var context = shop.Database.CreateDbContext();
        return context.JobRuns.Single(r => r.Kind == DemoShopService.JobKind).Progress;
    }

    /// <summary>The one training that the app itself asked for when the shop was there.</summary>
    private async Task<TrainingRequest> FirstTrainingAsync()
    {
        await using var context = shop.Database.CreateDbContext();
        var run = Assert.Single(context.JobRuns.Where(r => r.Kind == TrainModelJob.Kind).ToList());
        Assert.Equal((JobState.Queued, Actor.System.Name), (run.State, run.RequestedByName));
        return JsonSerializer.Deserialize<TrainingRequest>(run.Arguments, JsonSerializerOptions.Web)!;
    }

    private async Task<(string[] Files, string[] Rows)> PictureAsync()
    {
        string[] files = [.. Parquet().Select(f => f + " " + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(shop.Lake.PathTo(f)))))];
        await using var context = shop.Database.CreateDbContext();
        var campaigns = context.Campaigns.OrderBy(c => c.Id).ToList().Select(c => $"{c.Id} {c.Name} {c.Status} {c.StartsAt:O} {c.EndsAt:O} {c.DiscountSpentMinor} {c.HoldoutSalt} {c.RulesJson}");
        var segments = context.Segments.OrderBy(s => s.Key).ToList().Select(s => $"{s.Key} {s.Size}");
        return (files, [.. campaigns, .. segments, $"{context.CampaignVersions.Count()} versions, {context.CampaignActivities.Count()} activities"]);
    }

    private IEnumerable<string> Parquet() => shop.A.Files().Where(f => f.EndsWith(".parquet", StringComparison.Ordinal));

    private sealed class IdleClient : IBackgroundJobClient
    {
        public string Create(Job job, IState state) => "1";

        public bool ChangeState(string jobId, IState state, string expectedState) => true;
    }

    private sealed class Place(string environment) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = environment;

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
