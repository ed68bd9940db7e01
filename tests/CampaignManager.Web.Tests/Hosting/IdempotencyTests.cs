using System.Net;
using System.Text;
using CampaignManager.Application;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Web.Tests.Hosting;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AnApi api = null!;
    private HttpClient client = null!;
    private int calls;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        api = await AnApi.StartAsync(
            group =>
            {
                var orders = group.MapGroup("/orders").RequireScope("offers");
                orders.MapPost("/", (HttpContext http) =>
                {
                    http.SetVersion(1);
                    return TypedResults.Created($"/api/v1/orders/{Interlocked.Increment(ref calls)}", new { number = calls });
                });
                orders.MapPost("/slow", async () =>
                {
                    var number = Interlocked.Increment(ref calls);
                    await gate.Task;
                    return TypedResults.Ok(new { number });
                });
                orders.MapPost("/refused", () => Interlocked.Increment(ref calls) == 1 ? Failure.Conflict("busy", "Not now.").ToProblem() : Results.Ok());
                orders.MapPost("/fault", IResult () => Interlocked.Increment(ref calls) == 1 ? throw new InvalidOperationException() : Results.Ok());
                orders.MapPost("/file", (IFormFile file) => TypedResults.Ok(new { number = Interlocked.Increment(ref calls), file.Length }));
            },
            clock);
        client = await api.ClientAsync("offers");
    }

    public async ValueTask DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task Post_SameKeyAndBody_RunsOnceAndAnswersTheSame()
    {
        var first = await PostAsync("/api/v1/orders", "k1", "{}");
        var second = await PostAsync("/api/v1/orders", "k1", "{}");
        Assert.Equal(1, calls);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancel), await second.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("application/json", second.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Post_SameKeyOtherBody_Answers409()
    {
        await PostAsync("/api/v1/orders", "k1", "{}");
        var second = await PostAsync("/api/v1/orders", "k1", """{"a":1}""");
        Assert.Equal((409, "idempotency-key-reused"), ((int)second.StatusCode, (await Problem.OfAsync(second)).Code));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Post_WithoutKeyOrWithAnother_RunsAgain()
    {
        await PostAsync("/api/v1/orders", null, "{}");
        await PostAsync("/api/v1/orders", null, "{}");
        await PostAsync("/api/v1/orders", "k2", "{}");
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Post_SameKeyOfAnotherCaller_IsAnotherCall()
    {
        await PostAsync("/api/v1/orders", "k1", "{}");
        client = await api.ClientAsync("offers");
        await PostAsync("/api/v1/orders", "k1", "{}");
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Post_TwoAtOnce_OneRunsAndBothGetItsAnswer()
    {
        var both = new[] { PostAsync("/api/v1/orders/slow", "k1", "{}"), PostAsync("/api/v1/orders/slow", "k1", "{}") };
        while (Volatile.Read(ref calls) == 0)
            await Task.Yield();
        gate.SetResult();
        await LookedAgainAsync(both);
        var answers = await Task.WhenAll(both);
        Assert.Equal(1, calls);
        foreach (var answer in answers)
            Assert.Equal("""{"number":1}""", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("refused", HttpStatusCode.Conflict)]
    [InlineData("fault", HttpStatusCode.InternalServerError)]
    public async Task Post_FailedCall_MayTryAgain(string path, HttpStatusCode first)
    {
        Assert.Equal(first, (await PostAsync("/api/v1/orders/" + path, "k1", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/api/v1/orders/" + path, "k1", "{}")).StatusCode);
    }

    [Fact]
    public async Task Post_SameFileWithNewBoundary_IsTheSameCall()
    {
        Assert.Equal("""{"number":1,"length":5}""", await UploadAsync("a,b\n1"));
        Assert.Equal("""{"number":1,"length":5}""", await UploadAsync("a,b\n1"));
        Assert.Contains("idempotency-key-reused", await UploadAsync("a,b\n2"));
    }

    [Fact]
    public async Task Post_AfterADay_IsForgotten()
    {
        await PostAsync("/api/v1/orders", "k1", "{}");
        clock.Advance(TimeSpan.FromHours(25));
        await PostAsync("/api/v1/orders", "k1", "{}");
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Post_WhileTheFirstIsAtWorkForLong_WaitsForItsAnswer()
    {
        var first = PostAsync("/api/v1/orders/slow", "k1", "{}");
        await UntilRenewedAsync(TimeSpan.FromSeconds(20));
        await UntilRenewedAsync(TimeSpan.FromSeconds(20));
        var second = PostAsync("/api/v1/orders/slow", "k1", "{}");
        gate.SetResult();
        await LookedAgainAsync(first, second);
        Assert.Equal(await (await first).Content.ReadAsStringAsync(Cancel), await (await second).Content.ReadAsStringAsync(Cancel));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Claim_OfAProcessThatDied_IsTakenOverByTheRetry()
    {
        using var writers = new Application.Data.WriterGate();
        using var commits = new Application.Data.GroupCommit(api.Contexts, writers);
        var service = new Application.Idempotency.IdempotencyService(api.Contexts, commits, clock);
        var call = new Application.Idempotency.CallIdentity("shop", "k1", "POST /orders", "hash");
        Assert.NotNull((await service.ClaimAsync(call, Cancel)).ClaimId);
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.NotNull((await service.ClaimAsync(call, Cancel)).ClaimId);
    }

    /// <summary>So much later the claim has been renewed. Its timer may not be there yet: time goes on until it is.</summary>
    private async Task UntilRenewedAsync(TimeSpan later)
    {
        var from = clock.GetUtcNow().UtcDateTime;
        clock.Advance(later);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            await using var context = await api.Contexts.CreateDbContextAsync(Cancel);
            if (await context.IdempotentCalls.AnyAsync(c => c.RenewedAt > from, Cancel))
                return;
            clock.Advance(TimeSpan.FromMilliseconds(50));
            await timer.WaitForNextTickAsync(Cancel);
        }
    }

    /// <summary>Who waits for another's answer looks again and again: time goes on until they all have it.</summary>
    private async Task LookedAgainAsync(params Task<HttpResponseMessage>[] waiting)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!Task.WhenAll(waiting).IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            await timer.WaitForNextTickAsync(Cancel);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string? key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, Cancel);
    }

    private async Task<string> UploadAsync(string text)
    {
        var content = new MultipartFormDataContent(Guid.NewGuid().ToString()) { { new StringContent(text), "file", "orders.csv" } };
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/file") { Content = content };
        request.Headers.Add("Idempotency-Key", "k1");
        return await (await client.SendAsync(request, Cancel)).Content.ReadAsStringAsync(Cancel);
    }
}
