using CampaignManager.Application.Campaigns;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class CampaignTransitionsTests : IDisposable
{
    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task WholeLife_EachStep_IsLoggedAndTold()
    {
        var id = await room.InStateAsync(CampaignStatus.Archived);
        Assert.Equal(["created", "submitted", "approved", "launched", "ended", "archived"], await room.LogAsync(id));
        Assert.Equal(["campaign-submitted"], (await room.NotesOfAsync(Max)).Select(n => n.Code));
        Assert.Equal(["campaign-approved", "campaign-ended", "campaign-live"], (await room.NotesOfAsync(Mia)).Select(n => n.Code).Order());
        Assert.All(await room.NotesOfAsync(Mia), n => Assert.Equal(("Autumn", $"/campaigns/{id}"), (n.Subject, n.Link)));
    }

    [Fact]
    public async Task Approve_TwentyAtOnce_ExactlyOneWins()
    {
        var id = await room.InStateAsync(CampaignStatus.InReview);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => room.Transitions.ApproveAsync(id, null, i % 2 == 0 ? Max : Eve, Cancel), Cancel)));
        Assert.Single(outcomes, o => o.Succeeded);
        Assert.All(outcomes.Where(o => !o.Succeeded), o => Assert.Contains(o.Failure!.Kind, (FailureKind[])[FailureKind.Conflict, FailureKind.Stale]));
        Assert.Single(await room.LogAsync(id), "approved");
    }

    [Fact]
    public async Task ApproveAndReject_AtOnce_ExactlyOneWins()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await room.InStateAsync(CampaignStatus.InReview);
            var outcomes = await Task.WhenAll(
                Task.Run(() => room.Transitions.ApproveAsync(id, null, Max, Cancel), Cancel),
                Task.Run(() => room.Transitions.RejectAsync(id, "no", Eve, Cancel), Cancel));
            Assert.Single(outcomes, o => o.Succeeded);
        }
    }

    [Fact]
    public async Task Approve_WhoEditedLast_MayNot()
    {
        var id = await room.DraftAsync();
        Done(await room.Campaigns.SaveAsync(id, new CampaignDraft("Autumn", Rules(off: 35)), 1, Max, Cancel));
        Done(await room.Transitions.SubmitAsync(id, Mia, Cancel));
        Assert.Equal("own-campaign", (await room.Transitions.ApproveAsync(id, null, Max, Cancel)).Failure!.Code);
        Assert.Empty(await room.NotesOfAsync(Max));
        Done(await room.Transitions.ApproveAsync(id, null, Eve, Cancel));
    }

    [Fact]
    public async Task Approve_AnotherVersionThanSeen_IsStale()
    {
        var id = await room.InStateAsync(CampaignStatus.InReview);
        Assert.Equal(FailureKind.Stale, (await room.Transitions.ApproveAsync(id, null, Max, Cancel, version: 7)).Failure!.Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public async Task Reject_WithoutAComment_IsRefused(string? comment)
    {
        var id = await room.InStateAsync(CampaignStatus.InReview);
        Assert.Equal(["comment"], (await room.Transitions.RejectAsync(id, comment, Max, Cancel)).Failure!.Errors!.Keys);
        Assert.Equal(CampaignStatus.InReview, (await room.GetAsync(id)).Status);
    }

    [Fact]
    public async Task Reject_WithAComment_GoesBackToDraftAndTellsTheOwner()
    {
        var id = await room.InStateAsync(CampaignStatus.InReview);
        Done(await room.Transitions.RejectAsync(id, " Budget too high ", Max, Cancel));
        var view = await room.GetAsync(id);
        Assert.Equal((CampaignStatus.Draft, "Budget too high"), (view.Status, view.RejectionComment));
        Assert.Equal(("campaign-rejected", "Budget too high"), (await room.NotesOfAsync(Mia)).Select(n => (n.Code, n.Detail)).Single());
        Done(await room.Transitions.SubmitAsync(id, Mia, Cancel));
        Assert.Null((await room.GetAsync(id)).RejectionComment);
    }

    [Fact]
    public async Task Withdraw_WhatWaitsForApproval_IsADraftAgainAndTellsWhoWasAsked()
    {
        var id = await room.InStateAsync(CampaignStatus.InReview);
        Assert.Equal(FailureKind.Forbidden, (await room.Transitions.WithdrawAsync(id, Max, Cancel)).Failure!.Kind);
        Done(await room.Transitions.WithdrawAsync(id, Mia, Cancel));
        Assert.Equal(CampaignStatus.Draft, (await room.GetAsync(id)).Status);
        Assert.Contains(("campaign-withdrawn", "Mia"), (await room.NotesOfAsync(Max)).Select(n => (n.Code, n.Detail)));
        Assert.Equal("wrong-state", (await room.Transitions.ApproveAsync(id, null, Max, Cancel)).Failure!.Code);
        Done(await room.Transitions.SubmitAsync(id, Mia, Cancel));
    }

    [Fact]
    public async Task Withdraw_WhileAManagerApproves_OneOfThemIsRefused()
    {
        for (var i = 0; i < 10; i++)
        {
            var id = await room.InStateAsync(CampaignStatus.InReview);
            var outcomes = await Task.WhenAll(
                Task.Run(() => room.Transitions.WithdrawAsync(id, Mia, Cancel), Cancel),
                Task.Run(() => room.Transitions.ApproveAsync(id, null, Max, Cancel), Cancel));
            Assert.Single(outcomes, o => o.Succeeded);
        }
    }

    [Fact]
    public async Task Submit_LastDayPassed_NamesTheField()
    {
        var id = await room.DraftAsync(rules: Rules("2026-09-01", "2026-09-30", "UTC"));
        Assert.Equal(["schedule.end"], (await room.Transitions.SubmitAsync(id, Mia, Cancel)).Failure!.Errors!.Keys);
    }

    [Theory]
    [InlineData(CampaignAction.Approve)]
    [InlineData(CampaignAction.Launch)]
    [InlineData(CampaignAction.Resume)]
    public async Task Move_AfterTheLastDay_IsAConflict(CampaignAction action)
    {
        var id = await room.InStateAsync(action switch { CampaignAction.Approve => CampaignStatus.InReview, CampaignAction.Launch => CampaignStatus.Approved, _ => CampaignStatus.Paused });
        room.Time.Set("2026-12-01T00:00:00Z");
        var outcome = action switch
        {
            CampaignAction.Approve => await room.Transitions.ApproveAsync(id, null, Max, Cancel),
            CampaignAction.Launch => await room.Transitions.LaunchAsync(id, Max, Cancel),
            _ => await room.Transitions.ResumeAsync(id, Max, Cancel),
        };
        Assert.Equal("window-passed", outcome.Failure!.Code);
    }

    [Fact]
    public async Task Launch_BeforeTheStart_FreezesTheHoldoutAndStartsNow()
    {
        var id = await room.InStateAsync(CampaignStatus.Approved, Rules(holdout: 12.5m));
        var salt = (await room.GetAsync(id)).HoldoutSalt;
        Done(await room.Transitions.LaunchAsync(id, Max, Cancel));
        var view = await room.GetAsync(id);
        Assert.Equal((0.125, room.Time.GetUtcNow().UtcDateTime, room.Time.GetUtcNow().UtcDateTime, salt), (view.LaunchedHoldoutShare!.Value, view.LaunchedAt!.Value, view.StartsAt!.Value, view.HoldoutSalt));
    }

    [Fact]
    public async Task PauseAndResume_KeepTheFirstLaunch()
    {
        var id = await room.InStateAsync(CampaignStatus.Paused);
        var launched = (await room.GetAsync(id)).LaunchedAt;
        room.Time.Set("2026-11-05T00:00:00Z");
        Done(await room.Transitions.ResumeAsync(id, Eve, Cancel));
        Assert.Equal((CampaignStatus.Live, launched), ((await room.GetAsync(id)).Status, (await room.GetAsync(id)).LaunchedAt));
    }

    [Fact]
    public async Task End_OwnLiveCampaign_MarketerMay_AndItEndsNow()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        room.Time.Set("2026-11-05T00:00:00Z");
        Done(await room.Transitions.EndAsync(id, "sold out", Mia, Cancel));
        Assert.Equal((CampaignStatus.Ended, room.Time.GetUtcNow().UtcDateTime), ((await room.GetAsync(id)).Status, (await room.GetAsync(id)).EndsAt!.Value));
    }

    [Fact]
    public async Task Move_UnknownCampaign_IsNotFound() =>
        Assert.Equal(FailureKind.NotFound, (await room.Transitions.SubmitAsync(Guid.NewGuid(), Mia, Cancel)).Failure!.Kind);
}
