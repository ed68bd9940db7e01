using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Behaviour;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Audiences;

public sealed class AudienceServiceTests : IDisposable
{
    private static readonly Predicate NewAndShoes = new Every([new InSegment("new"), new InSegment("favourite:shoes")]);

    private static readonly Actor Marketer = Actor.Of("m", "Mia", Roles.Marketer);

    private readonly AShop shop = new();
    private readonly SegmentService segments;
    private readonly AudienceService audiences;

    public AudienceServiceTests()
    {
        segments = Segments();
        audiences = Service(segments);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        segments.Dispose();
        shop.Dispose();
    }

    [Fact]
    public async Task Create_NewAndLikesShoes_IsASegmentAtOnce()
    {
        Know();
        var made = (await audiences.CreateAsync(new AudienceDraft("New and likes shoes!", NewAndShoes), Marketer, Cancel)).Value;
        Assert.Equal(("audience:new-and-likes-shoes", 2, 1), (made.Key, made.Size, made.Version));
        Assert.Equal(["C-00", "C-06"], Members(made.Key));
        Assert.Contains(await ListedAsync(), s => s is { Key: "audience:new-and-likes-shoes", Kind: SegmentKind.Audience, NameEn: "New and likes shoes!", Size: 2 });

        // Cells and samples carry it, so that it is counted as a campaign's audience.
        using var reach = new AudienceReach(shop.Lake);
        Assert.Equal(2, (await reach.CustomersAsync(Cancel)).Size(new Audience { AnyOf = [made.Key] }));
        Assert.Equal(8, (await reach.CustomersAsync(Cancel)).Size(new Audience { NoneOf = [made.Key] }));

        // The next computation keeps it.
        await segments.RankAsync(Cancel);
        Assert.Equal(["C-00", "C-06"], Members(made.Key));
        Assert.Equal(2, Assert.Single((await ProfilesAsync(p => p.HistoryAsync(made.Key, Cancel))).Value).Size);
    }

    [Fact]
    public async Task Save_OtherMeaning_MovesMembersAndTellsLiveCampaigns()
    {
        Know();
        var made = (await audiences.CreateAsync(new AudienceDraft("Shoes", NewAndShoes, Key: "shoes"), Marketer, Cancel)).Value;
        var live = await shop.CampaignAsync(new CampaignRules { Audience = new Audience { AnyOf = [made.Key] } }, CampaignStatus.Live);
        var draft = await shop.CampaignAsync(new CampaignRules { Audience = new Audience { NoneOf = [made.Key] } }, CampaignStatus.Draft);

        var saved = (await audiences.SaveAsync("shoes", new AudienceDraft("Shoes", new InSegment("favourite:shoes")), 1, Marketer, Cancel)).Value;
        Assert.Equal((2, 4L), (saved.Version, saved.Size));
        Assert.Equal([(live, true), (draft, false)], saved.UsedBy.OrderByDescending(c => c.Live).Select(c => (c.Id, c.Live)));
        await using var context = shop.Database.CreateDbContext();
        var told = Assert.Single(await context.CampaignActivities.Where(a => a.Code == SegmentUse.AudienceChanged).ToListAsync(Cancel));
        Assert.Equal((live, "Shoes", "Mia"), (told.CampaignId, told.Detail, told.ActorName));

        // A name alone moves nobody and tells nobody.
        Assert.True((await audiences.SaveAsync("shoes", new AudienceDraft("All shoes", new InSegment("favourite:shoes")), 2, Marketer, Cancel)).Succeeded);
        Assert.Equal(1, await context.CampaignActivities.CountAsync(a => a.Code == SegmentUse.AudienceChanged, Cancel));
        Assert.Equal(FailureKind.Stale, (await audiences.SaveAsync("shoes", new AudienceDraft("Late", NewAndShoes), 2, Marketer, Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task Delete_WhileACampaignNamesIt_IsRefusedByName()
    {
        Know();
        var made = (await audiences.CreateAsync(new AudienceDraft("Shoes", NewAndShoes), Marketer, Cancel)).Value;
        await shop.CampaignAsync(new CampaignRules { Audience = new Audience { NoneOf = [made.Key] } }, CampaignStatus.Draft);
        // Another whose key begins alike names another.
        await shop.CampaignAsync(new CampaignRules { Audience = new Audience { AnyOf = [made.Key + "-2"] } }, CampaignStatus.Live);
        var refused = (await audiences.DeleteAsync(made.Key, null, Marketer, Cancel)).Failure!;
        Assert.Equal("audience-in-use", refused.Code);
        Assert.Contains("'Test'", refused.Message, StringComparison.Ordinal);
        Assert.Single((await audiences.FindAsync(made.Key, Cancel))!.UsedBy);

        await using var context = shop.Database.CreateDbContext();
        await context.Campaigns.ExecuteDeleteAsync(Cancel);
        Assert.True((await audiences.DeleteAsync(made.Key, null, Marketer, Cancel)).Succeeded);
        // Another of that key must not begin with its history.
        Assert.False(await context.SegmentSizes.AnyAsync(s => s.Key == made.Key, Cancel));
        Assert.Empty(Members(made.Key));
        Assert.DoesNotContain(await ListedAsync(), s => s.Kind == SegmentKind.Audience);
        Assert.Equal("audience-unknown", (await audiences.DeleteAsync(made.Key, null, Marketer, Cancel)).Failure!.Code);
    }

    [Fact]
    public async Task Create_ManyAtOnceOnTwoNodes_AllAreAmongTheSegments()
    {
        Know();
        using var others = Segments();
        var other = Service(others);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            (i % 2 == 0 ? audiences : other).CreateAsync(new AudienceDraft($"Number {i}", NewAndShoes), Marketer, Cancel)));
        Assert.All(made, m => Assert.True(m.Succeeded));
        Assert.Equal(8, (await ListedAsync()).Count(s => s is { Kind: SegmentKind.Audience, Size: 2 }));
        Assert.All(made, m => Assert.Equal(2, Members(m.Value.Key).Length));
    }

    [Theory]
    [InlineData("", "new", "name")]
    [InlineData("a\nb", "new", "name")]
    [InlineData("Fine", "nobody-knows", "predicate")]
    public async Task Create_BadInput_SaysWhereAndChangesNothing(string name, string segment, string path)
    {
        var refused = (await audiences.CreateAsync(new AudienceDraft(name, new InSegment(segment)), Marketer, Cancel)).Failure!;
        Assert.Contains(path, refused.Errors!.Keys);
        Assert.Empty(await audiences.ListAsync(Cancel));
    }

    [Fact]
    public async Task Create_BeforeAnyCustomer_IsListedWithNobody()
    {
        var made = (await audiences.CreateAsync(new AudienceDraft("新客爱鞋", NewAndShoes), Marketer, Cancel)).Value;
        Assert.Equal(("audience:a-1", 0L, null), (made.Key, made.Size, made.AsOf));
        Assert.Equal("audience:a-1", Assert.Single(await ListedAsync()).Key);
        Assert.Equal("audience-taken", (await audiences.CreateAsync(new AudienceDraft("Again", NewAndShoes, Key: "a-1"), Marketer, Cancel)).Failure!.Code);
    }

    [Fact]
    public async Task Overlap_TwoSegments_CountsWhoIsInBoth()
    {
        Know();
        await segments.RankAsync(Cancel);
        var overlap = (await ProfilesAsync(p => p.OverlapAsync(["new", "favourite:shoes"], Cancel))).Value;
        Assert.Equal([[5L, 2L], [2L, 4L]], overlap.Shared);
        Assert.Equal(SegmentMembers.UnknownSegment, (await ProfilesAsync(p => p.OverlapAsync(["new", "nobody"], Cancel))).Failure!.Code);
    }

    [Fact]
    public async Task Profile_NewCustomers_SaysWhatSetsThemApartFromEveryone()
    {
        // Half are new; half of those like shoes, everybody else likes kitchen things; all are of one region, which sets nobody apart.
        ScoredCustomers.LayFeatures(
            shop.Lake, [.. Enumerable.Range(0, 400).Select(i => ($"C-{i:D3}", i % 2 == 0 ? "new" : "loyal", i % 4 == 0 ? (string?)"shoes" : "kitchen"))]);
        await segments.RankAsync(Cancel);
        var profile = (await ProfilesAsync(p => p.OfAsync("new", Cancel))).Value;
        Assert.Equal((200L, 400L), (profile.Size, profile.Everyone));
        Assert.Equal(
            [
                new AudienceTrait(TraitKind.Lifecycle, "loyal", 0, 0.5), new AudienceTrait(TraitKind.Lifecycle, "new", 1, 0.5),
                new AudienceTrait(TraitKind.Favourite, "kitchen", 0.5, 0.75), new AudienceTrait(TraitKind.Favourite, "shoes", 0.5, 0.25),
            ],
            profile.Traits);
        // Each has one order; that nobody counted views is not 0.
        Assert.Equal(new TypicalFigure(TypicalOf.Orders, 1, 1), profile.Typical.Single(t => t.Of == TypicalOf.Orders));
        Assert.Equal(new TypicalFigure(TypicalOf.Views30, null, null), profile.Typical.Single(t => t.Of == TypicalOf.Views30));
    }

    [Fact]
    public async Task Profile_FewMembers_TakesNoChanceDifferenceForATrait()
    {
        Know();
        await segments.RankAsync(Cancel);
        Assert.DoesNotContain((await ProfilesAsync(p => p.OfAsync("favourite:shoes", Cancel))).Value.Traits, t => t.Kind == TraitKind.Lifecycle);
    }

    [Fact]
    public async Task Size_OnFeatures_IsExact()
    {
        Know();
        var sizes = new AudienceSizes(shop.Lake, segments, shop.Database);
        var size = (await sizes.OfAsync(NewAndShoes, false, Cancel)).Value;
        Assert.Equal((2L, null, true), (size.Size, size.Low, size.Exact));
    }

    private SegmentService Segments() => new(shop.Lake, Ranking(), shop.Database);

    private CustomerRanking Ranking() => new(shop.Lake, new CustomerScores(shop.Lake), ModelService.ShopModelOf(shop.Database));

    private AudienceService Service(SegmentService own)
    {
        var use = new SegmentUse(shop.Database, TimeProvider.System);
        return new AudienceService(shop.Database, own, use.NamingAsync, use.Note, TimeProvider.System);
    }

    private async Task<T> ProfilesAsync<T>(Func<AudienceProfiles, Task<T>> ask)
    {
        using var reach = new AudienceReach(shop.Lake);
        return await ask(new AudienceProfiles(shop.Lake, new AudienceSizes(shop.Lake, segments, shop.Database), reach, shop.Database));
    }

    private async Task<IReadOnlyList<AudienceSegment>> ListedAsync() => await new SegmentList(shop.Database, Ranking(), ModelService.ShopModelOf(shop.Database)).ListAsync(Cancel);

    /// <summary>Ten customers: the even ones are new, every third likes shoes.</summary>
    private void Know() =>
        ScoredCustomers.LayFeatures(shop.Lake, [.. Enumerable.Range(0, 10).Select(i => ($"C-{i:D2}", i % 2 == 0 ? "new" : "loyal", i % 3 == 0 ? (string?)"shoes" : null))]);

    private string[] Members(string key)
    {
        using var connection = shop.Lake.Open(threads: 1);
        return [.. connection.Query($"SELECT customer_id FROM {shop.Lake.SourceOf(SegmentService.CurrentFile)} WHERE segment = '{key}' ORDER BY customer_id", r => r.GetString(0))];
    }
}
