using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.ShopData.Events;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.OpenApi;

namespace CampaignManager.Web.Events;

/// <summary>Events over HTTP: on the disk before the answer, each counted once. Guide: docs/events.md.</summary>
public static class EventsApi
{
    private const string Lines = "application/x-ndjson";

    /// <summary>What the token of a person is for.</summary>
    private const string Use = "identify";

    /// <summary>Bytes of one call of a page: browsers give up a page that is left at 64 KB.</summary>
    private const long MostOfAPage = 256 * 1024;

    private static readonly Failure OtherOrigin = new(
        FailureKind.Forbidden, "origin-not-allowed", "This key is for pages of other origins. An admin names the origins under API keys.");

    private const string TooMany = "too-many-calls";

    /// <summary>Seconds after which a call that was sent away is welcome again.</summary>
    private const string Later = "5";

    private static readonly string[] Types = [MediaTypeNames.Application.Json, Lines, "application/ndjson", "application/jsonl", MediaTypeNames.Text.Plain];

    public static void MapEventsApi(this IEndpointRouteBuilder api) =>
        api.MapGroup("/events").WithTags("Data").RequireScope(Scopes.Data, instead: Scopes.Ingest)
            .MapPost("/", PostAsync).WithName("sendEvents").WithSummary("Tell what happened; what is accepted is on the disk before the answer")
            .WithDescription("Up to 10,000 events, as a JSON array or one a line. Each is judged by itself: bad ones are rejected with the field and the reason, "
                + "the others are kept. The same `eventId` counts once, however often it is sent.")
            .Produces<EventReceipt>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage)
            .AddOpenApiOperationTransformer(async (operation, context, stop) => operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [MediaTypeNames.Application.Json] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(SentEvent[]), null, stop) },
                    [Lines] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "One event a line." } },
                },
            });

    private static async Task<IResult> PostAsync(
        HttpContext http, EventService service, ApiKeyService keys, PersonTokens tokens, PageLimit limit, EventRefusals refusals, CancellationToken stop)
    {
        var key = await ApiKeyAuthentication.KeyAsync(http.Request, keys);
        var isPage = key?.Ingest is not null;
        if (isPage && !key!.Ingest!.Origins.Contains(http.Request.Headers.Origin.ToString()))
        {
            refusals.Add(RefusedFrom.Page, OtherOrigin.Code);
            return OtherOrigin.ToProblem();
        }

        if (isPage && limit.Wait(key!, http.Connection.RemoteIpAddress?.ToString() ?? "") is { } wait)
        {
            refusals.Add(RefusedFrom.Page, TooMany);
            return Slower(http, wait);
        }

        if (!IsTaken(http.Request.ContentType))
            throw new BadHttpRequestException(ApiProblems.WrongMediaType, StatusCodes.Status415UnsupportedMediaType);
        var sender = isPage ? new EventSender(true, token => tokens.Read(token, key!, Use)) : EventSender.Server;
        var taken = await service.TakeAsync(await ReadAsync(http, isPage ? MostOfAPage : long.MaxValue, stop), sender, stop);
        if (taken.Failure is { Kind: FailureKind.Busy })
            http.Response.Headers.RetryAfter = Later;
        return taken.ToOk();
    }

    private static IResult Slower(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests, detail: "The pages of this key have made too many calls. Retry-After says when to come again.",
            extensions: new Dictionary<string, object?> { ["code"] = TooMany });
    }

    private static bool IsTaken(string? contentType) =>
        contentType is not null && Types.Contains(contentType.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase);

    private static async Task<byte[]> ReadAsync(HttpContext http, long most, CancellationToken stop)
    {
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAsync(stop);
        while (!read.IsCompleted)
        {
            if (read.Buffer.Length > most)
                break;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(stop);
        }

        if (read.Buffer.Length > most)
            throw new BadHttpRequestException($"A page sends at most {most} bytes in a call.", StatusCodes.Status413PayloadTooLarge);

        var body = read.Buffer.ToArray();
        reader.AdvanceTo(read.Buffer.End);
        return body;
    }
}

/// <summary>Something that happened in the shop.</summary>
/// <param name="EventId">The sender's own; the same id counts once.</param>
/// <param name="CustomerId">Who did it, as the shop calls its customers; it, or the browser's own id, is needed.</param>
/// <param name="AnonymousId">The browser's or device's id, before anybody knows who that is.</param>
/// <param name="Sku">Of the product; cart needs it. A view without it is one of a page.</param>
/// <param name="Quantity">1 to 1,000,000.</param>
/// <param name="UnitPrice">Of one piece, in the currency's major unit.</param>
/// <param name="Currency">ISO code; the shop's own where it is left out.</param>
/// <param name="OrderId">order and refund need it.</param>
/// <param name="Rating">1 to 5; a review needs it or a text.</param>
/// <param name="At">When it happened, with its offset from UTC.</param>
/// <param name="Token">In a browser: who that is, signed by the shop's server.</param>
/// <param name="Meta">What else the shop wants to say; read past.</param>
public sealed record SentEvent(
    string EventId,
    [property: AllowedValues("view", "cart", "order", "refund", "review", "identify")] string Type,
    DateTimeOffset At,
    string? CustomerId, string? AnonymousId, string? Sku, int? Quantity, decimal? UnitPrice, string? Currency, string? OrderId, int? Rating, string? Text, string? Token,
    IReadOnlyDictionary<string, JsonElement>? Meta);
