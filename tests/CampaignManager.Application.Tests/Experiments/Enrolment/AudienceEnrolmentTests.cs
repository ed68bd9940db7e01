using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using static CampaignManager.Application.Tests.Experiments.Enrolment.AnEnrolment;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>Who enters an experiment without having been at the checkout.</summary>
public class AudienceEnrolmentTests(PostgresServer server)
{
    private sealed class Death : Exception;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_AtLaunch_EnrolsTheAudienceOfBothArmsByWhatIsKnownOfCustomers()
    {
        await using var shop = await OpenAsync();
        shop.Describe(("C-1", "vip", 3, "north"), ("C-2", "vip", 0, "north"), ("C-3", "new-customers", 0, "north"), ("C-4", "vip", 2, "south"), ("C-5", "vip", 2, null));
        await shop.LaunchAsync(audience: new Audience { AnyOf = ["vip"], Regions = ["north"], Channels = ["app"], CustomerKinds = ["returning"] });

        Assert.Equal(1, await shop.First.Audience.RunAsync(null, Stop));

        Assert.Equal("C-1", Assert.Single(await shop.ExposuresAsync()).CustomerId);
        Assert.NotNull(Assert.Single(await shop.EpochsAsync()).EnrolledAt);
    }

    [Fact]
    public async Task Run_Later_EnrolsThoseWhoCameSince_AndNobodyTwice()
    {
        await using var shop = await OpenAsync();
        shop.Describe(("C-1", "vip", 3, null), ("C-2", "vip", 3, null));
        await shop.LaunchAsync();
        await shop.First.QuoteAsync(Cart("C-2"));
        Assert.Equal(1, await shop.First.Audience.RunAsync(null, Stop));
        var before = await shop.ExposuresAsync();

        shop.Describe(("C-1", "vip", 3, null), ("C-2", "vip", 3, null), ("C-3", "vip", 3, null));
        shop.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await shop.First.Audience.RunAsync(null, Stop));

        var after = await shop.ExposuresAsync();
        Assert.Equal(["C-1", "C-2", "C-3"], after.Select(e => e.CustomerId));
        // The earliest stays.
        Assert.Equal(before.Select(e => e.AssignedAt), after.Take(2).Select(e => e.AssignedAt));
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Run_TwoAtOnceAndKilledInBetween_EverybodyIsInOnceInTheirArm(string provider)
    {
        await using var shop = await OpenAsync(provider, server);
        shop.Describe([.. Enumerable.Range(0, 5_000).Select(i => ($"C-{i}", "vip", 1, (string?)null))]);
        await shop.LaunchAsync(holdout: 20);
        var chunks = 0;
        var killed = shop.Start();
        killed.Store.Step = _ =>
        {
            if (++chunks == 2)
                throw new Death();
        };
        await Assert.ThrowsAsync<Death>(() => killed.Audience.RunAsync(null, Stop));
        Assert.Null(Assert.Single(await shop.EpochsAsync()).EnrolledAt);

        await Task.WhenAll(Task.Run(() => shop.First.Audience.RunAsync(null, Stop)), Task.Run(() => shop.Start().Audience.RunAsync(null, Stop)));

        var (there, epoch) = (await shop.ExposuresAsync(), Assert.Single(await shop.EpochsAsync()));
        Assert.Equal(5_000, there.Count);
        Assert.All(there, e => Assert.Equal(new ArmCuts(0.2, []).Of(epoch.Salt, e.CustomerId), e.Arm));
    }

    [Fact]
    public async Task Run_PeopleWhoOptedOutAndRobots_StayOut()
    {
        await using var shop = await OpenAsync();
        await PeopleWhoStayOut.BringAsync(shop);
        shop.Describe(("C-mail", "vip", 1, null), ("C-person", "vip", 1, null), ("C-robot", "vip", 1, null), ("C-plain", "vip", 1, null));
        await shop.LaunchAsync();
        Assert.Equal(1, await shop.First.Audience.RunAsync(null, Stop));
        Assert.Equal("C-plain", Assert.Single(await shop.ExposuresAsync()).CustomerId);
    }

    [Fact]
    public async Task Run_CampaignThatTakesACode_IsNotEnteredByTheAudience()
    {
        await using var shop = await OpenAsync();
        shop.Describe(("C-1", "vip", 1, null));
        await shop.LaunchAsync(code: "AUTUMN");
        Assert.Equal(0, await shop.First.Audience.RunAsync(null, Stop));
    }
}
