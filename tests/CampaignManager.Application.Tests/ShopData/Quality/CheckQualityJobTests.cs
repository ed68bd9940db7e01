using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.ShopData.Quality;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.Tests.ShopData.Writing;
using CampaignManager.Application.Webhooks;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.ShopData.Quality;

/// <summary>Reports are kept, and each change is told once: in the bell and to whoever listens.</summary>
public sealed class CheckQualityJobTests : IAsyncDisposable
{
    private static readonly DateTime Now = TimeProvider.System.GetUtcNow().UtcDateTime.Date;

    private readonly AnImportRoom room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TwiceOverTheSameRows_KeepsTwoReportsAndTellsOnce()
    {
        await ListenAsync();
        await WriteAsync(0, 60, region: null);

        await CheckAsync();
        await CheckAsync();

        Assert.Equal(2, (await room.Get<QualityService>().HistoryAsync("shop", "orders", Stop)).Count);
        var body = Assert.Single(await BodiesAsync(), b => b.Contains("\"table\":\"orders\"", StringComparison.Ordinal) && b.Contains("\"missing\"", StringComparison.Ordinal));
        Assert.Contains("\"column\":\"region\"", body, StringComparison.Ordinal);
        Assert.Contains("\"from\":\"ok\",\"to\":\"fail\"", body, StringComparison.Ordinal);
        var bell = Assert.Single(await BellsAsync(), n => n.Subject.EndsWith("orders", StringComparison.Ordinal));
        Assert.Equal(("quality-fail", "u1"), (bell.Code, bell.UserId));
    }

    [Fact]
    public async Task Run_GoodAgain_IsToldAsWell()
    {
        await ListenAsync();
        await WriteAsync(0, 60, region: null);
        await CheckAsync();

        await WriteAsync(100, 900, region: "North");
        await CheckAsync();

        Assert.Contains(await BodiesAsync(), b => b.Contains("\"from\":\"fail\",\"to\":\"ok\"", StringComparison.Ordinal));
        Assert.Equal(QualityGrade.Ok, (await room.Get<QualityService>().LatestAsync(Stop)).Single(r => r.Table == "orders").Read().First(f => f.Column == "region").Grade);
    }

    [Fact]
    public async Task Thresholds_Raised_AreWhatTheNextCheckGoesBy()
    {
        await WriteAsync(0, 60, region: null);
        var raised = new Dictionary<string, QualityThreshold> { [QualityChecks.Missing] = new(0.99, 0.999) };
        Assert.False((await room.Get<QualityService>().SaveThresholdsAsync(raised, 1, AnImportRoom.Marketer, Stop)).Succeeded);
        Assert.False((await room.Get<QualityService>().SaveThresholdsAsync(new Dictionary<string, QualityThreshold> { ["drift"] = new(2, 1) }, 1, Actor.System, Stop)).Succeeded);
        Assert.True((await room.Get<QualityService>().SaveThresholdsAsync(raised, 1, Actor.System, Stop)).Succeeded);
        Assert.Equal("stale", (await room.Get<QualityService>().SaveThresholdsAsync(raised, 1, Actor.System, Stop)).Failure!.Code);

        await CheckAsync();

        Assert.Equal(QualityGrade.Ok, (await room.Get<QualityService>().LatestAsync(Stop)).Single(r => r.Table == "orders").Read().First(f => f.Column == "region").Grade);
    }

    [Fact]
    public async Task Clock_AsksOnceADay()
    {
        var clock = room.Get<DataClock>();

        Assert.True(await clock.LookAsync(Stop));
        Assert.False(await clock.LookAsync(Stop));
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    /// <summary>Orders of which one in twenty says its region at least.</summary>
    private Task WriteAsync(int from, int count, string? region) => room.Get<ShopWriter>().WriteAsync(
        new ImportSource(Guid.NewGuid(), "shop", Now),
        Enumerable.Range(from, count).Select(i => (ReadRow)(AWriter.Order("O" + i, "C" + i, Now.AddHours(-i)) with { Region = i % 20 == 0 ? "South" : region })), new AWriter.Heard(), null, Stop);

    private async Task CheckAsync()
    {
        var run = await room.Get<QualityService>().StartAsync(Actor.System, Stop);
        await room.Get<JobRunner>().ExecuteAsync(run!.Value, CancellationToken.None);
        await using var context = Context();
        Assert.Equal(JobState.Succeeded, (await context.JobRuns.SingleAsync(r => r.Id == run, Stop)).State);
    }

    private AppDbContext Context() => room.Get<IDbContextFactory<AppDbContext>>().CreateDbContext();

    private async Task ListenAsync()
    {
        await using var context = Context();
        context.Add(new Webhook { Id = Guid.NewGuid(), Url = "http://127.0.0.1:9/", Topics = $" {WebhookTopics.DataQuality} ", Secret = "s", Active = true, CreatedBy = "t" });
        context.Roles.Add(new IdentityRole(Roles.Admin) { Id = "admin" });
        context.Users.Add(new AppUser { Id = "u1", UserName = "ada", DisplayName = "Ada" });
        context.UserRoles.Add(new IdentityUserRole<string> { UserId = "u1", RoleId = "admin" });
        await context.SaveChangesAsync(Stop);
    }

    private async Task<List<string>> BodiesAsync()
    {
        await using var context = Context();
        return await context.WebhookEvents.Select(e => e.Body).ToListAsync(Stop);
    }

    private async Task<List<Notification>> BellsAsync()
    {
        await using var context = Context();
        return await context.Notifications.ToListAsync(Stop);
    }
}
