using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Lake;
using CampaignManager.Web.Access;
using CampaignManager.Web.Customers;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Customers;

/// <summary>The customers' list, search and page over the real services.</summary>
public sealed class CustomerPagesTests : PageOverServices
{
    public CustomerPagesTests()
    {
        Person.SetAuthorized("Ada").SetRoles(Roles.Admin).SetPolicies(Policies.Customers);
        Context.Render<MudBlazor.MudPopoverProvider>();
    }

    private NavigationManager Navigation => Context.Services.GetRequiredService<NavigationManager>();

    [Fact]
    public async Task List_FilterInTheAddress_ShowsThoseAndLeadsToTheirPage()
    {
        await AShop.LayAsync(Context.Services);
        Navigation.NavigateTo("/customers?segment=loyal&sort=-spent");
        var page = Context.Render<CustomersPage>();
        page.WaitForAssertion(() => Assert.Equal(["C-05", "C-03", "C-01"], page.FindAll("#customers .cell-main").Select(c => c.TextContent.Trim())));
        Assert.Equal("/customers/C-05", page.Find("#customers a").GetAttribute("href"));
        Assert.Equal("¥70", page.FindAll("#customers tbody tr")[0].QuerySelectorAll("td")[3].TextContent);
        Assert.Equal("descending", page.FindAll("#customers th").Single(t => t.TextContent.Contains("Spent", StringComparison.Ordinal)).GetAttribute("aria-sort"));
    }

    [Fact]
    public async Task Search_KnownIdOpensThePage_AndAStrangerIsToldInASentence()
    {
        await AShop.LayAsync(Context.Services);
        var finder = Context.Render<CustomerFinder>();
        finder.Find("#customer-search").Input("ann@example.com");
        await finder.Find("form").SubmitAsync();
        finder.WaitForAssertion(() => Assert.Contains("nobody has this id, or the customer was erased", finder.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain("example", Navigation.Uri, StringComparison.Ordinal);
        finder.Find("#customer-search").Input(" C-03 ");
        await finder.Find("form").SubmitAsync();
        finder.WaitForAssertion(() => Assert.EndsWith("/customers/C-03", Navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_OfACustomer_ShowsSegmentsAndTheOrderWithItsLine()
    {
        await AShop.LayAsync(Context.Services);
        var page = Context.Render<CustomerPage>(p => p.Add(c => c.Id, "C-01"));
        page.WaitForAssertion(() => Assert.Contains("Order O-01", page.Find("#timeline").TextContent, StringComparison.Ordinal));
        Assert.Contains("¥12.50", page.Find("#timeline").TextContent, StringComparison.Ordinal);
        Assert.Contains("S1", page.Find("#timeline .timeline-line").TextContent, StringComparison.Ordinal);
        Assert.Contains("Loyal", page.Find("#customer-segments").TextContent, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Contains("In none that the data tell of", page.Markup, StringComparison.Ordinal));
        // Each panel asks for its own.
        page.WaitForAssertion(() => Assert.Contains("No campaign is live", page.Markup, StringComparison.Ordinal));
        var spent = page.Find("#customer-features tr[data-feature=x_monetary]").TextContent;
        Assert.Contains("Spent on goods, after discounts", spent, StringComparison.Ordinal);
        Assert.Contains("¥30", spent, StringComparison.Ordinal);
        page.Find("[data-kind=refund]").Click();
        Assert.EndsWith("?kind=refund", Navigation.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("guest:O-01")]
    public async Task Page_OfNobody_SaysSo(string id)
    {
        await AShop.LayAsync(Context.Services);
        var page = Context.Render<CustomerPage>(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains("nobody has this id, or the customer was erased", page.Find("#no-customer").TextContent, StringComparison.Ordinal));
    }
}
