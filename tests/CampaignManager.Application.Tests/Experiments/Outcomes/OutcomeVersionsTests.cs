using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Tests.Experiments.Outcomes;

/// <summary>Results are provisional until returns are in, then frozen; what changes later is another version that says what moved.</summary>
public class OutcomeVersionsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EvaluateAsync_FrozenResult_StaysAndALaterReturnMakesAVersionThatSaysWhatMoved()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        var a = await ShopAsync(shop);

        Assert.Equal((1, 1), await EvaluateAsync(shop));
        Assert.Equal((1, 0), await EvaluateAsync(shop));
        var first = Assert.Single(shop.Outcomes.Versions(a));
        Assert.True((await shop.Outcomes.VersionAsync(a, first.Name, Cancel))!.Provisional);

        // Windows close on the 19th of June; returns are awaited for 30 days more.
        shop.Clock.Advance(TimeSpan.FromDays(18));
        Assert.Equal((1, 0), await EvaluateAsync(shop));
        shop.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((1, 1), await EvaluateAsync(shop));
        var frozen = shop.Outcomes.Versions(a)[0];
        Assert.False((await shop.Outcomes.VersionAsync(a, frozen.Name, Cancel))!.Provisional);
        Assert.False((await shop.Outcomes.ReadAsync(a, Cancel))!.Provisional);

        shop.Refund("O1", "T1", "2026-07-15", 100);
        shop.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((1, 1), await EvaluateAsync(shop));

        var versions = shop.Outcomes.Versions(a);
        Assert.Equal([frozen, first], versions.Skip(1));
        var moved = (await shop.Outcomes.VersionAsync(a, versions[0].Name, Cancel))!.Moved;
        var returns = Assert.Single(moved, m => m is { Reading: OutcomeReading.Final, Metric: OutcomeMetric.Returns });
        Assert.Equal(("current", Int128.Zero, (Int128)10000), (returns.Arm, returns.Before, returns.After));
        Assert.DoesNotContain(moved, m => m.Arm == "control" || m.Metric == OutcomeMetric.Orders);
        // What was read yesterday is read again as it was.
        var then = (await shop.Outcomes.VersionAsync(a, frozen.Name, Cancel))!.Sums.Epochs[0].Readings[0];
        Assert.Equal(Int128.Zero, then.Arms.Single(x => x.Arm == "current").Metrics[OutcomeMetric.Returns].Sum);
        Assert.Null(await shop.Outcomes.VersionAsync(a, "../" + frozen.Name, Cancel));
    }

    [Fact]
    public async Task EvaluateAsync_CapAtLaunch_StaysWhenHistoryComesLater()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        var a = await ShopAsync(shop);
        await EvaluateAsync(shop);
        Assert.Null((await shop.Outcomes.ReadAsync(a, Cancel))!.Cap);

        shop.Customers("2025-01-01", [.. Enumerable.Range(0, 221).Select(i => $"H{i}")]);
        shop.Lake.Put(LakeTable.Orders, string.Join(", ", Enumerable.Range(0, 221).Select(
            i => $"('H{i}', 'H{i}', TIMESTAMP '2026-05-20', 'app', {5000 + (100 * i)}, 0, 0, {5000 + (100 * i)}, NULL::VARCHAR, 0)")));

        Assert.Null((await shop.Outcomes.ReadAsync(a, Cancel))!.Cap);
        var later = await shop.CampaignAsync("B", "2026-06-05", []);
        shop.Exposed(later, "2026-06-01", 0.5, ["T1", "T2"], ["K1"]);
        // 30 % of 50 … 270 yuan in windows of 18 days: the 95th percentile of 221 totals is the 210th of them.
        Assert.Equal(7770, (await shop.Outcomes.ReadAsync(later, Cancel))!.Cap);
    }

    private static Task<(int Experiments, int Changed)> EvaluateAsync(AShopWithCampaigns shop) =>
        shop.Outcomes.EvaluateAsync(shop.Clock.GetUtcNow().UtcDateTime, null, _ => Task.CompletedTask, Cancel);

    private static async Task<Guid> ShopAsync(AShopWithCampaigns shop)
    {
        shop.Products("food");
        var a = await shop.CampaignAsync("A", "2026-06-05", []);
        shop.Customers("2025-01-01", "T1", "T2", "K1");
        shop.Exposed(a, "2026-06-01", 0.5, ["T1", "T2"], ["K1"]);
        shop.Order("O1", "T1", "2026-06-03", "food", 200);
        shop.Order("O2", "K1", "2026-06-05", "food", 100);
        shop.Order("O3", "K1", "2026-06-29", "food", 100);
        return a;
    }
}
