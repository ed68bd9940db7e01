using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class CampaignOverlapsTests : IDisposable
{
    private readonly CampaignFixture room = new();
    private readonly ALake lake = new();
    private readonly CatalogueService catalogue;
    private readonly AudienceReach reach;

    public CampaignOverlapsTests()
    {
        (catalogue, reach) = (new CatalogueService(lake.Lake), new AudienceReach(lake.Lake));
        lake.Put(LakeTable.Products, "('S-1','Shoe','鞋','shoes','Acme',10000,NULL), ('K-1','Pan','锅','kitchen','Acme',5000,NULL)");
        lake.Put(LakeTable.OrderLines, "('O-1','C-1',TIMESTAMP '2026-05-01','S-1','shoes',3,10000,0,NULL,0), ('O-2','C-2',TIMESTAMP '2026-06-01','K-1','kitchen',2,5000,0,NULL,0)");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CampaignOverlaps Overlaps => new(room, catalogue, reach, new SettingsService(room), room.Time);

    public void Dispose()
    {
        catalogue.Dispose();
        reach.Dispose();
        lake.Dispose();
        room.Dispose();
    }

    [Theory]
    [InlineData(CampaignStatus.Draft, false)]
    [InlineData(CampaignStatus.InReview, true)]
    [InlineData(CampaignStatus.Approved, true)]
    [InlineData(CampaignStatus.Live, true)]
    [InlineData(CampaignStatus.Paused, true)]
    [InlineData(CampaignStatus.Ended, false)]
    public async Task Find_OfEveryStatus_LooksAtWhatRunsOrWill(CampaignStatus status, bool looked)
    {
        await room.InStateAsync(status);
        var report = await Overlaps.FindAsync(null, Rules(), Cancel);
        Assert.Equal(looked ? 1 : 0, report.Meeting.Count);
        Assert.Equal(0, report.Apart);
    }

    [Fact]
    public async Task Find_DraftsWhenAsked_CountsThem()
    {
        var id = await room.DraftAsync();
        Assert.Empty((await Overlaps.FindAsync(null, Rules(), Cancel)).Meeting);
        Assert.Equal([id], (await Overlaps.FindAsync(null, Rules(), Cancel, drafts: true)).Meeting.Select(o => o.Id));
        Assert.Empty((await Overlaps.FindAsync(id, Rules(), Cancel, drafts: true)).Meeting);
    }

    [Fact]
    public async Task Find_SomeOrAllGoodsShared_TellsThemApart()
    {
        var shoes = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } };
        await room.InStateAsync(CampaignStatus.Live, Rules(start: null) with { Scope = shoes });
        Assert.True(Assert.Single((await Overlaps.FindAsync(null, Rules(), Cancel)).Meeting).HasOtherGoods);
        Assert.False(Assert.Single((await Overlaps.FindAsync(null, Rules() with { Scope = shoes }, Cancel)).Meeting).HasOtherGoods);
    }

    [Fact]
    public async Task Find_CodeIssuedForOneOfTwo_IsASharedCode()
    {
        var coded = await room.InStateAsync(CampaignStatus.Live, Rules(start: null));
        await room.IssueAsync(coded, "TEA-1");
        await room.IssueAsync(await room.InStateAsync(CampaignStatus.Live, Rules(start: null)), "TEA-2", revoked: true);
        var generic = await room.InStateAsync(CampaignStatus.Live, Rules(start: null) with { Trigger = new Trigger { Code = "noodle" } });
        var mine = await room.DraftAsync();
        await room.IssueAsync(mine, "NOODLE");

        Assert.Equal([(coded, "tea-1")], await SharedAsync(null, "tea-1"));
        Assert.Empty(await SharedAsync(null, "tea-2"));
        Assert.Equal([(generic, "NOODLE")], await SharedAsync(mine, null));
        Assert.Empty(await SharedAsync(null, null));

        async Task<IEnumerable<(Guid, string?)>> SharedAsync(Guid? id, string? code) =>
            (await Overlaps.FindAsync(id, Rules() with { Trigger = new Trigger { Code = code } }, Cancel)).Meeting
                .SelectMany(o => o.Clashes.Where(c => c.Kind == ClashKind.SameCode).Select(c => (o.Id, c.Shared)));
    }

    [Fact]
    public async Task Find_ItselfInReview_IsLeftOut()
    {
        var id = await room.InStateAsync(CampaignStatus.InReview);
        Assert.Empty((await Overlaps.FindAsync(id, Rules(), Cancel)).Meeting);
    }

    [Fact]
    public async Task Find_AThresholdTakenAway_IsToldWithSharedGoods()
    {
        await room.InStateAsync(CampaignStatus.Approved, Scoped(Rules() with { Offer = new AmountOff { Amount = 20, Per = AmountPer.Unit } }, "shoes"));
        var found = Assert.Single((await Overlaps.FindAsync(null, Rules(), Cancel)).Meeting);
        Assert.Equal((1, 0.75, null), (found.SharedProducts, found.SharedRevenue, found.SharedCustomers));
        Assert.Equal(ClashKind.LosesThreshold, found.Clashes[0].Kind);
        // Solved as the page proposes it.
        var solved = Rules() with { Combining = new Combining { ThresholdBase = ThresholdBase.List } };
        Assert.DoesNotContain(Assert.Single((await Overlaps.FindAsync(null, solved, Cancel)).Meeting).Clashes, c => c.IsSerious);
    }

    [Fact]
    public async Task Find_OtherGoodsDaysOrPeople_IsApart()
    {
        await room.InStateAsync(CampaignStatus.Approved, Scoped(Rules(), "kitchen"));
        await room.InStateAsync(CampaignStatus.Approved, Rules(start: "2026-12-01", end: "2026-12-11"));
        await room.InStateAsync(CampaignStatus.Approved, Rules() with { Audience = new Audience { CustomerKinds = ["returning"] } });
        var mine = Scoped(Rules(), "shoes") with { Audience = new Audience { CustomerKinds = ["new"] } };
        var report = await Overlaps.FindAsync(null, mine, Cancel);
        Assert.Equal((0, 3), (report.Meeting.Count, report.Apart));
    }

    [Fact]
    public async Task Find_OneThatAppliesAlone_ClashesWithoutSharedGoods()
    {
        await room.InStateAsync(CampaignStatus.Approved, Scoped(Rules() with { Combining = new Combining { Exclusive = true } }, "kitchen"));
        var found = Assert.Single((await Overlaps.FindAsync(null, Scoped(Rules(), "shoes"), Cancel)).Meeting);
        Assert.Equal((0, ClashKind.OtherAlone), (found.SharedProducts, found.Clashes.Single().Kind));
    }

    [Fact]
    public async Task Find_ScopesByTag_WhichTheCatalogueDoesNotKnow_CountAsMeeting()
    {
        await room.InStateAsync(CampaignStatus.Approved, Rules() with { Scope = new Scope { Include = new ScopeSelector { Tags = ["sale"] } } });
        var found = Assert.Single((await Overlaps.FindAsync(null, Scoped(Rules(), "shoes"), Cancel)).Meeting);
        Assert.Equal((0, ClashKind.LosesThreshold), (found.SharedProducts, found.Clashes[0].Kind));
    }

    private static CampaignRules Scoped(CampaignRules rules, params string[] categories) => rules with { Scope = new Scope { Include = new ScopeSelector { Categories = categories } } };
}
