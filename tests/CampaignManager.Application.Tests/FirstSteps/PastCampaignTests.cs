using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.Tests.ShopData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.FirstSteps;

/// <summary>Past campaigns with held back customers, from their files to what a model learns from.</summary>
public sealed class PastCampaignTests : IAsyncDisposable
{
    private readonly APastShop shop = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task Import_ThreeSoundOnes_AreEndedCampaignsWithTheirEffectsAndAreLearntFrom()
    {
        await shop.BringAsync([new(1), new(2, Effect: 0), new(3)]);

        var campaigns = await shop.CampaignsAsync();
        Assert.Equal(["Campaign 1", "Campaign 2", "Campaign 3"], campaigns.Select(c => c.Name).Order());
        Assert.All(campaigns, c => Assert.Equal((CampaignStatus.Ended, CampaignOrigin.Imported, "fullReduction", 14), (c.Status, c.Origin, c.Rules.Offer.Type, c.Rules.Experiment.AttributionDays)));
        var read = await shop.ReadAsync();
        Assert.All(read, c => Assert.Equal((null, true, 0.5), (c.Fault, c.OfferKnown, Math.Round(c.Chance!.Value, 9))));
        Assert.All(read, c => Assert.True(c is { SampleRatioP: > 0.001, Imbalance: < 0.2 }, $"{c}"));
        Assert.InRange(0.15, read[0].Conversion!.Low, read[0].Conversion!.High);
        Assert.InRange(0, read[1].Conversion!.Low, read[1].Conversion!.High);
        Assert.True(read[0].Conversion!.Low > 0);
        Assert.Equal(new Dictionary<string, int> { ["Campaign 1"] = 1_200, ["Campaign 2"] = 1_200, ["Campaign 3"] = 1_200 }, await shop.LearntFromAsync());
        var report = await shop.ReportAsync();
        Assert.Equal(FirstStep.Campaigns, report.Step);
        Assert.Equal("A model can learn from 3 of them together: an admin trains it.", FirstStepsWords.Together(report)!.En);
        // Nothing of it is priced, or even told of, at checkout.
        Assert.Empty((await shop.Room.Get<LiveOffers>().CurrentAsync(Stop)).ById);
    }

    [Fact]
    public async Task Import_GroupsThatDoNotFitTheirChance_AreNamedAndLeftOutOfTraining()
    {
        await shop.BringAsync([new(1), new(2), new(3), new(4, Chance: 0.9, Drawn: 0.8)]);

        var left = Assert.Single(await shop.ReadAsync(), c => c.Fault is not null);
        Assert.Equal(("Campaign 4", PastCampaignFault.SampleRatio, null), (left.Name, left.Fault, left.Conversion));
        Assert.Matches(@"^Campaign 4 was left out: \d+ treated and \d+ held back do not fit the stated 90 % \(p < 0\.0001\)\.$", FirstStepsWords.Campaign(left).En);
        Assert.Contains("因对照组人数与设定不符，已排除此活动", FirstStepsWords.Campaign(left).Zh, StringComparison.Ordinal);
        Assert.Equal(["Campaign 1", "Campaign 2", "Campaign 3"], (await shop.LearntFromAsync()).Keys.Order());

        var model = await shop.TrainAsync();
        Assert.Equal(FirstStep.Model, (await shop.ReportAsync()).Step);
        Assert.Empty((await ModelAsync(model)).TakenBack!);
        await shop.Room.UndoAsync(shop.Brought["exposures"]);
        Assert.Equal(["groups.csv"], (await ModelAsync(model)).TakenBack!);
        Assert.Empty(await shop.LearntFromAsync());
    }

    private async Task<ModelDetail> ModelAsync(Guid id) => (await shop.Room.Get<ModelService>().FindAsync(id, Stop)).Value;

    [Fact]
    public async Task Import_WhoGotItOrderedMoreBefore_IsLeftOut()
    {
        await shop.BringAsync([new(1, Effect: 0, Ahead: 0.5)]);

        var left = Assert.Single(await shop.ReadAsync());
        Assert.Equal((PastCampaignFault.Imbalance, null), (left.Fault, left.Conversion));
        Assert.True(left.Imbalance > 0.3);
        Assert.Contains("left out", FirstStepsWords.Campaign(left).En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_TwoSoundOnes_SpeakOfTheirOfferAgainOnly()
    {
        await shop.BringAsync([new(1), new(2)]);

        Assert.Empty(await shop.LearntFromAsync());
        Assert.StartsWith("2 of them can be believed: they speak of this offer again, not of others.", FirstStepsWords.Together(await shop.ReportAsync())!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ThreeSmallOnes_AreTooFewCustomersTogether()
    {
        await shop.BringAsync([new(1), new(2), new(3)], customers: 600);

        Assert.Empty(await shop.LearntFromAsync());
        Assert.Contains("a model takes 1,000 in each group", FirstStepsWords.Together(await shop.ReportAsync())!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OfferInWordsNobodyReads_IsMeasuredButNotLearntFrom()
    {
        await shop.BringAsync([new(1), new(2), new(3, Offer: "Mystery box")]);

        Assert.Equal([true, true, false], (await shop.ReadAsync()).Select(c => c.OfferKnown));
        Assert.All(await shop.ReadAsync(), c => Assert.NotNull(c.Conversion));
        Assert.Empty(await shop.LearntFromAsync());
        Assert.StartsWith("What 1 of them gave could not be read", FirstStepsWords.Together(await shop.ReportAsync())!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_SameFilesTwiceAndOnceMoreAfterACrash_ChangesNothing()
    {
        await shop.BringAsync([new(1)]);
        var before = Assert.Single(await shop.CampaignsAsync());

        var again = await shop.BringAsync("exposures", """{ "zone": "UTC" }""", ("groups.csv", APastShop.Groups([new(1)], 1_200)));
        await shop.Room.RunAgainAsync(again.Id);

        Assert.Equal(0, again.Findings!.Written);
        Assert.Equivalent(before, Assert.Single(await shop.CampaignsAsync()));
    }

    [Fact]
    public async Task Undo_OfWhatDescribedThem_LeavesTheirNames_OfTheGroupsToo_TakesThemAway()
    {
        await shop.BringAsync("orders", """{ "currency": "CNY", "zone": "UTC" }""", ("orders.csv", APastShop.Orders([new(1)], 300)));
        var described = await shop.BringAsync("campaigns", """{ "zone": "UTC" }""", ("campaigns.csv", APastShop.Campaigns([new(1)])));
        var groups = await shop.BringAsync("exposures", """{ "zone": "UTC" }""", ("groups.csv", APastShop.Groups([new(1)], 300)));

        await shop.Room.UndoAsync(described.Id);
        var named = Assert.Single(await shop.CampaignsAsync());
        Assert.Equal(("camp-1", APastShop.Day(1)), (named.Name, named.StartsAt));
        Assert.False(Assert.Single(await shop.ReadAsync()).OfferKnown);

        await shop.Room.UndoAsync(groups.Id);
        Assert.Empty(await shop.CampaignsAsync());
        Assert.Empty(await shop.ReadAsync());
        Assert.Equal(FirstStep.Orders, (await shop.ReportAsync()).Step);
    }

    [Theory]
    [InlineData("campaign,customer,opened\nspring,C1,1\n")]
    [InlineData("campaign,customer,coupon_redeemed\nspring,C1,1\n")]
    public async Task Import_WhatCameAfterTheMessage_IsNoTreatment(string text)
    {
        var refused = await shop.TryAsync("exposures", """{ "zone": "UTC" }""", ("log.csv", text));

        Assert.Equal((ImportState.Failed, "treatment-after-outcome"), (refused.State, refused.RefusalCode));
        Assert.Empty(await shop.CampaignsAsync());
        Assert.False(shop.Room.Lake.HasRows(LakeTable.Exposures));
    }

    [Fact]
    public async Task Import_TheSharedFile_NamesSummerAndTakesNobodyInTwoArms()
    {
        var files = ExpectedFiles.Find();
        Assert.SkipWhen(files is null, "There is no folder of shops' files here.");
        var text = await File.ReadAllTextAsync(Path.Combine(files.Folder, "past_campaign_assignments.csv"), Stop);
        await shop.BringAsync("exposures", "{}", ("past_campaign_assignments.csv", text));
        await shop.BringAsync("campaigns", """{ "zone": "UTC" }""", ("campaigns.csv", "campaign_id,name,start_date,end_date,offer\nsummer-2025,Summer 2025,2025-07-01,2025-07-14,20% off\n"));
        await shop.BringAsync("orders", """{ "currency": "EUR", "zone": "UTC" }""", ("orders.csv", "order_id,order_date,customer_id,total\nO1,2025-12-31T00:00:00Z,C-5000,10.00\n"));

        var read = await shop.ReadAsync();
        Assert.Equal(
            [("spring-2025", 1214L, 286L, null), ("Summer 2025", 994L, 206L, PastCampaignFault.SampleRatio), ("autumn-2025", 630L, 158L, (PastCampaignFault?)null)],
            read.Select(c => (c.Name, c.Treated, c.Control, c.Fault)));
        Assert.Equal("Summer 2025 was left out: 994 treated and 206 held back do not fit the stated 90 % (p < 0.0001).", FirstStepsWords.Campaign(read[1]).En);
        using var connection = shop.Room.Lake.Open(1);
        Assert.Equal(0, connection.Scalar<long>(
            $"SELECT count(*) FROM (SELECT 1 FROM {shop.Room.Lake.Source(LakeTable.Exposures)} GROUP BY campaign_id, customer_id HAVING count(DISTINCT arm) > 1)"));
    }

    [Theory]
    [InlineData("200-30", "200:30")]
    [InlineData("满200减30，满400减80", "200:30 400:80")]
    [InlineData("Spend 50, get 10", "50:10")]
    [InlineData("20% off", "%20")]
    [InlineData("10 percent off over 100", "%10>100")]
    [InlineData("8折", "%20")]
    [InlineData("85折", "%15")]
    [InlineData("包邮", "shipping")]
    [InlineData("Free shipping", "shipping")]
    [InlineData("30-200", "?")]
    [InlineData("Type B", "?")]
    [InlineData("2025-03-01", "?")]
    [InlineData("", "?")]
    public void Offer_AsSourcesWriteIt_IsReadOrUnknown(string words, string expected)
    {
        var offer = ImportedOffer.Read(words);

        Assert.Equal(expected, offer switch
        {
            FullReduction { Tiers.Count: > 0 } o => string.Join(' ', o.Tiers.Select(t => FormattableString.Invariant($"{t.Spend}:{t.Off}"))),
            PercentOff { Tiers: [var t] } => FormattableString.Invariant($"%{t.Percent}{(t.Spend is { } s ? $">{s}" : "")}"),
            FreeShipping => "shipping",
            _ => "?",
        });
        Assert.Equal(expected != "?", ImportedOffer.IsKnown(offer));
    }
}
