using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.Experiments.Enrolment.AnEnrolment;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>Arms with another offer, and edits of what a live campaign gives.</summary>
public class VariantTests
{
    private static readonly IReadOnlyList<EpochArm> Three =
        [new(EpochArm.Control, 0.3), new("double", 0.3, new FullReduction { Tiers = [new SpendTier(200, 60)] }), new(EpochArm.Current, 0.4)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Quote_EpochWithAVariant_PricesEachArmWithItsOffer()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        await NextAsync(shop, Three);
        var node = shop.Start();

        for (var i = 0; i < 60; i++)
        {
            var quote = await node.QuoteAsync(Cart($"C-{i}"));
            var exposure = Assert.Single(await shop.ExposuresAsync(), e => e.CustomerId == $"C-{i}");
            var (off, share) = exposure.Arm switch { ArmCuts.Held => (0, 0.3), ArmCuts.Current => (3_000, 0.4), _ => (6_000, 0.3) };
            Assert.Equal((off, share), (quote.DiscountTotal, Math.Round(exposure.Propensity, 12)));
            var decision = Assert.Single(await node.Decisions.DecideAsync(new CustomerQuestion($"C-{i}", [], null, null, null), [id], true, Stop));
            Assert.Equal(EpochArm.Of(Three, exposure.Arm).Key, decision.Arm);
        }

        Assert.Equal([0, 1, 2], (await shop.ExposuresAsync()).Select(e => e.Arm).Distinct().Order());
        Assert.Equal(3_000, (await node.QuoteAsync(Cart(null))).DiscountTotal);
    }

    [Fact]
    public async Task VariantOffers_OfAnOrder_AreThoseOfItsMoment()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        var before = shop.Time.GetUtcNow().UtcDateTime;
        shop.Time.Advance(TimeSpan.FromHours(1));
        await NextAsync(shop, Three);
        var epoch = (await shop.EpochsAsync())[1];
        var customer = Enumerable.Range(0, 100).Select(i => $"C-{i}").First(c => EpochArm.CutsOf(Three).Of(epoch.Salt, c) == ArmCuts.FirstVariant);
        await using var context = shop.Database.CreateDbContext();

        Assert.Empty(await VariantOffers.OfAsync(context, [id], customer, before, Stop));
        var offer = Assert.Single(await VariantOffers.OfAsync(context, [id], customer, epoch.BeganAt.AddHours(1), Stop));
        Assert.Equal((id, 60), (offer.Key, Assert.IsType<FullReduction>(offer.Value).Tiers[0].Off));
        Assert.Empty(await VariantOffers.OfAsync(context, [id], null, epoch.BeganAt.AddHours(1), Stop));
    }

    [Theory]
    [InlineData("offer", true)]
    [InlineData("scope", true)]
    [InlineData("share", true)]
    [InlineData("budget", false)]
    public async Task Follow_EditOfALiveCampaign_BeginsAnEpochWhereWhatIsGivenChanges(string what, bool begins)
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        await using (var context = shop.Database.CreateDbContext())
        {
            var before = RulesJson.Read((await context.Campaigns.SingleAsync(c => c.Id == id, Stop)).RulesJson);
            var after = what switch
            {
                "offer" => before with { Offer = new FullReduction { Tiers = [new SpendTier(200, 50)] } },
                "scope" => before with { Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } } },
                "share" => before with { Experiment = before.Experiment with { HoldoutPercent = 20 } },
                _ => before with { Limits = before.Limits with { Budget = 9 } },
            };
            Assert.Equal(begins, await EpochBook.FollowAsync(context, id, before, after, 2, shop.Time.GetUtcNow().UtcDateTime, Stop));
            await context.SaveChangesAsync(Stop);
        }

        var epochs = await shop.EpochsAsync();
        Assert.Equal(begins ? 2 : 1, epochs.Count);
        Assert.Equal(what == "share" ? 0.2 : 0.5, EpochArm.CutsOf(EpochArm.Read(epochs[^1].ArmsJson)).Control);
        Assert.Equal(begins, epochs[0].Salt != epochs[^1].Salt);
    }

    [Fact]
    public async Task Issue_CodesBoundToCustomers_GoToTheTreatedOnlyAndBothEnter()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync(code: "AUTUMN");
        var epoch = Assert.Single(await shop.EpochsAsync());
        for (var i = 0; i < 20; i++)
        {
            var issued = await shop.First.Codes.IssueAsync(id, new NewCodes(null, 1, null, null, null, null) { CustomerId = $"C-{i}" }, CampaignFixture.Max, Stop);
            var held = new ArmCuts(0.5, []).Of(epoch.Salt, $"C-{i}") == ArmCuts.Held;
            Assert.Equal(held ? "held-out" : null, issued.Succeeded ? null : issued.Failure.Code);
        }

        var there = await shop.ExposuresAsync();
        Assert.Equal(20, there.Count);
        await using var context = shop.Database.CreateDbContext();
        Assert.Equal(there.Count(e => e.Arm == ArmCuts.Current), await context.CodeBatches.CountAsync(Stop));
    }

    private static async Task NextAsync(AnEnrolment shop, IReadOnlyList<EpochArm> arms)
    {
        var running = Assert.Single(await shop.EpochsAsync());
        await using var context = shop.Database.CreateDbContext();
        Assert.True(await EpochBook.NextAsync(context, running, arms, 1, shop.Time.GetUtcNow().UtcDateTime, Stop));
        await context.SaveChangesAsync(Stop);
    }
}
