using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.ShopData.Events;
using CampaignManager.Web.Events;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CampaignManager.Web.Tests.Events;

/// <summary>What a shop that connects its events sees of them.</summary>
public sealed class EventsPageTests : PageOverServices
{
    public EventsPageTests()
    {
        Person.SetAuthorized("Mia").SetRoles(Roles.Marketer);
        Context.Render<MudBlazor.MudPopoverProvider>();
    }

    [Fact]
    public async Task Page_AfterRefusals_SaysWhyAndHowOften()
    {
        var prepare = Context.Services.Single(s => s.ImplementationType?.Name == "PrepareEvents").ImplementationType!;
        await ((IHostedService)ActivatorUtilities.CreateInstance(Context.Services, prepare)).StartAsync(Xunit.TestContext.Current.CancellationToken);
        Assert.Contains("Nothing was refused", Context.Render<EventsPage>().WaitForElement("#nothing-refused").TextContent, StringComparison.Ordinal);
        var refusals = Context.Services.GetRequiredService<EventRefusals>();
        refusals.Add(RefusedFrom.Page, "origin-not-allowed", times: 1_234);
        refusals.Add(RefusedFrom.Server, "zone-needed", "at");

        var page = Context.Render<EventsPage>();

        page.WaitForElement("#events-refused");
        var rows = page.FindAll("#events-refused tbody tr").Select(r => string.Join('|', r.Children.Take(4).Select(c => c.TextContent.Trim())));
        Assert.Equal(
            [
                "The whole call: it came from a page whose origin no key names.origin-not-allowed|A page|–|1,234",
                "Its time does not say the offset from UTC.zone-needed|A server|at|1",
            ],
            rows);
    }
}
