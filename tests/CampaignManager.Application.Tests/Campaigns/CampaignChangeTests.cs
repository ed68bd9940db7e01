using CampaignManager.Application.Campaigns;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class CampaignChangeTests : IDisposable
{
    private static readonly DateOnly Later = new(2026, 11, 20);

    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Extend_ApprovedByAnother_MovesTheEndAndKeepsTheTrueStart()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        var before = await room.GetAsync(id);
        var change = (await room.Changes.ExtendAsync(id, Later, Mia, Cancel)).Value;
        Assert.Equal(before.EndsAt, (await room.GetAsync(id)).EndsAt);
        Done(await room.Changes.ApproveAsync(change, Max, Cancel));
        var after = await room.GetAsync(id);
        Assert.Equal((new DateTime(2026, 11, 20, 16, 0, 0, DateTimeKind.Utc), before.StartsAt, before.Version + 1), (after.EndsAt!.Value, after.StartsAt, after.Version));
        Assert.Equal(Later, after.Rules.Schedule.End);
        Assert.Equal(["extend-requested", "extended"], (await room.LogAsync(id))[^2..]);
        Assert.Empty(await room.Changes.PendingAsync(id, Cancel));
        Assert.Contains(await room.NotesOfAsync(Eve), n => n.Code == "campaign-change-requested");
        Assert.Contains(await room.NotesOfAsync(Mia), n => n.Code == "campaign-change-approved");
    }

    [Fact]
    public async Task TopUp_Approved_RaisesTheBudgetOnly()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        var before = await room.GetAsync(id);
        Done(await room.Changes.ApproveAsync((await room.Changes.TopUpAsync(id, 60_000.5m, Mia, Cancel)).Value, Max, Cancel));
        var after = await room.GetAsync(id);
        Assert.Equal((60_000_50L, 60_000.5m, before.EndsAt), (after.BudgetMinor!.Value, after.Rules.Limits.Budget!.Value, after.EndsAt));
    }

    [Fact]
    public async Task BothKinds_ApprovedInAnyOrder_BothHold()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        var extend = (await room.Changes.ExtendAsync(id, Later, Mia, Cancel)).Value;
        var topUp = (await room.Changes.TopUpAsync(id, 60_000, Mia, Cancel)).Value;
        Done(await room.Changes.ApproveAsync(topUp, Max, Cancel));
        Done(await room.Changes.ApproveAsync(extend, Max, Cancel));
        var rules = (await room.GetAsync(id)).Rules;
        Assert.Equal((Later, 60_000m), (rules.Schedule.End!.Value, rules.Limits.Budget!.Value));
    }

    [Fact]
    public async Task Approve_OwnRequest_OrOwnCampaign_IsForbidden()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        var change = (await room.Changes.ExtendAsync(id, Later, Max, Cancel)).Value;
        Assert.Equal("own-campaign", (await room.Changes.ApproveAsync(change, Max, Cancel)).Failure!.Code);
        Assert.Equal(FailureKind.Forbidden, (await room.Changes.ApproveAsync(change, Mia, Cancel)).Failure!.Kind);
        Done(await room.Changes.ApproveAsync(change, Eve, Cancel));
    }

    [Fact]
    public async Task Approve_TenAtOnce_ExactlyOneWins()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        var change = (await room.Changes.TopUpAsync(id, 60_000, Mia, Cancel)).Value;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => room.Changes.ApproveAsync(change, i % 2 == 0 ? Max : Eve, Cancel), Cancel)));
        Assert.Single(outcomes, o => o.Succeeded);
        Assert.Equal(2, (await room.GetAsync(id)).Version);
    }

    [Fact]
    public async Task Reject_NeedsAComment_ThenLeavesTheCampaignAsItWas()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        var change = (await room.Changes.ExtendAsync(id, Later, Mia, Cancel)).Value;
        Assert.Equal(FailureKind.Invalid, (await room.Changes.RejectAsync(change, " ", Max, Cancel)).Failure!.Kind);
        Done(await room.Changes.RejectAsync(change, "Stock is gone", Max, Cancel));
        Assert.Equal(1, (await room.GetAsync(id)).Version);
        Assert.Equal("decided", (await room.Changes.ApproveAsync(change, Eve, Cancel)).Failure!.Code);
    }

    [Fact]
    public async Task Request_Twice_Shorter_OrOnADraft_IsRefused()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        Assert.Equal(["end"], (await room.Changes.ExtendAsync(id, new DateOnly(2026, 11, 11), Mia, Cancel)).Failure!.Errors!.Keys);
        Assert.Equal(["budget"], (await room.Changes.TopUpAsync(id, 50_000, Mia, Cancel)).Failure!.Errors!.Keys);
        Done(await room.Changes.ExtendAsync(id, Later, Mia, Cancel));
        Assert.Equal("change-pending", (await room.Changes.ExtendAsync(id, Later, Max, Cancel)).Failure!.Code);
        Assert.Equal("wrong-state", (await room.Changes.ExtendAsync(await room.DraftAsync(), Later, Mia, Cancel)).Failure!.Code);
    }

    [Fact]
    public async Task End_WithAChangeWaiting_WithdrawsIt()
    {
        var id = await room.InStateAsync(CampaignStatus.Live);
        Done(await room.Changes.ExtendAsync(id, Later, Mia, Cancel));
        Done(await room.Transitions.EndAsync(id, null, Max, Cancel));
        Assert.Empty(await room.Changes.PendingAsync(id, Cancel));
    }
}
