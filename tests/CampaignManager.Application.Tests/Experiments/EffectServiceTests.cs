using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Application.Tests.Experiments;

public class EffectServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_EmptyLake_IsNull()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        Assert.Null(await shop.Effects.ReadAsync(30, Cancel));
    }

    [Fact]
    public async Task ReadAsync_HandMadeShop_MatchesTheHandCalculation()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        var a = await HandMadeAsync(shop);

        var effects = (await shop.Effects.ReadAsync(30, Cancel))!;

        // Treated: revenue 250, 100, 0, 0; margin (300 − 20 − 2·80 = 120), 100·30 % = 30, 0, 0. Held out: revenue 200, 0, 0; margin 200 − 120 = 80.
        var total = effects.Total;
        Assert.Equal((1, 4, 3), (total.Campaigns, total.Treated, total.Control));
        Assert.Equal(4 * (87.5 - (200.0 / 3)), total.Revenue.Value, 1e-9);
        Assert.Equal(4 * (37.5 - (80.0 / 3)), total.Margin.Value, 1e-9);
        Assert.Equal(30, total.Discount, 1e-9);
        Assert.Equal((130.0 / 3 / 30) - 1, total.Roi!.Value, 1e-9);
        Assert.Equal(0.5 - (1.0 / 3), total.Conversion.Value, 1e-9);
        Assert.Equal(1.0 / 3, total.BaselineConversion, 1e-9);

        // s² of the revenue: (72500 − 350²/4)/3 = 41875/3 and (40000 − 40000/3)/2 = 40000/3; so SE² = 41875/12 + 40000/9 of the lift.
        double vt = 41875.0 / 12, vc = 40000.0 / 9, freedom = (vt + vc) * (vt + vc) / ((vt * vt / 3) + (vc * vc / 2));
        Assert.Equal(4 * Math.Sqrt(vt + vc) * StudentT.Quantile(0.975, freedom), (total.Revenue.High - total.Revenue.Low) / 2, 1e-6);

        var campaign = Assert.Single(effects.Campaigns);
        Assert.Equal((a, new DateOnly(2026, 6, 15), false), (campaign.Id, campaign.LastClosed, campaign.Mismatch));
        // T1 ordered on the third day, K1 on the fifth.
        Assert.Equal(14, effects.Response.Count);
        Assert.Equal((3, 62.5, 0.0), (effects.Response[2].Day, effects.Response[2].Treated, effects.Response[2].Control));
        Assert.Equal(200.0 / 3, effects.Response[4].Control, 1e-9);
        Assert.Equal((new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 30)), (effects.From, effects.To));
    }

    [Fact]
    public async Task ReadAsync_OpenWindowsAndRowsThatWereNotRandomised_DoNotCount()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        await HandMadeAsync(shop);
        var before = (await shop.Effects.ReadAsync(30, Cancel))!.Total;
        var open = await shop.CampaignAsync("still open");
        shop.Exposed(open, "2026-06-25", 0.5, ["T1", "T2"], ["K1"]);
        var everyone = await shop.CampaignAsync("for everyone");
        shop.Exposed(everyone, "2026-06-01", 1, ["T1", "T2", "T3"], []);
        shop.Exposed(Guid.NewGuid(), "2026-06-01", 0.5, ["T1"], ["K1"]);

        var effects = (await shop.Effects.ReadAsync(30, Cancel))!;

        Assert.Equal(before, effects.Total);
        var waiting = Assert.Single(effects.Open);
        Assert.Equal((open, 3, new DateOnly(2026, 7, 9)), (waiting.Id, waiting.Customers, waiting.ClosesOn));
    }

    [Fact]
    public async Task ReadAsync_TheDataEndBeforeTheWindow_TheWindowIsOpen()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        shop.Products("home");
        var campaign = await shop.CampaignAsync("A");
        shop.Customers("2025-01-01", "T1", "T2", "K1", "K2");
        shop.Exposed(campaign, "2026-06-01", 0.5, ["T1", "T2"], ["K1", "K2"]);
        // Nothing was recorded after the 10th: what happened until the 15th is not known, whatever the clock says.
        shop.Order("O1", "T1", "2026-06-10", "home", 100);

        var effects = (await shop.Effects.ReadAsync(30, Cancel))!;

        Assert.Equal(0, effects.Total.Campaigns);
        Assert.Single(effects.Open);
        Assert.Equal(new DateOnly(2026, 6, 10), effects.To);
    }

    [Fact]
    public async Task ReadAsync_EarlierPeriod_StandsBeside()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        await HandMadeAsync(shop);
        var earlier = await shop.CampaignAsync("earlier");
        shop.Exposed(earlier, "2026-05-01", 0.5, ["T1", "T2"], ["K1", "K2"]);
        shop.Order("O8", "T1", "2026-05-02", "home", 90, campaign: earlier, given: 10);

        var effects = (await shop.Effects.ReadAsync(30, Cancel))!;

        Assert.Equal(1, effects.Total.Campaigns);
        Assert.Equal((1, 80.0, 10.0), (effects.Before.Campaigns, effects.Before.Revenue.Value, effects.Before.Discount));
        Assert.Equal(2, (await shop.Effects.ReadAsync(90, Cancel))!.Total.Campaigns);
        Assert.Equal((await shop.Effects.ReadAsync(90, Cancel))!.Total, (await shop.Effects.ReadAsync(77, Cancel))!.Total);
    }

    [Fact]
    public async Task ReadAsync_ArmsNotAsPlanned_FlaggedAndLeftOut()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        await HandMadeAsync(shop);
        var broken = await shop.CampaignAsync("broken");
        // 60 : 20 where half and half was planned: χ² = 20, p = 8e-6.
        shop.Exposed(broken, "2026-06-02", 0.5, [.. Enumerable.Range(0, 60).Select(i => $"X{i}")], [.. Enumerable.Range(0, 20).Select(i => $"Y{i}")]);

        var effects = (await shop.Effects.ReadAsync(30, Cancel))!;

        Assert.True(SampleRatio.Test([60, 20], [0.5, 0.5]).Alarm);
        Assert.Equal(1, effects.Total.Campaigns);
        Assert.Equal([broken], effects.Campaigns.Where(c => c.Mismatch).Select(c => c.Id));
    }

    [Fact]
    public async Task ReadAsync_Heat_CountsBuyersBySegmentAtAssignmentWhereInScope()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        shop.Products("food", "home");
        var campaign = await shop.CampaignAsync("home only", "home");
        string[] treated = [.. Enumerable.Range(0, 20).Select(i => $"T{i:D2}")], control = [.. Enumerable.Range(0, 20).Select(i => $"K{i:D2}")];
        shop.Customers("2024-01-01", [.. treated, .. control]);
        shop.Exposed(campaign, "2026-06-01", 0.5, treated, control);
        // Lapsed at assignment (last order a year before); ordering in the window makes them active afterwards, which must not move them.
        var n = 0;
        foreach (var customer in treated.Concat(control))
            shop.Order($"P{n++}", customer, "2025-06-01", "food", 10);
        foreach (var customer in treated[..12].Concat(control[..7]))
            shop.Order($"W{n++}", customer, "2026-06-04", "home", 10);
        foreach (var customer in treated[12..].Concat(control[7..]))
            shop.Order($"F{n++}", customer, "2026-06-20", "food", 10);

        var heat = (await shop.Effects.ReadAsync(30, Cancel))!.Heat;

        Assert.Equal(["food", "home"], heat.Categories);
        var cell = heat.Cell("lapsed", "home");
        Assert.Equal((1, 40, 19), (cell.Campaigns, cell.Customers, cell.Buyers));
        Assert.Equal(0.25, cell.Effect!.Value, 1e-9);
        Assert.Equal(0.35, cell.Baseline, 1e-9);
        var half = StudentT.Quantile(0.975, 38) * Math.Sqrt(((0.6 * 0.4) + (0.35 * 0.65)) / 19);
        Assert.InRange(cell.Effect.High - 0.25, half * 0.999, half * 1.001);
        Assert.Equal((0, null), (heat.Cell("lapsed", "food").Campaigns, heat.Cell("lapsed", "food").Effect));
        Assert.Equal((0, null), (heat.Cell("active", "home").Campaigns, heat.Cell("active", "home").Effect));
    }

    [Fact]
    public async Task ReadAsync_NewOrdersInTheLake_AreSeen()
    {
        await using var shop = await AShopWithCampaigns.OpenAsync();
        await HandMadeAsync(shop);
        var before = (await shop.Effects.ReadAsync(30, Cancel))!.Total.Revenue.Value;

        shop.Order("O9", "T3", "2026-06-12", "food", 100);

        Assert.Equal(before + 100, (await shop.Effects.ReadAsync(30, Cancel))!.Total.Revenue.Value, 1e-9);
    }

    /// <summary>One closed campaign, four treated and three held out, with orders in, before and after the window.</summary>
    private static async Task<Guid> HandMadeAsync(AShopWithCampaigns shop)
    {
        shop.Products("food", "home");
        var a = await shop.CampaignAsync("A");
        shop.Customers("2025-01-01", "T1", "T2", "T3", "T4", "K1", "K2", "K3");
        shop.Exposed(a, "2026-06-01", 0.5, ["T1", "T2", "T3", "T4"], ["K1", "K2", "K3"]);
        shop.Order("O1", "T1", "2026-06-03 10:00", "home", 150, cost: 80, quantity: 2, coupon: 20, campaign: a, given: 30);
        shop.Order("O2", "T2", "2026-06-10", "food", 100);
        shop.Order("O3", "T2", "2026-06-16", "food", 100);
        shop.Order("O4", "T4", "2026-05-20", "food", 100);
        shop.Order("O5", "K1", "2026-06-05", "home", 200, cost: 120);
        shop.Order("O6", "K2", "2026-06-30 11:00", "home", 200);
        return a;
    }
}
