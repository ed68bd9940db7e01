using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>The whole way over HTTP: start a run, watch it, read the model, take it back.</summary>
public sealed class UpliftApiTests(WebApp app) : IClassFixture<WebApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var client = app.CreateClient();
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("uplift", scopes), Actor.System, Token);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        return client;
    }

    /// <summary>600 customers; the offer helps those with x_a = 1 and nobody else.</summary>
    private async Task<Guid> ExperimentAsync(bool randomised = true)
    {
        var lake = app.Services.GetRequiredService<DataLake>();
        var id = Guid.NewGuid();
        using var connection = lake.Open(threads: 1);
        lake.WriteFile(connection, """
            SELECT i AS "row", 'C-' || i AS customer_id, 'e' AS campaign_id, (hash(i) % 2)::INTEGER AS arm, 0.5::DOUBLE AS propensity, NULL::VARCHAR AS split,
                   ((hash(i * 31) % 100) < 20 + CASE WHEN hash(i) % 2 = 1 AND hash(i * 7) % 2 = 1 THEN 40 ELSE 0 END)::INT::DOUBLE AS y_visit,
                   (hash(i * 7) % 2)::DOUBLE AS x_a, (hash(i * 13) % 90)::DOUBLE AS x_b
            FROM range(600) r(i)
            """, Path.Combine(UpliftTableManifest.ExperimentFolder(id), UpliftTableManifest.TableFile), Token);
        var manifest = new UpliftTableManifest("Letters", ["none", "letter"], [new UpliftOutcome("visit", UpliftOutcome.Binary)], Randomised: randomised);
        await lake.WriteTextAsync(manifest.ToJson(), Path.Combine(UpliftTableManifest.ExperimentFolder(id), UpliftTableManifest.ManifestFile), Token);
        return id;
    }

    private static async Task<JsonElement> WaitAsync(HttpClient client, string address)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 600 && await timer.WaitForNextTickAsync(Token); i++)
        {
            var run = await client.GetFromJsonAsync<JsonElement>(address, Token);
            if (run.GetProperty("state").GetString() is "succeeded" or "failed" or "cancelled")
                return run;
        }

        throw new TimeoutException("The run did not end in two minutes.");
    }

    [Fact]
    public async Task TrainingRun_Experiment_EndsInAModelWithScores()
    {
        var client = await ClientAsync(Scopes.Models, Scopes.Customers);
        var experiment = await ExperimentAsync();

        var started = await client.PostAsJsonAsync("/api/v1/training-runs", new { kind = "uplift", experimentId = experiment, outcome = "visit", learner = "t", seed = 3 }, Token);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var run = await WaitAsync(client, started.Headers.Location!.ToString());

        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        var qini = run.GetProperty("metrics").GetProperty("qini");
        Assert.True(qini.GetProperty("low").GetDouble() <= qini.GetProperty("value").GetDouble());
        var model = run.GetProperty("modelId").GetGuid();
        var detail = await client.GetFromJsonAsync<JsonElement>($"/api/v1/models/{model}", Token);
        Assert.True(detail.GetProperty("row").GetProperty("inUse").GetBoolean());
        Assert.Equal(600, detail.GetProperty("manifest").GetProperty("rows").GetInt32());

        var csv = (await client.GetStringAsync($"/api/v1/models/{model}/scores.csv", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("row,customerId,split,control,treated,uplift", csv[0]);
        Assert.Equal(Enumerable.Range(0, 600).Select(i => i.ToString(CultureInfo.InvariantCulture)), csv[1..].Select(line => line.Split(',')[0]));

        var segments = await client.GetFromJsonAsync<JsonElement>($"/api/v1/models/{model}/segments", Token);
        var helped = segments.EnumerateArray().Single(s => s.GetProperty("segment").GetString() == "a = 1");
        Assert.InRange(helped.GetProperty("uplift").GetDouble(), 0.2, 0.6);

        var answer = await client.PostAsJsonAsync("/api/v1/score", new { modelId = model, customers = new[] { new { id = "helped", features = new { x_a = 1, x_b = 10 } }, new { id = "not", features = new { x_a = 0, x_b = 10 } } } }, Token);
        var scores = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).EnumerateArray().ToList();
        Assert.Equal(["helped", "not"], scores.Select(s => s.GetProperty("id").GetString()));
        Assert.True(scores[0].GetProperty("uplift").GetDouble() > scores[1].GetProperty("uplift").GetDouble() + 0.1);
        Assert.Equal(["id", "control", "treated", "uplift"], scores[0].EnumerateObject().Select(p => p.Name));
        var refused = await Problem.OfAsync(await client.PostAsJsonAsync("/api/v1/score", new { modelId = model, customers = new[] { new { id = "c", features = new { x_a = "one" } } } }, Token));
        Assert.Equal((400, "A number is wanted here."), (refused.Status, refused.Errors!["customers[0].features.x_a"][0]));

        var back = await client.PostAsync($"/api/v1/models/{model}/rollback", null, Token);
        Assert.Equal("no-earlier-model", (await Problem.OfAsync(back)).Code);
    }

    [Fact]
    public async Task TrainingRun_NotRandomised_IsMarkedEverywhere()
    {
        var client = await ClientAsync(Scopes.Models, Scopes.Customers);
        var started = await client.PostAsJsonAsync("/api/v1/training-runs", new { experimentId = await ExperimentAsync(randomised: false), outcome = "visit", learner = "t" }, Token);
        var run = await WaitAsync(client, started.Headers.Location!.ToString());

        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        Assert.True(run.GetProperty("metrics").GetProperty("observational").GetBoolean());
        var model = run.GetProperty("modelId").GetGuid();
        var detail = await client.GetFromJsonAsync<JsonElement>($"/api/v1/models/{model}", Token);
        Assert.True(detail.GetProperty("row").GetProperty("observational").GetBoolean());
        var manifest = detail.GetProperty("manifest");
        Assert.Equal((false, true), (manifest.GetProperty("randomised").GetBoolean(), manifest.GetProperty("observational").GetBoolean()));
        var overlap = Assert.Single(manifest.GetProperty("overlap").EnumerateArray());
        Assert.Equal(600, overlap.GetProperty("rows").GetInt32());
        Assert.InRange(overlap.GetProperty("smallest").GetDouble(), 0.02, overlap.GetProperty("largest").GetDouble());
        var listed = (await client.GetFromJsonAsync<JsonElement>("/api/v1/models?pageSize=100", Token)).GetProperty("items").EnumerateArray().Single(m => m.GetProperty("id").GetGuid() == model);
        Assert.True(listed.GetProperty("observational").GetBoolean());
        var segments = await client.GetFromJsonAsync<JsonElement>($"/api/v1/models/{model}/segments", Token);
        Assert.All(segments.EnumerateArray(), s => Assert.True(s.GetProperty("observational").GetBoolean()));
        var scored = await client.PostAsJsonAsync("/api/v1/score", new { modelId = model, customers = new[] { new { id = "c", features = new { x_a = 1 } } } }, Token);
        Assert.True((await scored.Content.ReadFromJsonAsync<JsonElement>(Token))[0].GetProperty("observational").GetBoolean());
    }

    [Fact]
    public async Task TrainingRun_Response_HasItsFiguresAndIsNotPutIntoUse()
    {
        var client = await ClientAsync(Scopes.Models, Scopes.Customers);
        var started = await client.PostAsJsonAsync("/api/v1/training-runs", new { experimentId = await ExperimentAsync(), outcome = "visit", learner = "response" }, Token);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var run = await WaitAsync(client, started.Headers.Location!.ToString());
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        var model = run.GetProperty("modelId").GetGuid();
        var detail = await client.GetFromJsonAsync<JsonElement>($"/api/v1/models/{model}", Token);
        Assert.False(detail.GetProperty("row").GetProperty("inUse").GetBoolean());
        var evaluation = detail.GetProperty("manifest").GetProperty("evaluation")[0];
        Assert.InRange(evaluation.GetProperty("response").GetProperty("metrics").GetProperty("mae").GetDouble(), 0.05, 0.5);
        Assert.Equal(["model", "random", "response", "rule", "uniform"], evaluation.GetProperty("rivals").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        var csv = (await client.GetStringAsync($"/api/v1/models/{model}/scores.csv", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(csv[1..], line => Assert.Equal(0, double.Parse(line.Split(',')[5], CultureInfo.InvariantCulture)));
        Assert.Equal("model-without-effect", (await Problem.OfAsync(await client.PostAsync($"/api/v1/models/{model}/promote", null, Token))).Code);
    }

    [Fact]
    public async Task TrainingRun_WrongFields_NamesThem()
    {
        var client = await ClientAsync(Scopes.Models, Scopes.Customers);
        var answer = await client.PostAsJsonAsync("/api/v1/training-runs", new { outcome = "nonsense", learner = "oracle" }, Token);
        var problem = await Problem.OfAsync(answer);
        Assert.Equal(400, problem.Status);
        Assert.Equal(["learner", "outcome"], problem.Errors!.Keys.Order());
    }

    [Theory]
    [InlineData("s", "oak", null, "base")]
    [InlineData("s", "lightgbm", null, "base")]
    [InlineData("auto", null, 0, "timeBudgetSeconds")]
    public async Task TrainingRun_WhatNoLearnerCanDo_IsRefused(string learner, string? basis, int? budget, string field)
    {
        var client = await ClientAsync(Scopes.Models, Scopes.Customers);
        var answer = await client.PostAsJsonAsync("/api/v1/training-runs", new Dictionary<string, object?> { ["learner"] = learner, ["base"] = basis, ["timeBudgetSeconds"] = budget }, Token);
        var problem = await Problem.OfAsync(answer);
        Assert.Equal(400, problem.Status);
        Assert.Contains(field, problem.Errors!.Keys);
    }

    [Theory]
    [InlineData("""{ "customers": [{ "id": "1", "features": [] }] }""", "customers[0].features")]
    [InlineData("""{ "customers": "all" }""", "customers")]
    [InlineData("""{ "modelId": "mine", "customers": [] }""", "modelId")]
    [InlineData("""{ "customers": [{ "id": 7 }] }""", "customers[0].id")]
    public async Task Score_NotWhatIsWanted_NamesTheField(string body, string path)
    {
        var client = await ClientAsync(Scopes.Models, Scopes.Customers);
        var problem = await Problem.OfAsync(await client.PostAsync("/api/v1/score", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Token));
        Assert.Equal((400, path), (problem.Status, Assert.Single(problem.Errors!).Key));
    }

    [Fact]
    public async Task Score_NoModelInUse_Is404()
    {
        var client = await ClientAsync(Scopes.Models, Scopes.Customers);
        var problem = await Problem.OfAsync(await client.PostAsJsonAsync("/api/v1/score", new { customers = new[] { new { id = "1" } } }, Token));
        Assert.Equal((404, "no-effect-model"), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task Models_KeyWithoutTheScope_IsRefused()
    {
        var client = await ClientAsync(Scopes.Offers);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/models", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsJsonAsync("/api/v1/training-runs", new { }, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CreateClient().GetAsync("/api/v1/models", Token)).StatusCode);
    }

    [Fact]
    public async Task Model_Unknown_Is404()
    {
        var client = await ClientAsync(Scopes.Models, Scopes.Customers);
        foreach (var path in new[] { "", "/scores.csv", "/segments" })
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/models/{Guid.NewGuid()}{path}", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/training-runs/{Guid.NewGuid()}", Token)).StatusCode);
    }
}
