using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Tests.Campaigns.Predict;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Campaigns.Suggestions;

/// <summary>Predictions and suggestions over HTTP.</summary>
[Collection(TrainedApp.Shared)]
public sealed class SuggestionsApiTests(TrainedApp app)
{
    private static readonly string[] Verbs = ["apply", "undo", "test", "dismiss"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prediction_Draft_HasEverySegmentAndATotalThatAddsUp()
    {
        var client = await ClientAsync(app, Scopes.Campaigns);
        var answer = await GetAsync(client, $"{await app.DraftAsync(TrainedApp.StoreWide)}/prediction");

        Assert.Equal(app.ModelId, (Guid)answer["modelId"]!);
        Assert.False((bool)answer["extrapolated"]!);
        var total = answer["total"]!.AsObject();
        string[] fields =
        [
            "segment", "size", "baselineConversion", "uplift", "upliftLow", "upliftHigh", "incrementalOrders", "incrementalMargin", "discountCost", "toSureBuyersUpTo", "netProfit", "netProfitLow",
            "netProfitHigh", "roi",
        ];
        Assert.All(fields, f => Assert.True(total.ContainsKey(f), f));
        Assert.Equal((int)total["size"]!, answer["segments"]!.AsArray().Where(s => (string)s!["kind"]! == "lifecycle").Sum(s => (int)s!["size"]!));
        Assert.All(answer["segments"]!.AsArray(), s => Assert.True((double)s!["upliftLow"]! <= (double)s["uplift"]! && (double)s["uplift"]! <= (double)s["upliftHigh"]!));
    }

    [Fact]
    public async Task Prediction_OfferOutsideThoseTried_IsMarked()
    {
        var client = await ClientAsync(app, Scopes.Campaigns);
        var far = await app.DraftAsync(TrainedApp.StoreWide with { Offer = new FullReduction { Tiers = [new SpendTier(200, 120)] } });

        Assert.True((bool)(await GetAsync(client, $"{far}/prediction"))["extrapolated"]!);
    }

    [Fact]
    public async Task Prediction_OfAModelTrainedLongAgo_Warns()
    {
        var client = await ClientAsync(app, Scopes.Campaigns);
        var draft = await app.DraftAsync(TrainedApp.StoreWide);
        Assert.DoesNotContain("model-stale", await WarningsAsync());
        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        var trained = await context.ModelVersions.Where(m => m.Id == app.ModelId).Select(m => m.CreatedAt).SingleAsync(Cancel);
        await MoveAsync(trained.AddYears(-1));
        try
        {
            Assert.Contains("model-stale", await WarningsAsync());
        }
        finally
        {
            await MoveAsync(trained);
        }

        async Task<string[]> WarningsAsync() => [.. (await GetAsync(client, $"{draft}/prediction"))["warnings"]!.AsArray().Select(w => (string)w!)];

        Task MoveAsync(DateTime at) => context.ModelVersions.Where(m => m.Id == app.ModelId).ExecuteUpdateAsync(s => s.SetProperty(m => m.CreatedAt, at), CancellationToken.None);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false, "model-drifted")]
    [InlineData(0, true, "model-stale")]
    [InlineData(1, true, "model-drifted", "model-stale")]
    public void Condition_IsNamedForMachines(int drifted, bool stale, params string[] warnings)
    {
        var condition = new ModelCondition(Guid.Empty, drifted, 1, stale);
        Assert.Equal(warnings, condition.Warnings);
        Assert.Equal(warnings.Length == 0, condition.IsSound);
    }

    [Fact]
    public async Task Suggestions_Listed_CarryWhatAPageWouldShow()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var listed = (await GetAsync(await ClientAsync(app, Scopes.Campaigns), $"{campaign}/suggestions")).AsArray();

        var one = Assert.Single(listed)!;
        Assert.Equal(suggestion, (Guid)one["id"]!);
        Assert.Equal(("widenScope", "Widen the scope to Home for New customers", "open"), ((string)one["kind"]!, (string)one["title"]!, (string)one["state"]!));
        Assert.Equal((12_300, 4_100, 20_800, 0.97, 3_214), ((double)one["deltaNetProfit"]!, (double)one["low"]!, (double)one["high"]!, (double)one["probabilityPositive"]!, (int)one["customers"]!));
        Assert.Equal(["shoes"], one["before"]!["scope"]!["include"]!["categories"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(["home", "shoes"], one["after"]!["scope"]!["include"]!["categories"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(["extrapolated"], one["risk"]!.AsArray().Select(r => (string)r!));
    }

    [Fact]
    public async Task ApplyThenUndo_EachMakesAVersion_AndADecisionIsMadeOnce()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var client = await ClientAsync(app, Scopes.Campaigns);

        Assert.Equal(2, await VersionAsync(await PostAsync(client, campaign, suggestion, "apply")));
        Assert.Equal(["home", "shoes"], await CategoriesAsync(client, campaign));
        await RefusedAsync(await PostAsync(client, campaign, suggestion, "apply"), HttpStatusCode.Conflict, "suggestion-decided");
        await RefusedAsync(await PostAsync(client, campaign, suggestion, "test"), HttpStatusCode.Conflict, "suggestion-decided");
        await RefusedAsync(await PostAsync(client, campaign, suggestion, "dismiss", new { reason = "no" }), HttpStatusCode.Conflict, "suggestion-decided");

        Assert.Equal(3, await VersionAsync(await PostAsync(client, campaign, suggestion, "undo")));
        Assert.Equal(["shoes"], await CategoriesAsync(client, campaign));
        await RefusedAsync(await PostAsync(client, campaign, suggestion, "undo"), HttpStatusCode.Conflict, "suggestion-not-applied");
    }

    [Fact]
    public async Task Apply_DraftChangedSince_Is412AndChangesNothing()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var client = await ClientAsync(app, Scopes.Campaigns);
        await EditAsync(client, campaign, version: 1, budget: 700);

        await RefusedAsync(await PostAsync(client, campaign, suggestion, "apply"), HttpStatusCode.PreconditionFailed, "stale");
        Assert.Equal(["shoes"], await CategoriesAsync(client, campaign));
    }

    [Fact]
    public async Task Undo_DraftChangedSince_Is412AndKeepsTheChange()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var client = await ClientAsync(app, Scopes.Campaigns);
        Assert.Equal(2, await VersionAsync(await PostAsync(client, campaign, suggestion, "apply")));
        await EditAsync(client, campaign, version: 2, budget: 700);

        await RefusedAsync(await PostAsync(client, campaign, suggestion, "undo"), HttpStatusCode.PreconditionFailed, "stale");
        Assert.Equal(["home", "shoes"], await CategoriesAsync(client, campaign));
    }

    [Fact]
    public async Task Apply_SubmittedCampaign_Is409()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var client = await ClientAsync(app, Scopes.Campaigns);
        (await client.PostAsync($"/api/v1/campaigns/{campaign}/submit", null, Cancel)).EnsureSuccessStatusCode();

        await RefusedAsync(await PostAsync(client, campaign, suggestion, "apply"), HttpStatusCode.Conflict, "wrong-state");
        Assert.Equal(SuggestionState.Open, (await Suggested.ReadAsync(app, suggestion)).State);
    }

    [Fact]
    public async Task Apply_AnotherMarketersDraft_IsForbidden()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var service = app.Services.GetRequiredService<SuggestionService>();
        var other = await service.ApplyAsync(campaign, suggestion, Actor.Of("moe", "Moe", Roles.Marketer), Cancel);

        Assert.Equal("forbidden", other.Failure?.Code);
        Assert.Equal(SuggestionState.Open, (await Suggested.ReadAsync(app, suggestion)).State);
    }

    [Fact]
    public async Task Dismiss_WithoutReason_Is400_WithOne_Is204()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var client = await ClientAsync(app, Scopes.Campaigns);

        var missing = await PostAsync(client, campaign, suggestion, "dismiss", new { reason = " " });
        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        Assert.Contains("reason", (await Problem.OfAsync(missing)).Errors!.Keys);

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(client, campaign, suggestion, "dismiss", new { reason = "Out of stock" })).StatusCode);
        Assert.Equal((SuggestionState.Dismissed, "Out of stock"), ((await Suggested.ReadAsync(app, suggestion)).State, (await Suggested.ReadAsync(app, suggestion)).DismissReason));
        await RefusedAsync(await PostAsync(client, campaign, suggestion, "apply"), HttpStatusCode.Conflict, "suggestion-decided");
    }

    [Fact]
    public async Task Test_MakesADraftThatHoldsNineOfTenBack()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var client = await ClientAsync(app, Scopes.Campaigns);

        var response = await PostAsync(client, campaign, suggestion, "test");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var made = (Guid)(await JsonAsync(response))["campaignId"]!;
        Assert.Equal($"/api/v1/campaigns/{made}", response.Headers.Location!.ToString());
        var draft = await GetAsync(client, made.ToString());
        Assert.Equal(("draft", 90m), ((string)draft["status"]!, (decimal)draft["experiment"]!["holdoutPercent"]!));
        Assert.Equal(["home", "shoes"], await CategoriesAsync(client, made));
        Assert.Equal(["shoes"], await CategoriesAsync(client, campaign));
    }

    [Fact]
    public async Task Routes_UnknownIds_Are404()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var other = await app.DraftAsync(Suggested.Shoes);
        var client = await ClientAsync(app, Scopes.Campaigns);
        var nobody = Guid.NewGuid();
        foreach (var what in (string[])["prediction", "suggestions"])
            await RefusedAsync(await client.GetAsync($"/api/v1/campaigns/{nobody}/{what}", Cancel), HttpStatusCode.NotFound, "not-found");
        foreach (var verb in Verbs)
        {
            await RefusedAsync(await PostAsync(client, campaign, nobody, verb, new { reason = "x" }), HttpStatusCode.NotFound, "not-found");
            // A suggestion is its campaign's own.
            await RefusedAsync(await PostAsync(client, other, suggestion, verb, new { reason = "x" }), HttpStatusCode.NotFound, "not-found");
        }

        Assert.Equal(SuggestionState.Open, (await Suggested.ReadAsync(app, suggestion)).State);
    }

    [Fact]
    public async Task Routes_KeyWithoutTheScope_Are403()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        var client = await ClientAsync(app, Scopes.Data, Scopes.Models);
        foreach (var what in (string[])["prediction", "suggestions"])
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/api/v1/campaigns/{campaign}/{what}", Cancel)).StatusCode);
        foreach (var verb in Verbs)
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(client, campaign, suggestion, verb, new { reason = "x" })).StatusCode);
        Assert.Equal(SuggestionState.Open, (await Suggested.ReadAsync(app, suggestion)).State);
    }

    [Fact]
    public async Task Routes_NoEffectModelYet_Are404()
    {
        await using var bare = new WebApp();
        var client = await ClientAsync(bare, Scopes.Campaigns);
        var made = await JsonAsync(await client.PostAsJsonAsync("/api/v1/campaigns", new { name = "Least", offer = new { type = "freeShipping" } }, Cancel));
        foreach (var what in (string[])["prediction", "suggestions"])
            await RefusedAsync(await client.GetAsync($"/api/v1/campaigns/{made["id"]}/{what}", Cancel), HttpStatusCode.NotFound, "no-effect-model");
    }

    private static async Task<HttpClient> ClientAsync(WebApp app, params string[] scopes)
    {
        var client = app.CreateClient();
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("planner", scopes), Actor.System, Cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        return client;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, Guid campaign, Guid suggestion, string verb, object? body = null) =>
        client.PostAsync($"/api/v1/campaigns/{campaign}/suggestions/{suggestion}/{verb}", body is null ? null : JsonContent.Create(body), Cancel);

    private static async Task EditAsync(HttpClient client, Guid campaign, int version, int budget)
    {
        var body = await GetAsync(client, campaign.ToString());
        body["limits"]!["budget"] = budget;
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/campaigns/{campaign}") { Content = JsonContent.Create(body) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        (await client.SendAsync(request, Cancel)).EnsureSuccessStatusCode();
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path) => await JsonAsync(await client.GetAsync($"/api/v1/campaigns/{path}", Cancel));

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancel)}");
        return (await response.Content.ReadFromJsonAsync<JsonNode>(Cancel))!;
    }

    private static async Task<int> VersionAsync(HttpResponseMessage response) => (int)(await JsonAsync(response))["version"]!;

    private static async Task<IEnumerable<string>> CategoriesAsync(HttpClient client, Guid campaign) =>
        (await GetAsync(client, campaign.ToString()))["scope"]!["include"]!["categories"]!.AsArray().Select(c => (string)c!);

    private static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (await Problem.OfAsync(response)).Code);
    }
}
