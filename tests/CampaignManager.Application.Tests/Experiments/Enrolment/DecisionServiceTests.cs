using CampaignManager.Application.Experiments.Enrolment;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using static CampaignManager.Application.Tests.Experiments.Enrolment.AnEnrolment;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>Shops that show campaigns themselves.</summary>
public class DecisionServiceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decide_Customer_IsToldTheArmOfTheCheckoutAndEnters()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        for (var i = 0; i < 20; i++)
        {
            var decision = Assert.Single(await DecideAsync(shop, $"C-{i}"));
            var held = (await shop.First.QuoteAsync(Cart($"C-{i}"))).DiscountTotal == 0;
            Assert.Equal(new Decision(id, held ? "control" : "current", true, "eligible"), decision);
            Assert.Equal(held ? ArmCuts.Held : ArmCuts.Current, Assert.Single(await shop.ExposuresAsync(), e => e.CustomerId == $"C-{i}").Arm);
        }

        Assert.Equal(20, (await shop.ExposuresAsync()).Count);
    }

    [Fact]
    public async Task Decide_NotInTheAudienceOrNotLive_SaysWhyAndWritesNothing()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync(audience: new Audience { AnyOf = ["vip"] });
        var unknown = Guid.NewGuid();

        Assert.Equal(
            [new Decision(id, null, false, "not-in-audience"), new Decision(unknown, null, false, "not-live")],
            await DecideAsync(shop, "C-1", id, unknown));
        Assert.Empty(await shop.ExposuresAsync());
    }

    [Fact]
    public async Task Decide_CampaignWithACode_IsDecidedWhereItIsNamed()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync(code: "AUTUMN");
        Assert.Empty(await DecideAsync(shop, "C-1"));
        Assert.Empty(await shop.ExposuresAsync());

        Assert.NotNull(Assert.Single(await DecideAsync(shop, "C-1", id)).Arm);
        Assert.Single(await shop.ExposuresAsync());
    }

    [Fact]
    public async Task Decide_NotForReal_WritesNothing()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync();
        Assert.NotNull(Assert.Single(await shop.First.Decisions.DecideAsync(new CustomerQuestion("C-1", [], null, null, null), [], false, Stop)).Arm);
        Assert.Empty(await shop.ExposuresAsync());
    }

    [Fact]
    public async Task Decide_EndedCampaign_IsNotLive()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        CampaignFixture.Done(await shop.Transitions.EndAsync(id, null, CampaignFixture.Max, Stop));
        Assert.Equal(new Decision(id, null, false, "not-live"), Assert.Single(await DecideAsync(shop, "C-1", id)));
    }

    private static Task<IReadOnlyList<Decision>> DecideAsync(AnEnrolment shop, string customer, params Guid[] campaigns) =>
        shop.First.Decisions.DecideAsync(new CustomerQuestion(customer, [], null, null, null), campaigns, true, Stop);
}
