using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Engine.Statistics;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Offers;
using CampaignManager.Web.Uplift;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>A file of 3,000 customers, posted, trained on with the automatic choice, and read on the model's page.</summary>
public sealed class SmallExperimentTests : IAsyncLifetime
{
    private const int Rows = 3000;

    private readonly OfferShop app = new();
    private HttpClient client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => client = await app.KeyAsync(Scopes.Data, Scopes.Models);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task OneStrongSegment_IsFoundAndTargeted()
    {
        var model = await TrainedAsync(members: 0.3, others: 0);
        await using var circuit = new ACircuit(app, Actor.Of("ada", "Ada", Roles.Admin));
        var page = circuit.Render<ModelPage>(p => p.Add(m => m.Id, model));
        page.WaitForElement("#drift");
        Assert.Contains("Customers differ in how they respond", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["member = 0", "member = 1"], page.FindAll(".plain-list strong").Select(s => s.TextContent).Order(StringComparer.Ordinal));
        // Two in five are members; who stops there gains what treating everybody gains, and the best depth on so few rows is not much further.
        Assert.Matches(@"Treat the best [3-6]\d\s?%", page.Markup);
        Assert.Contains("What moves the predicted uplift", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("(0 pp)", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameEffectForEverybody_NothingIsClaimed()
    {
        var model = await TrainedAsync(members: 0.08, others: 0.08);
        await using var circuit = new ACircuit(app, Actor.Of("ada", "Ada", Roles.Admin));
        var page = circuit.Render<ModelPage>(p => p.Add(m => m.Id, model));
        page.WaitForElement("#drift");
        Assert.Contains("No detectable difference between customers", page.Markup, StringComparison.Ordinal);
        Assert.Contains("No group of customers was found", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("What moves the predicted uplift", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("(0 pp)", page.Markup, StringComparison.Ordinal);
    }

    private async Task<Guid> TrainedAsync(double members, double others)
    {
        const string Mapping = """
            {"name": "Letters", "customerId": "id", "treatment": {"column": "arm", "control": "none", "arms": ["letter"]}, "outcomes": [{"column": "visit", "kind": "binary"}], "features": "rest"}
            """;
        var form = new MultipartFormDataContent
        {
            { new StringContent("experiment"), "kind" },
            { new StringContent(Mapping), "mapping" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(Csv(members, others))), "file", "letters.csv" },
        };
        var posted = await client.PostAsync("/api/v1/imports", form, Token);
        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        var import = await EndedAsync(posted);
        Assert.Equal(("succeeded", Rows), (import.GetProperty("state").GetString(), import.GetProperty("kept").GetInt32()));
        var run = await EndedAsync(await client.PostAsJsonAsync("/api/v1/training-runs", new { experimentId = import.GetProperty("experimentId").GetGuid(), outcome = "visit", learner = "auto", timeBudgetSeconds = 1 }, Token));
        Assert.True(run.GetProperty("state").GetString() == "succeeded", run.ToString());
        return run.GetProperty("modelId").GetGuid();
    }

    private async Task<JsonElement> EndedAsync(HttpResponseMessage started)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 1500 && await timer.WaitForNextTickAsync(Token); i++)
        {
            var run = await client.GetFromJsonAsync<JsonElement>(started.Headers.Location!.ToString(), Token);
            if (run.GetProperty("state").GetString() is "succeeded" or "failed" or "cancelled")
                return run;
        }

        throw new TimeoutException("It did not end in five minutes.");
    }

    /// <summary>Two in five are members. Age and channel move who visits, and nobody's effect.</summary>
    private static string Csv(double members, double others)
    {
        var random = new SeededRandom(7);
        var text = new StringBuilder("id,arm,visit,member,age,channel\n");
        for (var i = 0; i < Rows; i++)
        {
            var (member, treated, age, app) = (random.NextDouble() < 0.4, random.NextDouble() < 0.5, 18 + random.NextInt(60), random.NextInt(3) == 0);
            var visit = random.NextDouble() < 0.15 + (age < 30 ? 0.1 : 0) + (app ? 0.05 : 0) + (treated ? member ? members : others : 0);
            text.Append(CultureInfo.InvariantCulture, $"C-{i},{(treated ? "letter" : "none")},{(visit ? 1 : 0)},{(member ? 1 : 0)},{age},{(app ? "app" : "web")}\n");
        }

        return text.ToString();
    }
}
