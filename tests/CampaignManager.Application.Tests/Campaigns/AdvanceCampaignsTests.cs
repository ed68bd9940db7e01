using CampaignManager.Application.Campaigns;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class AdvanceCampaignsTests : IDisposable
{
    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Theory]
    [InlineData("2026-10-31T15:59:59Z", CampaignStatus.Approved)]
    [InlineData("2026-10-31T16:00:00Z", CampaignStatus.Live)]
    [InlineData("2026-11-11T15:59:59Z", CampaignStatus.Live)]
    [InlineData("2026-11-11T16:00:00Z", CampaignStatus.Ended)]
    public async Task Advance_ApprovedInShanghai_FollowsItsLocalDays(string now, CampaignStatus expected)
    {
        var id = await room.InStateAsync(CampaignStatus.Approved);
        room.Time.Set(now);
        await room.Advance.AdvanceAsync(Cancel);
        Assert.Equal(expected, (await room.GetAsync(id)).Status);
    }

    [Theory]
    [InlineData("2026-10-25T22:59:59Z", CampaignStatus.Live)] // the day the clocks go back has 25 hours
    [InlineData("2026-10-25T23:00:00Z", CampaignStatus.Ended)]
    public async Task Advance_LastDayOf25Hours_EndsWithIt(string now, CampaignStatus expected)
    {
        var id = await room.InStateAsync(CampaignStatus.Live, Rules("2026-10-02", "2026-10-25", "Europe/Berlin"));
        room.Time.Set(now);
        await room.Advance.AdvanceAsync(Cancel);
        Assert.Equal(expected, (await room.GetAsync(id)).Status);
    }

    [Fact]
    public async Task Advance_StartThenEnd_IsLoggedAndToldAndFrozen()
    {
        var id = await room.InStateAsync(CampaignStatus.Approved, Rules(holdout: 20));
        room.Time.Set("2026-11-01T00:00:10Z");
        Assert.Equal(new AdvancedCampaigns(1, 0), await room.Advance.AdvanceAsync(Cancel));
        var live = await room.GetAsync(id);
        Assert.Equal((0.2, new DateTime(2026, 10, 31, 16, 0, 0, DateTimeKind.Utc)), (live.LaunchedHoldoutShare!.Value, live.StartsAt!.Value));
        room.Time.Set("2026-11-12T00:00:00Z");
        Assert.Equal(new AdvancedCampaigns(0, 1), await room.Advance.AdvanceAsync(Cancel));
        var ended = await room.GetAsync(id);
        Assert.Equal(new DateTime(2026, 11, 11, 16, 0, 0, DateTimeKind.Utc), ended.EndsAt!.Value);
        Assert.Equal(["went-live", "ended-on-time"], (await room.LogAsync(id))[^2..]);
        Assert.Equal(["campaign-approved", "campaign-live", "campaign-ended"], (await room.NotesOfAsync(Mia)).Select(n => n.Code));
    }

    [Fact]
    public async Task Advance_DownPastBothEnds_EndsWithoutEverGoingLive()
    {
        var id = await room.InStateAsync(CampaignStatus.Approved);
        room.Time.Set("2027-01-01T00:00:00Z");
        Assert.Equal(new AdvancedCampaigns(0, 1), await room.Advance.AdvanceAsync(Cancel));
        Assert.Equal("missed", (await room.LogAsync(id))[^1]);
        Assert.Null((await room.GetAsync(id)).LaunchedAt);
    }

    [Fact]
    public async Task Advance_PausedPastItsEnd_Ends()
    {
        var id = await room.InStateAsync(CampaignStatus.Paused);
        room.Time.Set("2026-12-01T00:00:00Z");
        await room.Advance.AdvanceAsync(Cancel);
        Assert.Equal(CampaignStatus.Ended, (await room.GetAsync(id)).Status);
    }

    [Fact]
    public async Task Advance_DraftsReviewsAndOpenStarts_StayWhereTheyAre()
    {
        var draft = await room.DraftAsync();
        var review = await room.InStateAsync(CampaignStatus.InReview);
        var open = await room.InStateAsync(CampaignStatus.Approved, Rules(start: null, end: null));
        room.Time.Set("2026-11-02T00:00:00Z");
        Assert.Equal(new AdvancedCampaigns(0, 0), await room.Advance.AdvanceAsync(Cancel));
        Assert.Equal((CampaignStatus.Draft, CampaignStatus.InReview, CampaignStatus.Approved),
            ((await room.GetAsync(draft)).Status, (await room.GetAsync(review)).Status, (await room.GetAsync(open)).Status));
    }

    [Fact]
    public async Task Advance_OneThatCannotBeMoved_DoesNotHoldUpTheOthers()
    {
        var broken = await room.InStateAsync(CampaignStatus.Approved);
        await using (var context = room.CreateDbContext())
            await context.Campaigns.Where(c => c.Id == broken).ExecuteUpdateAsync(s => s.SetProperty(c => c.RulesJson, "{"), Cancel);
        var sound = await room.InStateAsync(CampaignStatus.Approved);
        room.Time.Set("2026-11-02T00:00:00Z");
        await Assert.ThrowsAsync<AggregateException>(() => room.Advance.AdvanceAsync(Cancel));
        Assert.Equal(CampaignStatus.Live, (await room.GetAsync(sound)).Status);
    }

    [Fact]
    public async Task Clock_EachTick_LooksAgain_AlsoAfterAFault()
    {
        var id = await room.InStateAsync(CampaignStatus.Approved);
        var (looks, looked, told) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        using var bell = room.Bells.Subscribe(Mia.Id, () => told.TrySetResult());
        await using var services = new ServiceCollection().AddTransient(_ =>
        {
            looked.TrySetResult();
            return looks++ == 0 ? throw new InvalidOperationException("The database is locked.") : room.Advance;
        }).BuildServiceProvider();
        using var clock = new CampaignClock(services.GetRequiredService<IServiceScopeFactory>(), room.Time, NullLogger<CampaignClock>.Instance);
        await clock.StartAsync(Cancel);
        await looked.Task.WaitAsync(Cancel);
        // The day comes without a tick; then one tick.
        room.Time.AdjustTime(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        room.Time.Advance(CampaignClock.Every);
        await told.Task.WaitAsync(Cancel);
        await clock.StopAsync(Cancel);
        Assert.Equal(CampaignStatus.Live, (await room.GetAsync(id)).Status);
    }

    [Fact]
    public async Task Advance_EightAtOnce_MovesEachCampaignOnce()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
            ids.Add(await room.InStateAsync(CampaignStatus.Approved));
        room.Time.Set("2026-11-02T00:00:00Z");
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => room.Advance.AdvanceAsync(Cancel), Cancel)));
        Assert.Equal(5, runs.Sum(r => r.Started));
        foreach (var id in ids)
            Assert.Single(await room.LogAsync(id), "went-live");
    }
}
