using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Overview;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Experiments;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Offers;
using Hangfire;
using Hangfire.InMemory;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Overview;

public class OverviewServiceTests
{
    private static readonly Actor Max = Actor.Of("max", "Max", Roles.Manager);

    private static readonly DateTime Now = new(2026, 6, 30, 12, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AttentionAsync_CountsWhatWaitsForThisPersonAndWhatIsStillOpen()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        var review = await AddAsync(shop, CampaignStatus.InReview);
        await AddAsync(shop, CampaignStatus.InReview, owner: "max");
        var draft = await AddAsync(shop, CampaignStatus.Draft);
        await SuggestAsync(shop, draft, version: 1, SuggestionState.Open);
        await SuggestAsync(shop, draft, version: 1, SuggestionState.Open);
        await SuggestAsync(shop, draft, version: 1, SuggestionState.Dismissed);
        // The campaign has moved on since this one was made.
        await SuggestAsync(shop, review, version: 7, SuggestionState.Open);

        var attention = await Service(shop).AttentionAsync(Max, Cancel);

        Assert.Equal((1, 2, 1), (attention.Approvals, attention.Suggestions, attention.SuggestionCampaigns));
        Assert.Null(attention.Model);
        Assert.Null(attention.Newest);
    }

    [Fact]
    public async Task AttentionAsync_DataAndJobs_NewestRecordRowsAndRecentFailures()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        shop.Customers("2025-01-01", "C1", "C2");
        shop.Order("O1", "C1", "2026-06-29 10:00", "home", 10);
        await RunAsync(shop, JobState.Running, null);
        await RunAsync(shop, JobState.Queued, null);
        await RunAsync(shop, JobState.Succeeded, Now.AddDays(-1));
        await RunAsync(shop, JobState.Failed, Now.AddDays(-6));
        await RunAsync(shop, JobState.Failed, Now.AddDays(-8));

        var attention = await Service(shop).AttentionAsync(Max, Cancel);

        Assert.Equal(new DateTime(2026, 6, 29, 10, 0, 0, DateTimeKind.Utc), attention.Newest);
        Assert.Equal((2, 1, 0), (attention.Customers, attention.Orders, attention.Events));
        Assert.Equal(new JobCounts(2, 1, Training: true), attention.Jobs);
    }

    [Theory]
    // Half the time has passed. A seventh more or less than half the budget is still in step.
    [InlineData(50_000L, Pace.OnTrack, null)]
    [InlineData(57_000L, Pace.OnTrack, "2026-07-05")]
    [InlineData(80_000L, Pace.Ahead, "2026-07-02")]
    [InlineData(40_000L, Pace.Behind, null)]
    [InlineData(100_000L, Pace.Spent, null)]
    [InlineData(120_000L, Pace.Spent, null)]
    public async Task LiveAsync_Budget_IsHeldAgainstTime(long spent, Pace expected, string? runsOut)
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        await AddAsync(shop, CampaignStatus.Live, starts: Now.AddDays(-6), ends: Now.AddDays(6), budget: 100_000, spent: spent);

        var live = Assert.Single((await Service(shop).LiveAsync(5, Cancel)).Items);

        Assert.Equal((expected, 0.5), (live.Pace, live.TimeShare!.Value));
        Assert.Equal(runsOut, live.RunsOutAt?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    // Some hours into twelve days: nothing to say yet, unless it burns.
    [InlineData(0L, Pace.Unknown, false)]
    [InlineData(9_000L, Pace.Unknown, false)]
    [InlineData(30_000L, Pace.Ahead, true)]
    public async Task LiveAsync_JustLaunched_IsNotCalledSlow(long spent, Pace expected, bool runsOut)
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        await AddAsync(shop, CampaignStatus.Live, starts: Now.AddHours(-6), ends: Now.AddDays(12), budget: 100_000, spent: spent);

        var live = Assert.Single((await Service(shop).LiveAsync(5, Cancel)).Items);

        Assert.Equal((expected, runsOut), (live.Pace, live.RunsOutAt is not null));
    }

    [Fact]
    public async Task LiveAsync_WithoutBudgetOrEnd_ThereIsNothingToCompare()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        await AddAsync(shop, CampaignStatus.Live, starts: Now.AddDays(-6), budget: 100_000, spent: 90_000);
        await AddAsync(shop, CampaignStatus.Paused, starts: Now.AddDays(-6), ends: Now.AddDays(6));
        await AddAsync(shop, CampaignStatus.Ended, starts: Now.AddDays(-6), ends: Now.AddDays(6));

        var live = await Service(shop).LiveAsync(5, Cancel);

        Assert.Equal(2, live.Total);
        // What ends comes first.
        Assert.Equal([CampaignStatus.Paused, CampaignStatus.Live], live.Items.Select(c => c.Status));
        Assert.All(live.Items, c => Assert.Equal(Pace.Unknown, c.Pace));
    }

    private static OverviewService Service(AShopWithCampaigns shop)
    {
        var store = new ModelStore(Options.Create(new ModelOptions { Path = Path.Combine(Path.GetTempPath(), "cm-no-models") }), shop.Clock);
        var jobs = new JobService(shop.Database, new BackgroundJobClient(new InMemoryStorage()), new JobNotifier(), new JobCancellations(), shop.Clock);
        var models = new ModelService(shop.Database, store, jobs, new SettingsService(shop.Database), shop.Clock);
        return new OverviewService(
            shop.Database, new CampaignList(shop.Database), models, new LakeInventory(shop.Lake.Lake), shop.Clock);
    }

    private static async Task<Guid> AddAsync(
        AShopWithCampaigns shop, CampaignStatus status, string owner = "mia", DateTime? starts = null, DateTime? ends = null, long? budget = null, long spent = 0)
    {
        var rules = new CampaignRules();
        var campaign = new Campaign
        {
            Id = Guid.NewGuid(),
            Name = "A campaign",
            Status = status,
            RulesJson = RulesJson.Write(rules),
            OfferType = rules.Offer.Type,
            Currency = "CNY",
            OwnerId = owner,
            OwnerName = owner,
            SubmittedById = owner,
            HoldoutSalt = "salt",
            StartsAt = starts,
            EndsAt = ends,
            BudgetMinor = budget,
            DiscountSpentMinor = spent,
        };
        await using var context = shop.Database.CreateDbContext();
        context.Campaigns.Add(campaign);
        await context.SaveChangesAsync();
        return campaign.Id;
    }

    private static async Task SuggestAsync(AShopWithCampaigns shop, Guid campaign, int version, SuggestionState state)
    {
        await using var context = shop.Database.CreateDbContext();
        context.CampaignSuggestions.Add(new CampaignSuggestion
        {
            Id = Guid.NewGuid(),
            CampaignId = campaign,
            CampaignVersion = version,
            State = state,
            MoveJson = "{}",
            BeforeJson = "{}",
            EvidenceJson = "{}",
        });
        await context.SaveChangesAsync();
    }

    private static async Task RunAsync(AShopWithCampaigns shop, JobState state, DateTime? finished)
    {
        await using var context = shop.Database.CreateDbContext();
        context.JobRuns.Add(new JobRun { Id = Guid.NewGuid(), Kind = "train-model", Arguments = "{}", State = state, FinishedAt = finished, CreatedAt = Now.AddDays(-9) });
        await context.SaveChangesAsync();
    }
}
