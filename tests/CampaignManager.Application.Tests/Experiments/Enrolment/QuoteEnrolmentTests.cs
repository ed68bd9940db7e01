using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Application.Tests.Experiments.Enrolment.AnEnrolment;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>Who enters an experiment at the checkout.</summary>
public class QuoteEnrolmentTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Quote_FirstOnes200AtOnceOnTwoNodes_WriteOneExposure(string provider)
    {
        await using var shop = await OpenAsync(provider, server);
        await shop.LaunchAsync();
        var other = shop.Start();

        var quotes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => (i % 2 == 0 ? shop.First : other).QuoteAsync(Cart("C-1")))));

        var exposure = Assert.Single(await shop.ExposuresAsync());
        var epoch = Assert.Single(await shop.EpochsAsync());
        Assert.Equal(new ArmCuts(0.5, []).Of(epoch.Salt, "C-1"), exposure.Arm);
        Assert.Single(quotes.Select(q => q.Total).Distinct());
    }

    [Fact]
    public async Task Quote_ArmOfTheExposure_IsWhatIsPriced()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync();
        for (var i = 0; i < 40; i++)
        {
            var quote = await shop.First.QuoteAsync(Cart($"C-{i}"));
            var exposure = Assert.Single(await shop.ExposuresAsync(), e => e.CustomerId == $"C-{i}");
            Assert.Equal(exposure.Arm == ArmCuts.Held ? 0 : 3_000, quote.DiscountTotal);
            Assert.Equal((0.5, $"C-{i}"), (exposure.Propensity, exposure.AssignmentId));
        }

        Assert.Equal(2, (await shop.ExposuresAsync()).Select(e => e.Arm).Distinct().Count());
    }

    [Fact]
    public async Task Quote_KnownMember_WritesNoMore()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync();
        await shop.First.QuoteAsync(Cart("C-1"));
        await shop.First.QuoteAsync(Cart("C-1"));
        Assert.Equal(1, shop.First.Door.Writes);

        // Another process, or this one after a start, looks before it writes.
        var other = shop.Start();
        await other.QuoteAsync(Cart("C-1"));
        Assert.Equal(0, other.Door.Writes);
    }

    [Fact]
    public async Task Quote_GuestOrNotInTheAudience_EntersNothing()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync(audience: new Audience { AnyOf = ["vip"], Channels = ["app"] });

        await shop.First.QuoteAsync(Cart(null, "vip"));
        await shop.First.QuoteAsync(Cart("C-1", "new-customers"));
        Assert.Empty(await shop.ExposuresAsync());

        // Where they buy today is a matter of the cart: they are in it, and the offer is refused all the same.
        var quote = await shop.First.QuoteAsync(Cart("C-2", "vip") with { Channel = "web" });
        Assert.Equal((1, 0), ((await shop.ExposuresAsync()).Count, quote.DiscountTotal));
        Assert.Equal(ReasonCode.NotInAudience, Assert.Single(quote.Campaigns).Reason?.Code);
    }

    [Fact]
    public async Task Quote_CampaignWithAPublicCode_IsEnteredWithTheCode()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync(code: "AUTUMN");
        await shop.First.QuoteAsync(Cart("C-1"));
        await shop.First.QuoteAsync(Cart("C-1") with { Codes = ["OTHER"] });
        Assert.Empty(await shop.ExposuresAsync());

        await shop.First.QuoteAsync(Cart("C-1") with { Codes = ["autumn"] });
        Assert.Single(await shop.ExposuresAsync());
    }

    [Fact]
    public async Task Quote_OptedOutOrRobot_EntersNothing()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync();
        await PeopleWhoStayOut.BringAsync(shop);

        foreach (var customer in (string[])["C-mail", "C-person", "C-robot", "C-plain"])
            await shop.First.QuoteAsync(Cart(customer));

        Assert.Equal("C-plain", Assert.Single(await shop.ExposuresAsync()).CustomerId);
    }

    [Fact]
    public async Task Quote_NobodyHeldOut_MeasuresNothing()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync(holdout: 0);
        Assert.Equal(3_000, (await shop.First.QuoteAsync(Cart("C-1"))).DiscountTotal);
        Assert.Empty(await shop.ExposuresAsync());
        Assert.False(Assert.Single(await shop.EpochsAsync()).Measured);
    }

    [Fact]
    public async Task Quote_OfAnotherMoment_IsAQuestion()
    {
        await using var shop = await OpenAsync();
        await shop.LaunchAsync();
        await shop.First.Quotes.QuoteAsync(Cart("C-1"), shop.Time.GetUtcNow().UtcDateTime.AddDays(1), Explain.None, Stop);
        await shop.First.Quotes.QuoteAsync(Cart("C-1"), null, Explain.None, Stop, forReal: false);
        Assert.Empty(await shop.ExposuresAsync());
    }

    [Fact]
    public async Task Add_EpochThatHasEnded_WritesNothing()
    {
        await using var shop = await OpenAsync();
        var id = await shop.LaunchAsync();
        var epoch = Assert.Single(await shop.EpochsAsync());
        Campaigns.CampaignFixture.Done(await shop.Transitions.EndAsync(id, null, Campaigns.CampaignFixture.Max, Stop));

        await shop.First.Store.AddAsync([new(epoch.Id, "C-1", "C-1", 0, 0.5)], Stop);

        Assert.Empty(await shop.ExposuresAsync());
        Assert.NotNull(Assert.Single(await shop.EpochsAsync()).EndedAt);
    }
}
