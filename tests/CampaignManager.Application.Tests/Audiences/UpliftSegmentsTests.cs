using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Behaviour;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Audiences;

/// <summary>Segments by uplift from runs laid down by hand.</summary>
public sealed class UpliftSegmentsTests : IDisposable
{
    private readonly AShop shop = new();
    private readonly CustomerRanking ranking;
    private readonly SegmentService segments;

    public UpliftSegmentsTests()
    {
        ranking = new CustomerRanking(shop.Lake, new CustomerScores(shop.Lake), ModelService.ShopModelOf(shop.Database));
        segments = new SegmentService(shop.Lake, ranking, shop.Database);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        segments.Dispose();
        shop.Dispose();
    }

    private static string Id(int i) => $"C-{i:D2}";

    private void Know(int customers) => ScoredCustomers.LayFeatures(shop.Lake, [.. Enumerable.Range(0, customers).Select(i => (Id(i), i % 2 == 0 ? "new" : "loyal", i % 3 == 0 ? (string?)"shoes" : null))]);

    private Task<Guid> ModelAsync() => ScoredCustomers.ModelInUseAsync(shop.Database);

    private string[] Members(string key)
    {
        using var connection = shop.Lake.Open(threads: 1);
        return [.. connection.Query($"SELECT customer_id FROM {shop.Lake.SourceOf(SegmentService.CurrentFile)} WHERE segment = '{key}' ORDER BY customer_id", r => r.GetString(0))];
    }

    private async Task<AudienceSegment[]> ListedAsync() =>
        [.. (await new SegmentList(shop.Database, ranking, ModelService.ShopModelOf(shop.Database)).ListAsync(Cancel)).Where(s => s.Kind == SegmentKind.Uplift)];

    [Fact]
    public async Task Rank_BeforeAnyRun_ThereAreNone()
    {
        Assert.Null(await segments.RankAsync(Cancel));
        Know(10);
        await ModelAsync();
        Assert.Null(await segments.RankAsync(Cancel));
        Assert.Empty(await ListedAsync());
        Assert.Equal(10, Members("new").Length + Members("loyal").Length);
    }

    [Fact]
    public async Task Rank_TiesAcrossEveryBorder_SharesAreExactAndLieWithinEachOther()
    {
        Know(27);
        var model = await ModelAsync();
        // Four stand out, three lose; all others are alike, and a hash decides among them.
        var scores = Enumerable.Range(0, 27).Select(i => (Id(i), i is 3 or 9 or 14 or 21 ? 0.3 : i is 5 or 6 or 7 ? -0.1 : 0.02)).ToArray();
        await ScoredCustomers.ScoreAsync(shop.Lake, model, scores);
        await segments.RankAsync(Cancel);

        var order = scores.OrderByDescending(s => s.Item2).ThenBy(s => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(s.Item1))), StringComparer.Ordinal).Select(s => s.Item1).ToList();
        // 2.7, 8.1 and 13.5 of 27, rounded down as uplift@k does.
        Assert.Equal(order.Take(2).Order(), Members("uplift:top10"));
        Assert.Equal(order.Take(8).Order(), Members("uplift:top30"));
        Assert.Equal(order.Take(13).Order(), Members("uplift:top50"));
        Assert.Equal(["C-05", "C-06", "C-07"], Members("uplift:negative"));

        var listed = await ListedAsync();
        Assert.Equal([("uplift:top10", 2L), ("uplift:top30", 8L), ("uplift:top50", 13L), ("uplift:negative", 3L)], listed.Select(s => (s.Key, s.Size)));
        Assert.Equal(("Uplift in top 30%", "增量前30%"), (listed[1].NameEn, listed[1].NameZh));
        Assert.All(listed, s => Assert.Equal((ScoredCustomers.At, new SegmentScores(model, 1, true, false)), (s.ComputedAt, s.ScoredBy)));
        var before = await File.ReadAllBytesAsync(shop.Lake.PathTo(SegmentService.CurrentFile), Cancel);
        await segments.RankAsync(Cancel);
        Assert.Equal(before, await File.ReadAllBytesAsync(shop.Lake.PathTo(SegmentService.CurrentFile), Cancel));
    }

    [Fact]
    public async Task Rank_SeveralArms_TheBestOneSpeaksForACustomer()
    {
        Know(10);
        var model = await ModelAsync();
        await ScoredCustomers.ScoreAsync(shop.Lake, model, ScoredCustomers.At, [.. Enumerable.Range(0, 10).Select(i => (Id(i), i == 4 ? new[] { -0.5, 0.9 } : i == 5 ? [-0.2, -0.1] : [0.1, 0.001 * i]))]);
        await segments.RankAsync(Cancel);
        Assert.Equal(["C-04"], Members("uplift:top10"));
        Assert.Equal(["C-05"], Members("uplift:negative"));
    }

    [Fact]
    public async Task Rank_ScoresThatHardlyDiffer_AreSaidToSayNothing()
    {
        Know(10);
        await ScoredCustomers.ScoreAsync(shop.Lake, await ModelAsync(), [.. Enumerable.Range(0, 10).Select(i => (Id(i), 0.02 + (i * 2e-8)))]);
        Assert.True((await segments.RankAsync(Cancel))!.Alike);
        Assert.Equal(["C-09"], Members("uplift:top10"));
    }

    [Fact]
    public async Task Write_CustomersComeAndGo_WhoHasNoScoreIsInNone()
    {
        Know(20);
        await ScoredCustomers.ScoreAsync(shop.Lake, await ModelAsync(), [.. Enumerable.Range(0, 20).Select(i => (Id(i), i / 100.0))]);
        // C-00 to C-19 were scored; now there are C-10 to C-29.
        ScoredCustomers.LayFeatures(shop.Lake, [.. Enumerable.Range(10, 20).Select(i => (Id(i), "active", (string?)null))]);
        var asOf = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);
        await segments.WriteAsync(asOf, Cancel);
        Assert.Equal(["C-19"], Members("uplift:top10"));
        Assert.Equal(["C-15", "C-16", "C-17", "C-18", "C-19"], Members("uplift:top50"));
        Assert.Equal(20, Members("active").Length);
        await using var context = shop.Database.CreateDbContext();
        var at = await context.Segments.ToDictionaryAsync(s => s.Key, s => s.ComputedAt, Cancel);
        Assert.Equal((asOf, ScoredCustomers.At), (at["active"], at["uplift:top10"]));
        // Ranking alone leaves the others as of when they were computed.
        await segments.RankAsync(Cancel);
        Assert.Equal(asOf, (await context.Segments.AsNoTracking().SingleAsync(s => s.Key == "active", Cancel)).ComputedAt);
    }

    [Fact]
    public async Task Rank_AnotherVersionInUse_FollowsItsRunAndKeepsTheMembersUntilThereIsOne()
    {
        Know(10);
        var first = await ModelAsync();
        await ScoredCustomers.ScoreAsync(shop.Lake, first, [.. Enumerable.Range(0, 10).Select(i => (Id(i), i / 100.0))]);
        await segments.RankAsync(Cancel);
        var second = await ModelAsync();
        await segments.RankAsync(Cancel);
        Assert.Equal(["C-07", "C-08", "C-09"], Members("uplift:top30"));
        Assert.All(await ListedAsync(), s => Assert.Equal(new SegmentScores(first, 1, false, false), s.ScoredBy));

        await ScoredCustomers.ScoreAsync(shop.Lake, second, [.. Enumerable.Range(0, 10).Select(i => (Id(i), -i / 100.0))]);
        await segments.RankAsync(Cancel);
        Assert.Equal(["C-00", "C-01", "C-02"], Members("uplift:top30"));
        Assert.All(await ListedAsync(), s => Assert.Equal(new SegmentScores(second, 2, true, false), s.ScoredBy));

        await using (var context = shop.Database.CreateDbContext())
            await context.ModelPromotions.Where(p => p.ModelVersionId == second).ExecuteUpdateAsync(s => s.SetProperty(p => p.TakenBackAt, ScoredCustomers.At), Cancel);
        await segments.RankAsync(Cancel);
        Assert.Equal(["C-07", "C-08", "C-09"], Members("uplift:top30"));
        Assert.All(await ListedAsync(), s => Assert.Equal(first, s.ScoredBy!.ModelId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_TheRunIsTornOrBeingReplaced_KeepsTheMembersOfThoseStillThere(bool torn)
    {
        Know(20);
        var model = await ModelAsync();
        await ScoredCustomers.ScoreAsync(shop.Lake, model, [.. Enumerable.Range(0, 20).Select(i => (Id(i), i / 100.0))]);
        await segments.RankAsync(Cancel);
        if (torn)
            await File.AppendAllTextAsync(shop.Lake.PathTo(CustomerScores.FileOf(model, 1)), "x", Cancel);
        else
            new CustomerScores(shop.Lake).Open(new ScoreBasis(model, "m", "new", null, null));
        ScoredCustomers.LayFeatures(shop.Lake, [.. Enumerable.Range(0, 19).Select(i => (Id(i), "active", (string?)null))]);
        await segments.WriteAsync(DateTime.UnixEpoch, Cancel);
        Assert.Equal(["C-18"], Members("uplift:top10"));
        Assert.Equal(["C-14", "C-15", "C-16", "C-17", "C-18"], Members("uplift:top30"));
        Assert.Equal(5, (await ListedAsync()).Single(s => s.Key == "uplift:top30").Size);
    }

    [Fact]
    public async Task Reach_AnyOfAndNoneOf_CountsExactlyTheMembers()
    {
        Know(30);
        using var reach = new AudienceReach(shop.Lake);
        Assert.Equal(0, (await reach.CustomersAsync(Cancel)).Size(new Audience { AnyOf = ["uplift:top30"] }));
        var model = await ModelAsync();
        await ScoredCustomers.ScoreAsync(shop.Lake, model, [.. Enumerable.Range(0, 30).Select(i => (Id(i), (i - 10) / 100.0))]);
        await segments.RankAsync(Cancel);

        var cells = await reach.CustomersAsync(Cancel);
        Assert.Equal(30, cells.Size(new Audience()));
        foreach (var segment in await ListedAsync())
        {
            Assert.Equal((segment.Size, segment.Size), (Members(segment.Key).Length, cells.Size(new Audience { AnyOf = [segment.Key] })));
            Assert.Equal(30 - segment.Size, cells.Size(new Audience { NoneOf = [segment.Key] }));
        }

        // C-21 to C-29 are the top 30%, C-15 to C-29 the top half, C-00 to C-09 lose; even numbers are new, multiples of three like shoes.
        Assert.Equal(4, cells.Size(new Audience { AnyOf = ["uplift:top30"], NoneOf = ["loyal"] }));
        Assert.Equal(6, cells.Size(new Audience { AnyOf = ["uplift:top50"], NoneOf = ["uplift:top30"] }));
        Assert.Equal(16, cells.Size(new Audience { AnyOf = ["uplift:top30", "favourite:shoes"] }));
        Assert.Equal(10, cells.Shared(new Audience { NoneOf = ["uplift:negative"] }, new Audience { AnyOf = ["new"] }));
        Assert.Equal(0, cells.Shared(new Audience { AnyOf = ["uplift:top50"] }, new Audience { AnyOf = ["uplift:negative"] }));

        // Ranks alone have changed: it is seen.
        await ScoredCustomers.ScoreAsync(shop.Lake, model, ScoredCustomers.At.AddDays(1), [.. Enumerable.Range(0, 30).Select(i => (Id(i), new[] { 1.0 + i }))]);
        await segments.RankAsync(Cancel);
        Assert.Equal(0, (await reach.CustomersAsync(Cancel)).Size(new Audience { AnyOf = ["uplift:negative"] }));
    }
}
