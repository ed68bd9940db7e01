using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class DraftOwnersTests : IDisposable
{
    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DraftOwners Owners => new(room, room.Time);

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task HandOver_ToAManager_MovesOwnerVersionAndLog()
    {
        var id = await room.DraftAsync();
        Assert.Equal(2, (await Owners.HandOverAsync(id, Max.Id, 1, Mia, Cancel)).Value);
        var view = await room.GetAsync(id);
        Assert.Equal((Max.Id, "Max", 2), (view.Stake.OwnerId, view.OwnerName, view.Version));
        Assert.Equal(["created", "handed-over"], await room.LogAsync(id));
        Assert.Equal(FailureKind.Forbidden, (await Owners.HandOverAsync(id, Eve.Id, 2, Mia, Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task HandOver_StaleOrToNobody_ChangesNothing()
    {
        var id = await room.DraftAsync();
        Assert.Equal(FailureKind.Stale, (await Owners.HandOverAsync(id, Max.Id, 7, Mia, Cancel)).Failure!.Kind);
        Assert.Equal("owner-unknown", (await Owners.HandOverAsync(id, "nobody", 1, Mia, Cancel)).Failure!.Code);
        Assert.Equal((Mia.Id, 1), ((await room.GetAsync(id)).Stake.OwnerId, (await room.GetAsync(id)).Version));
    }

    [Fact]
    public async Task Candidates_PeopleWithARole_ByName() => Assert.Equal(["Eve", "Max"], (await Owners.CandidatesAsync(Cancel)).Select(c => c.Name));
}
