using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Experiments.Enrolment;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.Experiments.Enrolment.AnEnrolment;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>Some customers get no campaign at all for a quarter.</summary>
public class GlobalHoldoutTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_OfTheQuarter_GetNothingAndEnterNothing()
    {
        await using var shop = await OpenAsync();
        shop.Describe([.. Enumerable.Range(0, 60).Select(i => ($"C-{i}", "vip", 1, (string?)null))]);
        await shop.LaunchAsync(holdout: 10);
        await shop.LaunchAsync(holdout: 0);
        await SetAsync(shop, 50);
        Assert.True(await Turns(shop).TurnAsync(Stop));
        var quarter = Assert.Single(await QuartersAsync(shop));
        var node = shop.Start();

        await node.Audience.RunAsync(null, Stop);
        var held = 0;
        for (var i = 0; i < 60; i++)
        {
            var quote = await node.QuoteAsync(Cart($"C-{i}"));
            if (!Assignment.IsControl(quarter.Salt, $"C-{i}", 0.5))
                continue;
            held++;
            Assert.Equal(0, quote.DiscountTotal);
            Assert.All(quote.Campaigns, c => Assert.Equal(ReasonCode.Holdout, c.Reason?.Code));
        }

        var there = await shop.ExposuresAsync();
        Assert.InRange(held, 10, 50);
        Assert.Equal(60 - held, there.Count);
        Assert.DoesNotContain(there, e => Assignment.IsControl(quarter.Salt, e.CustomerId, 0.5));
        Assert.NotEqual(0, (await node.QuoteAsync(Cart(null))).DiscountTotal);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Turn_AfterAQuarter_PausesAndThenDrawsOthersInNewEpochs(string provider)
    {
        await using var shop = await OpenAsync(provider, server);
        await shop.LaunchAsync();
        Assert.False(await Turns(shop).TurnAsync(Stop));
        await SetAsync(shop, 5);
        Assert.True(await Turns(shop).TurnAsync(Stop));
        var first = Assert.Single(await QuartersAsync(shop));
        Assert.Equal([1, 2], (await shop.EpochsAsync()).Select(e => e.Number));

        // Another share waits for the next quarter.
        await SetAsync(shop, 10);
        shop.Time.SetUtcNow(new DateTimeOffset(first.EndsAt));
        Assert.False(await Turns(shop).TurnAsync(Stop));
        shop.Time.Advance(GlobalHoldout.Pause - TimeSpan.FromSeconds(1));
        Assert.False(await Turns(shop).TurnAsync(Stop));
        shop.Time.Advance(TimeSpan.FromSeconds(1));
        var begun = await Task.WhenAll(Task.Run(() => Turns(shop).TurnAsync(Stop)), Task.Run(() => Turns(shop).TurnAsync(Stop)));

        Assert.Single(begun, b => b);
        var quarters = await QuartersAsync(shop);
        Assert.Equal([0.05, 0.1], quarters.Select(q => q.Share));
        Assert.NotEqual(quarters[0].Salt, quarters[1].Salt);
        Assert.Equal([1, 2, 3], (await shop.EpochsAsync()).Select(e => e.Number));
    }

    [Fact]
    public async Task Turn_TurnedOff_EndsAtOnce()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync(holdout: 0);
        await SetAsync(shop, 50);
        await Turns(shop).TurnAsync(Stop);
        await SetAsync(shop, 0);
        Assert.True(await Turns(shop).TurnAsync(Stop));
        Assert.False(await Turns(shop).TurnAsync(Stop));

        for (var i = 0; i < 10; i++)
            Assert.Equal(3_000, (await shop.First.QuoteAsync(Cart($"C-{i}"))).DiscountTotal);
    }

    [Fact]
    public async Task OfNewShop_ShopWithoutSettings_HoldsOutFivePercent_AndOthersStayAsTheyAre()
    {
        await using var shop = await OpenAsync();
        var settings = new SettingsService(shop.Database);
        Assert.Equal(0, (await settings.GetAsync(Stop)).GlobalHoldoutPercent);
        await settings.OfNewShopAsync(Stop);
        Assert.Equal(5, (await settings.GetAsync(Stop)).GlobalHoldoutPercent);
        await SetAsync(shop, 0);
        await settings.OfNewShopAsync(Stop);
        Assert.Equal(0, (await settings.GetAsync(Stop)).GlobalHoldoutPercent);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(51)]
    public async Task Save_ShareThatCannotBe_IsRefused(decimal percent)
    {
        await using var shop = await OpenAsync();
        Assert.Contains("globalHoldoutPercent", (await SaveAsync(shop, percent)).Failure!.Errors!.Keys);
    }

    private static GlobalHoldoutTurns Turns(AnEnrolment shop) => new(shop.Database, new SettingsService(shop.Database), shop.Time);

    private static async Task<List<GlobalHoldout>> QuartersAsync(AnEnrolment shop)
    {
        await using var context = shop.Database.CreateDbContext();
        return await context.GlobalHoldouts.AsNoTracking().OrderBy(h => h.Id).ToListAsync(Stop);
    }

    private static async Task SetAsync(AnEnrolment shop, decimal percent) => Assert.True((await SaveAsync(shop, percent)).Succeeded);

    private static Task<Outcome<ShopSettings>> SaveAsync(AnEnrolment shop, decimal percent) => new SettingsService(shop.Database).SaveAsync(
        new SettingsChange("CNY", "Asia/Shanghai", 30, 10, default) { GlobalHoldoutPercent = percent }, null, CampaignFixture.Ada, Stop);
}
