using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.Campaigns.CampaignFixture;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class CampaignListTests : IDisposable
{
    private readonly CampaignFixture room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => room.Dispose();

    [Theory]
    [InlineData("name")]
    [InlineData("-name")]
    [InlineData("status")]
    [InlineData("-owner")]
    [InlineData("start")]
    [InlineData("-end")]
    [InlineData("budget")]
    [InlineData("-updated")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task List_ManyEqualRows_PagesShowEachOnce(string? sort)
    {
        for (var i = 0; i < 25; i++)
            await room.DraftAsync("Same");
        var seen = new List<Guid>();
        for (var page = 1; page <= 4; page++)
        {
            var rows = await room.List.ListAsync(new CampaignFilter(), new PageRequest(page, 7, sort), Cancel);
            Assert.Equal(25, rows.Total);
            seen.AddRange(rows.Items.Select(r => r.Id));
        }

        Assert.Equal(25, seen.Distinct().Count());
    }

    [Fact]
    public async Task List_Sorts_InTheirOrder()
    {
        await room.DraftAsync("banana", Rules(start: "2026-11-03", budget: 5));
        await room.DraftAsync("Apple", Rules(start: "2026-11-02", budget: null), Max);
        await room.DraftAsync("cherry", Rules(start: null, budget: 10));
        Assert.Equal("Apple banana cherry", await NamesAsync("name"));
        Assert.Equal("cherry banana Apple", await NamesAsync("-name"));
        Assert.Equal("Apple banana cherry", await NamesAsync("start"));
        Assert.Equal("banana Apple cherry", await NamesAsync("-start"));
        Assert.Equal("banana cherry Apple", await NamesAsync("budget"));
        Assert.Equal("Apple", (await NamesAsync("owner")).Split(' ')[0]);
    }

    [Fact]
    public async Task Owners_Several_EachOnceInTheOrderOfTheirNames()
    {
        await room.DraftAsync("one", Rules());
        await room.DraftAsync("two", Rules(), Max);
        await room.DraftAsync("three", Rules());
        var names = (await room.List.OwnersAsync(Cancel)).Select(o => o.Name).ToList();
        Assert.Equal(2, names.Count);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task Query_APageInNoOrder_IsRefused()
    {
        await using var context = room.CreateDbContext();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => context.Campaigns.Take(1).ToListAsync(Cancel));
        Assert.Contains("without an 'OrderBy'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ByStatus_FollowsTheLife()
    {
        foreach (var status in (CampaignStatus[])[CampaignStatus.Ended, CampaignStatus.Live, CampaignStatus.Draft, CampaignStatus.Approved, CampaignStatus.InReview, CampaignStatus.Archived, CampaignStatus.Paused])
            await room.InStateAsync(status);
        var rows = await room.List.ListAsync(new CampaignFilter(), new PageRequest(Sort: "status"), Cancel);
        Assert.Equal(Enum.GetValues<CampaignStatus>(), rows.Items.Select(r => r.Status));
        var two = await room.List.ListAsync(new CampaignFilter { Statuses = [CampaignStatus.Live, CampaignStatus.Paused] }, new PageRequest(), Cancel);
        Assert.Equal(2, two.Total);
    }

    [Fact]
    public async Task List_Filters_Narrow()
    {
        await room.DraftAsync("One", Rules(segments: ["new", "loyal"]));
        await room.DraftAsync("Two", Rules(segments: ["newish"]), Max);
        await room.Campaigns.CreateDraftAsync(new CampaignDraft("100% silk", Rules() with { Offer = new FreeShipping { Spend = 99 } }, null, ["autumn"]), Ada, Cancel);
        Assert.Equal("One", await NamesAsync("name", new CampaignFilter { Segment = "new" }));
        Assert.Equal("Two", await NamesAsync("name", new CampaignFilter { OwnerId = Max.Id }));
        Assert.Equal("100% silk", await NamesAsync("name", new CampaignFilter { OfferType = "freeShipping" }));
        Assert.Equal("100% silk", await NamesAsync("name", new CampaignFilter { Tag = "autumn" }));
        Assert.Equal("100% silk", await NamesAsync("name", query: "0%"));
        Assert.Equal("100% silk", await NamesAsync("name", query: "AUTUMN"));
        Assert.Equal("Two", await NamesAsync("name", query: "max"));
        Assert.Equal("", await NamesAsync("name", query: "_"));
    }

    [Fact]
    public async Task List_WaitsForMe_AgreesWithTheLifecycle()
    {
        var review = await room.InStateAsync(CampaignStatus.InReview);
        var back = await room.InStateAsync(CampaignStatus.InReview);
        Done(await room.Transitions.RejectAsync(back, "no", Max, Cancel));
        var live = await room.InStateAsync(CampaignStatus.Live);
        Done(await room.Changes.TopUpAsync(live, 60_000, Max, Cancel));
        var edited = await room.DraftAsync();
        Done(await room.Campaigns.SaveAsync(edited, new CampaignDraft("Autumn", Rules(off: 35)), 1, Eve, Cancel));
        Done(await room.Transitions.SubmitAsync(edited, Mia, Cancel));

        Assert.Equal(Set([back]), Set(await WaitingAsync(Mia)));
        Assert.Equal(Set([review, edited]), Set(await WaitingAsync(Max)));
        Assert.Equal(Set([review, live]), Set(await WaitingAsync(Eve)));
        Assert.Equal(Set([review, live, edited]), Set(await WaitingAsync(Ada)));
        foreach (var person in (Accounts.Actor[])[Mia, Max, Eve, Ada])
        {
            var all = (await room.List.ListAsync(new CampaignFilter(), new PageRequest(Sort: "created"), Cancel)).Items;
            var decidable = all.Where(r => CampaignLifecycle.Check(CampaignAction.Approve, r.Status, r.Stake, person) is null).Select(r => r.Id);
            Assert.Empty(decidable.Except(await WaitingAsync(person)));
        }
    }

    private static HashSet<Guid> Set(Guid[] ids) => [.. ids];

    private async Task<Guid[]> WaitingAsync(Accounts.Actor person) =>
        [.. (await room.List.ListAsync(new CampaignFilter { WaitsFor = person }, new PageRequest(Sort: "created"), Cancel)).Items.Select(r => r.Id)];

    private async Task<string> NamesAsync(string sort, CampaignFilter? filter = null, string? query = null) =>
        string.Join(' ', (await room.List.ListAsync(filter ?? new CampaignFilter(), new PageRequest(1, 20, sort, query), Cancel)).Items.Select(r => r.Name));
}
