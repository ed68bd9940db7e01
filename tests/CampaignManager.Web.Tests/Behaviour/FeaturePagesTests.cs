using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Web.Behaviour;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Behaviour;

/// <summary>The pages of features over the real services, in a shop with orders.</summary>
public sealed class FeaturePagesTests : PageOverServices
{
    private static readonly DateTime Moment = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    public FeaturePagesTests()
    {
        Person.SetAuthorized("Ada").SetRoles(Roles.Admin);
    }

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public void Features_BeforeTheFirstRun_SaysWhenTheyCome() =>
        Assert.Contains("No features yet", Context.Render<FeaturesPage>().WaitForElement(".panel").TextContent, StringComparison.Ordinal);

    [Fact]
    public async Task Features_OrdersOnly_SaysWhatNobodyCounts()
    {
        await DescribeAsync();
        var page = Context.Render<FeaturesPage>();
        page.WaitForElement("#features");
        string Row(string column) => page.FindAll("#features tbody tr")
            .Single(r => r.QuerySelector("a")!.GetAttribute("href") == "/data/features/" + column).TextContent;

        Assert.Contains("No source counts views through all of the last 30 days", Row("x_views_30"), StringComparison.Ordinal);
        Assert.Contains("100%", Row("x_views_30"), StringComparison.Ordinal);
        Assert.Matches("50%\\s*Those who have fewer than two orders", Row("x_basket_sd"));
        Assert.Contains("Share of interest that goes to Shoes", Row("x_affinity_shoes"), StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("#features .mini-histogram rect"));
        Assert.Contains("No model is in use yet", page.Find("#features-as-of").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feature_OfItsColumn_SaysWhatItMeansAndHowItIsSpread()
    {
        await DescribeAsync();
        var page = Context.Render<FeaturePage>(p => p.Add(f => f.Column, "c_favourite"));

        page.WaitForElement("#feature");
        Assert.Contains("Category with the most interest", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["Kitchen", "Shoes"], page.FindAll("tbody .cell-main").Select(c => c.TextContent));
        Assert.Contains("No such feature", Context.Render<FeaturePage>(p => p.Add(f => f.Column, "x_gone")).WaitForElement(".panel").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_OneFeature_ShowsTheOrdersBehindIt()
    {
        await DescribeAsync();
        Context.Services.GetRequiredService<NavigationManager>().NavigateTo("/data/features/row?customer=A&feature=x_orders_90");
        var page = Context.Render<FeatureRowPage>();

        page.WaitForElement("#row-values");
        Assert.Equal("1", page.Find("#row-values .chosen .num").TextContent);
        var behind = Assert.Single(page.FindAll("#row-behind tbody tr")).TextContent;
        Assert.Contains("Order O2", behind, StringComparison.Ordinal);
        Assert.Contains("¥200", behind, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_WhoSeesNoCustomers_IsNotShownOne()
    {
        await DescribeAsync();
        Person.SetRoles(Roles.Marketer);
        Context.Services.GetRequiredService<NavigationManager>().NavigateTo("/data/features/row?customer=A");

        var page = Context.Render<FeatureRowPage>();

        page.WaitForAssertion(() => Assert.Contains("empty-state", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("#row-values, #row-customer"));
    }

    private async Task DescribeAsync()
    {
        var lake = Context.Services.GetRequiredService<DataLake>();
        Put(lake, LakeTable.Products, "('S1', 'Boots', '靴', 'shoes', 'B', 20000, 12000), ('S2', 'Pan', '锅', 'kitchen', 'B', 5000, 3000)");
        Put(lake, LakeTable.Customers, "('A', TIMESTAMP '2025-01-01', 'east', 'app', 'ios'), ('B', TIMESTAMP '2026-05-20', 'south', 'web', 'desktop')");
        Put(lake, LakeTable.Orders, """
            ('O1', 'A', TIMESTAMP '2025-04-27', 'app', 10000, 0, 0, 10000, NULL, 0), ('O2', 'A', TIMESTAMP '2026-05-12', 'app', 20000, 0, 0, 20000, NULL, 0),
            ('O3', 'B', TIMESTAMP '2026-05-27', 'web', 5000, 0, 0, 5000, NULL, 0)
            """);
        Put(lake, LakeTable.Events, """
            ('1', 'A', 'purchase', 'S1', 1, 10000, 'O1', NULL, NULL, TIMESTAMP '2025-04-27'), ('2', 'A', 'purchase', 'S1', 1, 20000, 'O2', NULL, NULL, TIMESTAMP '2026-05-12'),
            ('3', 'B', 'purchase', 'S2', 1, 5000, 'O3', NULL, NULL, TIMESTAMP '2026-05-27')
            """);
        await Context.Services.GetRequiredService<FeatureService>().ComputeAsync(Moment, FeatureScope.Current, null, Cancel);

        // A lake of before has no imports, and so nothing that nobody counts: here it is as if nobody had counted views.
        var summary = Context.Services.GetRequiredService<FeatureSummaries>().Read()!;
        var uncounted = summary with
        {
            Features = [.. summary.Features.Select(f => f.Column == "x_views_30" ? f with { Missing = 2, Uncovered = FeatureBasis.Views, Counts = [] } : f)],
        };
        await lake.WriteTextAsync(FigureJson.Write(uncounted), FeatureSummary.File, Cancel);
    }

    private static void Put(DataLake lake, LakeTable table, string values)
    {
        using var connection = lake.Open();
        using var batch = lake.Begin("test");
        batch.Add(connection, table, $"SELECT * FROM (VALUES {values}) AS t({table.ColumnList})", Path.GetRandomFileName());
        batch.Commit();
    }
}
