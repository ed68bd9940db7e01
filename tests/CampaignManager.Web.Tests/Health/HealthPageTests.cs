using System.Diagnostics;
using System.Security.Claims;
using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Overview;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Health;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Health;

/// <summary>What an admin sees of the app's own state.</summary>
public sealed class HealthPageTests : PageOverServices
{
    public HealthPageTests()
    {
        Context.Services.AddHealth();
        Person.SetAuthorized("Ada");
        Person.SetRoles(Roles.Admin);
        Person.SetPolicies(Roles.Admin);
        Person.SetClaims(new Claim(ClaimTypes.NameIdentifier, "ada"), new Claim("display_name", "Ada"));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_WorkersAreNotThere_SaysWhatIsReadyAndWhatIsNot()
    {
        await using (var context = await Contexts.CreateDbContextAsync(Stop))
        {
            var rules = new CampaignRules { Offer = new FreeShipping(), Scope = new Scope { Include = new ScopeSelector() } };
            context.Campaigns.Add(new Campaign
            {
                Id = Guid.NewGuid(),
                Name = "Everything removed",
                Status = CampaignStatus.Live,
                RulesJson = RulesJson.Write(rules),
                OfferType = rules.Offer.Type,
                Currency = rules.Currency,
                OwnerId = "mia",
                OwnerName = "Mia",
                HoldoutSalt = "salt",
                CreatedAt = DateTime.UnixEpoch,
                UpdatedAt = DateTime.UnixEpoch,
            });
            await context.SaveChangesAsync(Stop);
        }

        var page = Context.Render<HealthPage>();
        page.WaitForElement("#health-log", TimeSpan.FromSeconds(30));
        var ready = page.Find("[aria-labelledby=health-ready]").TextContent;
        Assert.Contains("The app is not ready", ready, StringComparison.Ordinal);
        Assert.Contains("Answers", ready, StringComparison.Ordinal);
        Assert.Contains("Can be written", ready, StringComparison.Ordinal);
        Assert.Contains("No worker of this process reports: jobs wait", ready, StringComparison.Ordinal);

        var system = page.Find("[aria-labelledby=health-system]").TextContent;
        Assert.Contains("SQLite 3.", system, StringComparison.Ordinal);
        Assert.Contains("DuckDB 1.", system, StringComparison.Ordinal);
        Assert.Contains("0 running, 0 waiting", system, StringComparison.Ordinal);
        Assert.Equal(
            3, page.FindAll("[aria-labelledby=health-system] dd").Count(d => d.TextContent.Contains(" free", StringComparison.Ordinal)));

        page.WaitForElement("[aria-labelledby=refused-campaigns]", TimeSpan.FromSeconds(30));
        var refused = page.Find("[aria-labelledby=refused-campaigns]").TextContent;
        Assert.Contains("Everything removed", refused, StringComparison.Ordinal);
        Assert.Contains("still priced", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_ErrorWithinACall_IsFoundByTheTraceItsAnswerNamed()
    {
        using var call = new Activity("call").SetIdFormat(ActivityIdFormat.W3C).Start();
        var log = Context.Services.GetRequiredService<RecentLog>();
        log.CreateLogger("Shop.Checkout").LogError(new InvalidOperationException("Out of paper."), "The receipt was not printed");
        call.Stop();
        log.CreateLogger("Shop.Stock").LogWarning("Few left");

        var page = Context.Render<HealthPage>();
        page.WaitForElement(".log-line", TimeSpan.FromSeconds(30));
        page.Find("[aria-labelledby=health-log] input").Input(call.Id!);
        page.WaitForAssertion(() =>
        {
            var line = Assert.Single(page.FindAll("[aria-labelledby=health-log] .log-line")).TextContent;
            Assert.Contains("The receipt was not printed", line, StringComparison.Ordinal);
            Assert.Contains("Out of paper.", line, StringComparison.Ordinal);
            Assert.Contains(call.TraceId.ToHexString(), line, StringComparison.Ordinal);
        }, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Read_NoAdmin_IsRefused()
    {
        var manager = Actor.Of("max", "Max", Roles.Manager);
        var read = await Context.Services.GetRequiredService<SystemStateService>().ReadAsync(manager, Stop);
        Assert.Equal("forbidden", read.Failure?.Code);
    }

    [Fact]
    public void Log_MoreThanItKeeps_HasTheNewestFirstAndNothingBelowAWarning()
    {
        var clock = new FakeTimeProvider();
        using var log = new RecentLog(clock);
        var logger = log.CreateLogger("App");
        for (var i = 0; i < RecentLog.Most + 5; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            logger.LogWarning("Number {Number}", i);
            logger.LogInformation("Not for here");
        }

        Assert.Equal(RecentLog.Most, log.Lines.Count);
        Assert.Equal(("Number 204", "Number 5"), (log.Lines[0].Message, log.Lines[^1].Message));
        Assert.All(log.Lines, l => Assert.Null(l.Exception));
    }
}
