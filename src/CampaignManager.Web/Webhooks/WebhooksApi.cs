using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Webhooks;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Webhooks;

/// <summary>Webhooks over HTTP; managing them takes a key that acts as admin.</summary>
public static class WebhooksApi
{
    public static void MapWebhooksApi(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks").RequireScope(Scopes.Everything);
        webhooks.MapGet("/", async (WebhookService service, HttpContext http, CancellationToken stop) =>
            (await service.ListAsync(http.ApiActor(), stop)).ToOk(rows => new Paged<WebhookResource>([.. rows.Select(WebhookResource.Of)], rows.Count)))
            .WithSummary("List webhooks").Produces<Paged<WebhookResource>>();
        webhooks.MapPost("/", CreateAsync).WithSummary("Make a webhook; the answer is the only time its secret is seen").Produces<WebhookResource>(StatusCodes.Status201Created);
        webhooks.MapGet("/{id:guid}", (Guid id, WebhookService service, HttpContext http, CancellationToken stop) => ShowAsync(service, id, http, stop))
            .WithSummary("Read a webhook").Produces<WebhookResource>().ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapPut("/{id:guid}", ReplaceAsync).WithSummary("Change a webhook").Produces<WebhookResource>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        webhooks.MapDelete("/{id:guid}", async (Guid id, WebhookService service, HttpContext http, CancellationToken stop) => (await service.DeleteAsync(id, http.ApiActor(), stop)).ToNoContent())
            .WithSummary("Delete a webhook with its log").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapPost("/{id:guid}/secret", async (Guid id, WebhookService service, HttpContext http, CancellationToken stop) => (await service.RotateAsync(id, http.ApiActor(), stop)).ToOk())
            .WithName("rotateWebhookSecret").WithSummary("Give it a new secret; the old one signs nothing any more")
            .Produces<WebhookSecret>().ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapPost("/{id:guid}/test", async (Guid id, WebhookService service, HttpContext http, CancellationToken stop) => (await service.TestAsync(id, http.ApiActor(), stop)).ToOk())
            .WithSummary("Send a test message now").Produces<SentMessage>().ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapGet("/{id:guid}/deliveries", ListDeliveriesAsync).WithSummary("What was sent and what came of it, the newest first").Produces<Paged<DeliveryRow>>().ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapGet("/{id:guid}/deliveries/{deliveryId:guid}", async (Guid id, Guid deliveryId, WebhookLog log, HttpContext http, CancellationToken stop) =>
            (await log.GetAsync(id, deliveryId, http.ApiActor(), stop)).ToOk()).WithSummary("One delivery with its message and every attempt").Produces<DeliveryDetail>().ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapPost("/{id:guid}/deliveries/{deliveryId:guid}/redeliver", async (Guid id, Guid deliveryId, WebhookService service, HttpContext http, CancellationToken stop) =>
            (await service.RedeliverAsync(id, deliveryId, http.ApiActor(), stop)).ToOk()).WithSummary("Send a message again, with the same id").Produces<SentMessage>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> CreateAsync(WebhookInput body, WebhookService service, HttpContext http, CancellationToken stop)
    {
        var made = await service.CreateAsync(body.ToDraft(), http.ApiActor(), stop);
        if (!made.Succeeded)
            return made.Failure.ToProblem();
        var row = (await service.GetAsync(made.Value.Id, http.ApiActor(), stop)).Value;
        http.SetVersion(row.Version);
        return TypedResults.Created($"{Api.Prefix}/webhooks/{row.Id}", WebhookResource.Of(row) with { Secret = made.Value.Secret });
    }

    private static async Task<IResult> ReplaceAsync(Guid id, WebhookInput body, WebhookService service, HttpContext http, CancellationToken stop)
    {
        var seen = http.IfMatch();
        if (!seen.Succeeded)
            return seen.Failure.ToProblem();
        var saved = await service.SaveAsync(id, body.ToDraft(), seen.Value, http.ApiActor(), stop);
        return saved.Succeeded ? await ShowAsync(service, id, http, stop) : saved.Failure.ToProblem();
    }

    private static async Task<IResult> ShowAsync(WebhookService service, Guid id, HttpContext http, CancellationToken stop)
    {
        var found = await service.GetAsync(id, http.ApiActor(), stop);
        if (!found.Succeeded)
            return found.Failure.ToProblem();
        http.SetVersion(found.Value.Version);
        return TypedResults.Ok(WebhookResource.Of(found.Value));
    }

    private static async Task<IResult> ListDeliveriesAsync(Guid id, [AsParameters] ListQuery query, string? state, WebhookLog log, HttpContext http, CancellationToken stop)
    {
        DeliveryState? wanted = null;
        if (!string.IsNullOrEmpty(state))
        {
            if (!Enum.TryParse<DeliveryState>(state, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return Failure.Invalid("state", $"'{state}' is not a state. States are: pending, delivered, failed.").ToProblem();
            wanted = known;
        }

        return (await log.ListAsync(id, wanted, query.ToRequest(), http.ApiActor(), stop)).ToOk();
    }

    /// <param name="Events">Which events it is told of.</param>
    /// <param name="Active">Sends only while it is; true when left out.</param>
    public sealed record WebhookInput(string? Url, string? Description, IReadOnlyList<string?>? Events, bool? Active)
    {
        public WebhookDraft ToDraft() => new(Url, Description, Events, Active ?? true);
    }

    /// <param name="Secret">Only in the answer that made it.</param>
    /// <param name="Pending">Deliveries still on their way.</param>
    /// <param name="Failed">Deliveries given up.</param>
    public sealed record WebhookResource(
        Guid Id, string Url, string? Description, IReadOnlyList<string> Events, bool Active, int Version, string CreatedBy, DateTime CreatedAt, int Pending, int Failed, string? Secret = null)
    {
        public static WebhookResource Of(WebhookRow row) =>
            new(row.Id, row.Url, row.Description, row.Topics, row.Active, row.Version, row.CreatedBy, row.CreatedAt, row.Pending, row.Failed);
    }
}
