using System.Net;
using System.Net.Http.Json;
using System.Text;
using CampaignManager.Application;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CampaignManager.Web.Tests.Hosting;

public sealed class ApiProblemTests : IAsyncLifetime
{
    private AnApi api = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        api = await AnApi.StartAsync(group =>
        {
            var things = group.MapGroup("/things").RequireScope("data");
            things.MapPost("/", (Thing thing) => TypedResults.Ok(thing));
            things.MapPost("/rules", (CampaignRules rules) => TypedResults.Ok(rules));
            things.MapGet("/", ([AsParameters] ListQuery list) => TypedResults.Ok(list.ToRequest()));
            things.MapGet("/{id:guid}", (Guid id) => ((Outcome<Thing>)Failure.NotFound($"The thing {id}")).ToOk());
            things.MapGet("/full", IResult () =>
                throw new InvalidOperationException("while saving", new IOException("No space left on device : '/srv/x'", 28)));
            things.MapPost("/words", (System.Text.Json.JsonElement words) =>
                TypedResults.Ok(words.EnumerateObject().Select(w => w.Value.GetString()).ToList()));
            things.MapGet("/fault", IResult () => throw new InvalidOperationException("secret"));
            things.MapGet("/refused", () => ((Outcome)Failure.Invalid(new Dictionary<string, string[]> { ["offer.tiers[0].off"] = ["Too much."] })).ToNoContent());
            things.MapPut("/{id:int}", (int id, HttpContext http) =>
            {
                var expected = http.IfMatch();
                if (!expected.Succeeded)
                    return expected.Failure.ToProblem();
                http.SetVersion(8);
                return expected.Value is { } version && version != 7
                    ? new Failure(FailureKind.Stale, "stale", "Someone was faster.").ToProblem()
                    : Results.NoContent();
            });
        });
        client = await api.ClientAsync("data");
    }

    public async ValueTask DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task Get_DiskFull_Answers507InASentence()
    {
        var response = await client.GetAsync("/api/v1/things/full", TestContext.Current.CancellationToken);
        var problem = await Problem.OfAsync(response);
        Assert.Equal((507, "disk-full", DiskFull.Sentence), (problem.Status, problem.Code, problem.Detail));
    }

    [Theory]
    [InlineData("""{"name":"\ud800"}""", "/things")]
    [InlineData("""{"a":"x\udc00"}""", "/things/words")]
    public async Task Post_HalfACharacter_Answers400(string body, string path) =>
        Assert.Equal(400, (await PostAsync("/api/v1" + path, body)).Status);

    [Theory]
    [InlineData("GET", "/things/abc")]
    [InlineData("PUT", "/things/abc")]
    [InlineData("GET", "/things/3fa85f64-5717-4562-b3fc-2c963f66afa6/x")]
    public async Task Call_IdThatIsNone_Answers404(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("""{"name":"a","price":"much"}""", "price", "a number is wanted")]
    [InlineData("""{"name":"a","parts":[{"count":1.5}]}""", "parts[0].count", "a whole number is wanted")]
    [InlineData("""{"name":"a","day":"tomorrow"}""", "day", "a date like 2026-11-01 is wanted")]
    [InlineData("""{"name":"a","on":"yes"}""", "on", "true or false is wanted")]
    [InlineData("""{"name":5}""", "name", "a text is wanted")]
    [InlineData("""{"name":null}""", "name", "must not be null")]
    [InlineData("""{"price":1}""", "$", "name")]
    [InlineData("""{"name":"a","price":}""", "price", "not valid JSON (line 1")]
    [InlineData("""[]""", "$", "another value is wanted")]
    [InlineData("", "$", "JSON")]
    public async Task Post_BodyThatCannotBeRead_Answers400WithPath(string body, string path, string sentence)
    {
        var problem = await PostAsync("/api/v1/things", body);
        Assert.Equal(400, problem.Status);
        Assert.Equal("invalid", problem.Code);
        Assert.Contains(sentence, Assert.Single(problem.Errors![path]));
    }

    [Theory]
    [InlineData("""{"name":"x","offer":{"type":"lottery"}}""")]
    [InlineData("""{"name":"x","offer":{}}""")]
    public async Task Post_OfferOfUnknownType_Answers400AtOffer(string body)
    {
        var problem = await PostAsync("/api/v1/things/rules", body);
        Assert.Equal(400, problem.Status);
        Assert.Contains("type", Assert.Single(problem.Errors!["offer"]));
    }

    [Fact]
    public async Task Post_NotJson_Answers415()
    {
        var response = await client.PostAsync("/api/v1/things", new StringContent("name=a", Encoding.UTF8, "text/plain"), TestContext.Current.CancellationToken);
        Assert.Equal("unsupported-media-type", (await Problem.OfAsync(response)).Code);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Patch_WhereOnlyOthersAreTaken_Answers405()
    {
        var response = await client.PatchAsync("/api/v1/things", null, TestContext.Current.CancellationToken);
        Assert.Equal("method-not-allowed", (await Problem.OfAsync(response)).Code);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Get_UnknownAddress_Answers404EvenWithoutKey()
    {
        var response = await api.AnonymousClient().GetAsync("/api/v1/nothing/here", TestContext.Current.CancellationToken);
        Assert.Equal((404, "not-found"), ((int)response.StatusCode, (await Problem.OfAsync(response)).Code));
    }

    [Fact]
    public async Task Get_PageThatIsNoNumber_Answers400AtPage()
    {
        var problem = await Problem.OfAsync(await client.GetAsync("/api/v1/things?page=two", TestContext.Current.CancellationToken));
        Assert.Contains("a whole number is wanted", Assert.Single(problem.Errors!["page"]));
    }

    [Fact]
    public async Task Get_ListQuery_IsBounded()
    {
        var page = await client.GetFromJsonAsync<PageRequest>("/api/v1/things?page=0&pageSize=9999&sort=-name&q=shoe", TestContext.Current.CancellationToken);
        Assert.Equal(new PageRequest(1, PageRequest.MaxPageSize, "-name", "shoe"), page);
    }

    [Fact]
    public async Task Get_Fault_Answers500WithoutItsSecret()
    {
        var response = await client.GetAsync("/api/v1/things/fault", TestContext.Current.CancellationToken);
        var problem = await Problem.OfAsync(response);
        Assert.Equal((500, "unexpected"), (problem.Status, problem.Code));
        Assert.DoesNotContain("secret", problem.Detail);
    }

    [Fact]
    public async Task Get_Refused_CarriesErrorsByPath()
    {
        var problem = await Problem.OfAsync(await client.GetAsync("/api/v1/things/refused", TestContext.Current.CancellationToken));
        Assert.Equal("Too much.", Assert.Single(problem.Errors!["offer.tiers[0].off"]));
    }

    [Fact]
    public async Task Get_NotFound_Answers404()
    {
        var problem = await Problem.OfAsync(await client.GetAsync($"/api/v1/things/{Guid.NewGuid()}", TestContext.Current.CancellationToken));
        Assert.Equal((404, "not-found"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.NoContent)]
    [InlineData("*", HttpStatusCode.NoContent)]
    [InlineData("\"7\"", HttpStatusCode.NoContent)]
    [InlineData("W/\"7\"", HttpStatusCode.NoContent)]
    [InlineData("\"6\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"abc\"", HttpStatusCode.PreconditionFailed)]
    public async Task Put_IfMatch_DecidesByVersion(string? tag, HttpStatusCode expected)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/things/1");
        if (tag is not null)
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        Assert.Equal(expected, (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    private async Task<Problem> PostAsync(string path, string body) =>
        await Problem.OfAsync(await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken));

    public sealed record Thing
    {
        public required string Name { get; init; }

        public decimal Price { get; init; }

        public DateOnly? Day { get; init; }

        public bool On { get; init; }

        public IReadOnlyList<Part> Parts { get; init; } = [];
    }

    public sealed record Part(int Count);
}
