using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Customers;
using CampaignManager.Engine.Experiments;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Tests.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Customers;

/// <summary>Customers over HTTP: only with the scope, lists only with a trace.</summary>
public sealed class CustomersApiTests : IAsyncLifetime
{
    private readonly OfferShop app = new();
    private HttpClient key = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        key = await app.KeyAsync(Scopes.Customers);
        await AShop.LayAsync(app.Services);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task List_FilteredSortedAndPaged_IsWrittenIntoTheAuditLog()
    {
        Assert.Equal(["C-00", "C-01", "C-02", "C-03", "C-04", "C-05"], Ids(await GetAsync("/customers")));
        var page = await GetAsync("/customers?segment=loyal&channel=app&sort=-spent&page=2&pageSize=2&reason=mailing");
        Assert.Equal(3, (int)page["total"]!);
        Assert.Equal(["C-01"], Ids(page));
        Assert.Equal((30.0, 1.0, "loyal"), ((double)page["items"]![0]!["spent"]!, (double)page["items"]![0]!["orders"]!, (string?)page["items"]![0]!["lifecycle"]));
        Assert.Equal(["C-03"], Ids(await GetAsync("/customers?q=C-03")));
        Assert.Equal(["C-00", "C-01", "C-02"], Ids(await GetAsync("/customers?lastOrder=within30")));
        Assert.Empty(Ids(await GetAsync("/customers?segment=loyal'%20OR%201=1&region=nowhere")));

        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        var rows = await context.AuditEntries.Where(e => e.Action == AuditAction.CustomersListed).OrderBy(e => e.Id).ToListAsync(Cancel);
        Assert.Equal(("all", null), (rows[0].Subject, rows[0].Reason));
        Assert.Equal(("segment=loyal channel=app", "mailing"), (rows[1].Subject, rows[1].Reason));
        Assert.Equal(5, rows.Count);
    }

    [Fact]
    public async Task List_ByAPerson_LeavesOnlyWithAReason()
    {
        var admin = await Visitor.SignedInAsync(app, "admin@demo");
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync("/api/v1/customers")).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/v1/customers?reason=audit")).Status);
        var marketer = await Visitor.SignedInAsync(app, "marketer@demo");
        foreach (var path in (string[])["/customers?reason=x", "/customers/C-01", "/customers/C-01/timeline"])
            Assert.Equal(HttpStatusCode.Forbidden, (await marketer.GetAsync("/api/v1" + path)).Status);
    }

    [Fact]
    public async Task Profile_AndTimeline_TellWhatIsKnownAndNothingOfAStranger()
    {
        var profile = await GetAsync("/customers/C-01");
        Assert.Equal(("C-01", "west", "app"), ((string?)profile["id"], (string?)profile["region"], (string?)profile["channel"]));
        Assert.Equal(["loyal", "favourite:tea"], profile["segments"]!.AsArray().Select(s => (string?)s));
        var entry = Assert.Single((await GetAsync("/customers/C-01/timeline?kind=order&kind=event"))["items"]!.AsArray())!;
        Assert.Equal(("order", "O-01", 12.5m, "CNY", "S1"), ((string?)entry["kind"], (string?)entry["orderId"], (decimal)entry["amount"]!, (string?)entry["currency"], (string?)entry["lines"]![0]!["sku"]));

        await OfferShop.RefusedAsync(await key.GetAsync("/api/v1/customers/nobody'%20OR%201=1", Cancel), HttpStatusCode.NotFound, "customer-unknown");
        await OfferShop.RefusedAsync(await key.GetAsync("/api/v1/customers/nobody/timeline", Cancel), HttpStatusCode.NotFound, "customer-unknown");
        await OfferShop.RefusedAsync(await key.GetAsync("/api/v1/customers/C-01/timeline?kind=thoughts", Cancel), HttpStatusCode.BadRequest, "invalid");
        await OfferShop.RefusedAsync(await key.GetAsync("/api/v1/customers?lastOrder=yesterday", Cancel), HttpStatusCode.BadRequest, "invalid");
        await OfferShop.RefusedAsync(await key.GetAsync("/api/v1/customers?page=600", Cancel), HttpStatusCode.BadRequest, "invalid");
        using var checkout = await app.KeyAsync(Scopes.Offers);
        Assert.Equal(HttpStatusCode.Forbidden, (await checkout.GetAsync("/api/v1/customers/C-01", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Csv_OfAFilter_LeavesWithItsReasonWrittenDown()
    {
        var csv = await key.GetStringAsync("/api/v1/customers.csv?segment=loyal&lastOrder=within30&reason=spring", Cancel);
        Assert.Equal("customerId,lifecycle,favourite,memberTier,daysSinceOrder,orders,spent,region,channel\nC-01,loyal,tea,,15,1,30,west,app\n", csv);
        await OfferShop.RefusedAsync(await key.GetAsync("/api/v1/customers.csv?lastOrder=soon", Cancel), HttpStatusCode.BadRequest, "invalid");
        var admin = await Visitor.SignedInAsync(app, "admin@demo");
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync("/api/v1/customers.csv")).Status);
        // A line break of whoever asks makes no second line in the log.
        await key.GetStringAsync($"/api/v1/customers.csv?region=a%0Ab{new string('x', 400)}", Cancel);

        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        var rows = await context.AuditEntries.Where(e => e.Action == AuditAction.CustomersListed).OrderBy(e => e.Id).ToListAsync(Cancel);
        Assert.Equal(2, rows.Count);
        Assert.Equal(("segment=loyal lastOrder=within30", "spring"), (rows[0].Subject, rows[0].Reason));
        Assert.Equal((300, "region=a bxxx"), (rows[1].Subject.Length, rows[1].Subject[..13]));
    }

    [Fact]
    public async Task Standings_OfALiveExperiment_SayTheSameToBothArms()
    {
        var fits = await app.LiveAsync(Campaign("For the loyal", """{ "anyOf": ["loyal"] }""", """{ "holdoutPercent": 50, "attributionDays": 14 }"""));
        var other = await app.LiveAsync(Campaign("For the lapsed", """{ "anyOf": ["lapsed"] }""", """{ "holdoutPercent": 0, "attributionDays": 14 }"""));
        var (standings, profiles) = (app.Services.GetRequiredService<CustomerStandings>(), app.Services.GetRequiredService<CustomerProfiles>());
        using var explained = await app.KeyAsync(Scopes.Offers, Scopes.OffersExplain);
        await SaltAsync(Guid.Parse(fits));
        HashSet<string> arms = [], said = [];
        foreach (var id in (string[])["C-01", "C-03", "C-05"])
        {
            var profile = (await profiles.FindAsync(id, Actor.System, Cancel)).Value;
            Assert.Equal(30.0 + (10 * (id[^1] - '1')), profile.Features.Single(f => f.Name == "x_monetary").Number);
            var rows = (await standings.ListAsync(profile, Actor.System, CultureInfo.InvariantCulture, Cancel)).Value.ToDictionary(r => r.CampaignId.ToString());
            Assert.Equal((false, "not-in-audience"), (rows[other].Eligible, rows[other].Why));
            said.Add($"{rows[fits].Eligible} {rows[fits].Why} {rows[fits].Message} {rows[fits].Measured}");
            var open = await OfferShop.OkAsync(await explained.GetAsync($"/api/v1/customers/{id}/campaigns", Cancel));
            arms.Add((string)open["items"]!.AsArray().Single(r => (string?)r!["campaignId"] == fits)!["arm"]!);
        }

        Assert.StartsWith("True eligible", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(["control", "treatment"], arms.Order(StringComparer.Ordinal));
    }

    /// <summary>A salt by which C-01 is held out and C-03 is not.</summary>
    private async Task SaltAsync(Guid campaign)
    {
        var salt = Enumerable.Range(0, 1000).Select(i => $"s{i}").First(s => Assignment.IsControl(s, "C-01", 0.5) && !Assignment.IsControl(s, "C-03", 0.5));
        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        var row = await context.Campaigns.SingleAsync(c => c.Id == campaign, Cancel);
        (row.HoldoutSalt, row.UpdatedAt) = (salt, row.UpdatedAt.AddSeconds(1));
        await context.SaveChangesAsync(Cancel);
    }

    private static string Campaign(string name, string audience, string experiment) => $$"""
        { "name": "{{name}}", "currency": "CNY", "offer": { "type": "fullReduction", "tiers": [{ "spend": 200, "off": 30 }] },
          "audience": {{audience}}, "experiment": {{experiment}} }
        """;

    private static string[] Ids(JsonObject list) => [.. list["items"]!.AsArray().Select(c => (string)c!["id"]!)];

    private async Task<JsonObject> GetAsync(string path) => await OfferShop.OkAsync(await key.GetAsync("/api/v1" + path, Cancel));
}
