using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Data;

/// <summary>Files over HTTP: posted, watched, told why not.</summary>
public sealed class ImportsApiTests(WebApp app) : IClassFixture<WebApp>
{
    private const string Table = "id,arm,visit,spend,age\nA,no,0,0,30\nB,mail,1,12.5,41\nC,mail,2,1,40\nD,no,1,3,22\nE,other,0,0,22\n";

    private const string Mapping = """
        {"name": "t", "customerId": "id", "treatment": {"column": "arm", "control": "no", "arms": ["mail"]},
         "outcomes": [{"column": "visit", "kind": "binary"}, {"column": "spend", "kind": "money", "currency": "USD"}], "features": "rest"}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_GoodFile_EndsInAnExperimentWithItsReport()
    {
        var client = await ClientAsync(Scopes.Data);

        var posted = await PostAsync(client, Form(Table, "experiment", Mapping));

        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        var id = (await posted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/imports/{id}", posted.Headers.Location!.ToString());
        var import = await WaitAsync(client, id);
        Assert.Equal("succeeded", import.GetProperty("state").GetString());
        Assert.Equal((5, 3, 0, 1, 1), (Int(import, "read"), Int(import, "kept"), Int(import, "repaired"), Int(import, "skipped"), Int(import, "rejected")));
        Assert.Equal(1, Int(import.GetProperty("reasons"), "not-yes-no"));
        Assert.Equal(1.0, import.GetProperty("progress").GetDouble());
        Assert.NotEqual(Guid.Empty, import.GetProperty("experimentId").GetGuid());
        var rejects = await client.GetAsync($"/api/v1/imports/{id}/rejects.csv", Token);
        Assert.Equal("text/csv", rejects.Content.Headers.ContentType!.MediaType);
        Assert.Equal("row,reason,detail,line\r\n2,not-yes-no,visit: 2,\"C,mail,2,1,40\"\r\n", (await rejects.Content.ReadAsStringAsync(Token)).TrimStart('\uFEFF'));
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/imports?pageSize=100", Token);
        Assert.Contains(list.GetProperty("items").EnumerateArray(), i => i.GetProperty("id").GetGuid() == id);
        // Over, so there is nothing to cancel.
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/api/v1/imports/{id}/cancel", null, Token)).StatusCode);
    }

    [Fact]
    public async Task Post_NotRandomised_IsKeptInTheManifest()
    {
        var client = await ClientAsync(Scopes.Data);
        var posted = await PostAsync(client, Form(Table, "experiment", Mapping.Replace("\"features\": \"rest\"", "\"features\": \"rest\", \"randomised\": false", StringComparison.Ordinal)));
        var import = await WaitAsync(client, (await posted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetGuid());
        Assert.Equal("succeeded", import.GetProperty("state").GetString());
        var experiments = app.Services.GetRequiredService<CampaignManager.Application.TrainingData.DataSets.DataSetService>();
        Assert.False((await experiments.ManifestAsync(import.GetProperty("experimentId").GetGuid(), Token))!.Randomised);
    }

    [Fact]
    public async Task Post_FileBeforeItsFields_IsTheSame()
    {
        var client = await ClientAsync(Scopes.Data);
        var form = new MultipartFormDataContent { { File(Table), "file", "t.csv" }, { new StringContent(Mapping), "mapping" }, { new StringContent("experiment"), "kind" } };

        var posted = await PostAsync(client, form);

        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        var import = await WaitAsync(client, (await posted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetGuid());
        Assert.Equal(3, Int(import, "kept"));
    }

    [Fact]
    public async Task Post_WithoutMapping_GuessesByTheHeaders()
    {
        var client = await ClientAsync(Scopes.Data);
        var posted = await PostAsync(client, Form("treatment,visit,age\ncontrol,0,3\nmail,1,4\ncontrol,1,5\nmail,0,6\n", "experiment", null));

        var import = await WaitAsync(client, (await posted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetGuid());

        Assert.Equal(("succeeded", 4), (import.GetProperty("state").GetString(), Int(import, "kept")));
    }

    [Theory]
    [InlineData("recipes", Mapping, "kind", "Supported: experiment")]
    [InlineData("", Mapping, "kind", "experiment")]
    [InlineData("experiment", "{", "mapping", "JSON")]
    [InlineData("experiment", """{"treatment": {"column": "arm", "control": "no"}}""", "mapping.outcomes", "outcome")]
    [InlineData("experiment", """{"treatment": {"column": "group", "control": "no"}, "outcomes": [{"column": "visit", "kind": "binary"}]}""", "mapping.treatment.column", "no column 'group'")]
    [InlineData("experiment", """{"treatment": {"column": "arm", "control": "no"}, "outcomes": [{"column": "visit", "kind": "binary"}], "randomised": false, "propensity": 0.5}""", "mapping.propensity", "estimated in training")]
    public async Task Post_WrongFields_Answers400WithPathAndKeepsNothing(string kind, string mapping, string path, string words)
    {
        var client = await ClientAsync(Scopes.Data);
        var before = Files();

        var posted = await PostAsync(client, Form(Table, kind, mapping));

        var problem = await Problem.OfAsync(posted);
        Assert.Equal(400, problem.Status);
        Assert.Contains(words, problem.Errors![path][0]);
        // Not "the same files": the job of an earlier import may just be done with its own.
        Assert.Empty(Files().Where(f => !f.EndsWith(".csv", StringComparison.Ordinal)).Except(before));
    }

    public static TheoryData<string, string, string> UnwantedParts => new()
    {
        { "note", "hello", "$" },
        { "kind", "experiment", "kind" },
        { "mapping", "{}", "mapping" },
        { "", "x", "$" },
    };

    [Theory]
    [MemberData(nameof(UnwantedParts))]
    public async Task Post_PartThatIsNotWanted_IsRefusedAndKeepsNothing(string name, string value, string path)
    {
        var client = await ClientAsync(Scopes.Data);
        var before = Files();
        var form = Form(Table, "experiment", Mapping);
        form.Add(new StringContent(
            value)
        { Headers = { ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"" } } });
        var problem = await Problem.OfAsync(await PostAsync(client, form));
        Assert.Equal((400, path), (problem.Status, Assert.Single(problem.Errors!.Keys)));
        Assert.Empty(Files().Where(f => !f.EndsWith(".csv", StringComparison.Ordinal)).Except(before));
    }

    [Theory]
    [InlineData("kind", 101)]
    [InlineData("mapping", 600_000)]
    public async Task Post_FieldTooLong_IsRefused(string name, int length)
    {
        var client = await ClientAsync(Scopes.Data);
        var form = new MultipartFormDataContent { { new StringContent(new string('x', length)), name } };
        Assert.Equal([name], (await Problem.OfAsync(await PostAsync(client, form))).Errors!.Keys);
    }

    [Theory]
    [InlineData("multipart/form-data", false)]
    [InlineData("multipart/form-data", true)]
    [InlineData("multipart/form-data; boundary=\"\"", false)]
    [InlineData("multipart/form-data; boundary={long}", false)]
    [InlineData("multipart/form-data; boundary={long}", true)]
    public async Task Post_BadBoundary_Answers400(string type, bool idempotent)
    {
        var client = await ClientAsync(Scopes.Data);
        if (idempotent)
            client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var content = new ByteArrayContent("--x"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type.Replace("{long}", new string('b', 5000), StringComparison.Ordinal));
        var problem = await Problem.OfAsync(await PostAsync(client, content));
        Assert.Equal(400, problem.Status);
        Assert.Contains("boundary", problem.Detail);
    }

    [Fact]
    public async Task Post_MappingWithHalfACharacter_Answers400()
    {
        var client = await ClientAsync(Scopes.Data);
        var problem = await Problem.OfAsync(
            await PostAsync(client, Form(Table, "experiment", Mapping.Replace("\"t\"", "\"\\ud800\"", StringComparison.Ordinal))));
        Assert.Equal((400, "mapping"), (problem.Status, Assert.Single(problem.Errors!.Keys)));
    }

    [Fact]
    public async Task Post_NoFile_SaysSo()
    {
        var client = await ClientAsync(Scopes.Data);
        var problem = await Problem.OfAsync(await PostAsync(client, new MultipartFormDataContent { { new StringContent("experiment"), "kind" } }));
        Assert.Equal(["file"], problem.Errors!.Keys);
    }

    [Fact]
    public async Task Post_BrokenFile_IsTakenAndRefusedByTheJob()
    {
        var client = await ClientAsync(Scopes.Data);
        var posted = await PostAsync(client, Form("arm,visit,spend\nno,0,\"0\nmail,1,2\nmail,1,3\n", "experiment", Mapping.Replace("\"customerId\": \"id\",", "")));
        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);

        var import = await WaitAsync(client, (await posted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetGuid());

        Assert.Equal(("failed", "unclosed-quote"), (import.GetProperty("state").GetString(), import.GetProperty("errorCode").GetString()));
        Assert.Equal(JsonValueKind.Null, import.GetProperty("experimentId").ValueKind);
        Assert.Contains("never closed", import.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Post_SameIdempotencyKey_ImportsOnce()
    {
        var client = await ClientAsync(Scopes.Data);
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());

        var first = await (await PostAsync(client, Form(Table, "experiment", Mapping))).Content.ReadAsStringAsync(Token);
        var second = await (await PostAsync(client, Form(Table, "experiment", Mapping))).Content.ReadAsStringAsync(Token);

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Imports_WithoutTheScope_AreClosed()
    {
        var client = await ClientAsync(Scopes.Models);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/imports", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(client, Form(Table, "experiment", Mapping))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(app.CreateClient(), Form(Table, "experiment", Mapping))).StatusCode);
    }

    [Fact]
    public async Task Import_Unknown_Is404()
    {
        var client = await ClientAsync(Scopes.Data);
        foreach (var path in new[] { "", "/rejects.csv" })
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/imports/{Guid.NewGuid()}{path}", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/api/v1/imports/{Guid.NewGuid()}/cancel", null, Token)).StatusCode);
    }

    [Fact]
    public async Task Upload_PagesPostWithoutToken_IsRefused()
    {
        var visitor = await Visitor.SignedInAsync(app, "marketer@demo");
        var response = await visitor.Client.PostAsync("/data/uploads?name=a.csv", File(Table), Token);
        Assert.Equal("stale-page", (await Problem.OfAsync(response)).Code);
    }

    private string[] Files()
    {
        var folder = app.Services.GetRequiredService<DataLake>().PathTo("uploads");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order()] : [];
    }

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static StreamContent File(string text) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static MultipartFormDataContent Form(string text, string kind, string? mapping)
    {
        var form = new MultipartFormDataContent { { new StringContent(kind), "kind" } };
        if (mapping is not null)
            form.Add(new StringContent(mapping), "mapping");
        form.Add(File(text), "file", "t.csv");
        return form;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, HttpContent form) => client.PostAsync("/api/v1/imports", form, Token);

    private async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var client = app.CreateClient();
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("imports", scopes), Actor.System, Token);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        return client;
    }

    private static async Task<JsonElement> WaitAsync(HttpClient client, Guid id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 600 && await timer.WaitForNextTickAsync(Token); i++)
        {
            var import = await client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{id}", Token);
            if (import.GetProperty("state").GetString() is "succeeded" or "failed" or "cancelled")
                return import;
        }

        throw new TimeoutException("The import did not end in a minute.");
    }
}
