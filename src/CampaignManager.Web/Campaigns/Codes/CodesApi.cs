using System.Globalization;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Engine.Money;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Campaigns.Codes;

/// <summary>Coupon codes over HTTP: batches, search, CSV, revoking and taking that back.</summary>
public static class CodesApi
{
    public static void MapCodesApi(this IEndpointRouteBuilder api)
    {
        var codes = api.MapGroup("/campaigns/{id:guid}").WithTags("Coupons").RequireScope(Scopes.Campaigns);
        codes.MapPost("/codes", async (Guid id, Sent<NewCodes> sent, CodeService service, HttpContext http, CancellationToken stop) =>
            sent.Refusal is { } unknown ? unknown.ToProblem()
                : (await service.IssueAsync(id, sent.Body, http.ApiActor(), stop)).ToCreated(_ => $"{Api.Prefix}/campaigns/{id}/codes", made => made))
            .WithName("createCampaignCodes").WithSummary("Issue a batch of codes")
            .Produces<MadeCodes>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status404NotFound);
        codes.MapGet("/codes", ListAsync).WithSummary("List or search codes").Produces<Paged<CodeResource>>().ProducesProblem(StatusCodes.Status404NotFound);
        codes.MapGet("/codes.csv", CsvAsync).WithSummary("Codes as CSV")
            .Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        codes.MapGet("/code-batches", BatchesAsync).WithSummary("Batches of codes, the newest first").Produces<Paged<CodeBatchRow>>().ProducesProblem(StatusCodes.Status404NotFound);
        Step("/codes/{code}/revoke", "Put a code out of use", (service, id, code, actor, stop) => service.RevokeAsync(id, code.Unescaped(), actor, stop));
        Step("/codes/{code}/restore", "Bring a revoked code back", (service, id, code, actor, stop) => service.RestoreAsync(id, code.Unescaped(), actor, stop));
        BatchStep("revoke", "Put a whole batch out of use", (service, id, batch, actor, stop) => service.RevokeBatchAsync(id, batch, actor, stop));
        BatchStep("restore", "Bring a revoked batch back", (service, id, batch, actor, stop) => service.RestoreBatchAsync(id, batch, actor, stop));

        void Step(string route, string summary, Func<CodeService, Guid, string, Actor, CancellationToken, Task<Outcome>> step) =>
            codes.MapPost(route, async (Guid id, string code, CodeService service, HttpContext http, CancellationToken stop) => (await step(service, id, code, http.ApiActor(), stop)).ToNoContent())
                .WithSummary(summary).Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        void BatchStep(string name, string summary, Func<CodeService, Guid, Guid, Actor, CancellationToken, Task<Outcome>> step) =>
            codes.MapPost("/code-batches/{batchId:guid}/" + name, async (Guid id, Guid batchId, CodeService service, HttpContext http, CancellationToken stop) =>
                (await step(service, id, batchId, http.ApiActor(), stop)).ToNoContent())
                .WithSummary(summary).Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> ListAsync(Guid id, [AsParameters] ListQuery query, Guid? batch, string? state, CodeList list, CampaignService campaigns, CancellationToken stop)
    {
        if (query.Sort?.TrimStart('-') is { } key && !CodeList.SortKeys.Contains(key))
            return Failure.Invalid("sort", $"Sort by one of: {string.Join(", ", CodeList.SortKeys)}; a leading '-' turns the order round.").ToProblem();
        var filter = Filter(batch, state, query.Q);
        if (!filter.Succeeded)
            return filter.Failure.ToProblem();
        if (await campaigns.GetAsync(id, stop) is not { } campaign)
            return Failure.NotFound("The campaign").ToProblem();
        var currency = Currency.Get(campaign.Rules.Currency);
        return (await list.ListAsync(id, filter.Value, query.ToRequest(), stop))
            .ToOk(page => new Paged<CodeResource>([.. page.Items.Select(row => CodeResource.Of(row, currency))], page.Total));
    }

    private static async Task<IResult> BatchesAsync(Guid id, [AsParameters] ListQuery query, CodeList list, CampaignService campaigns, CancellationToken stop) =>
        await campaigns.GetAsync(id, stop) is null ? Failure.NotFound("The campaign").ToProblem() : TypedResults.Ok(await list.BatchesAsync(id, query.ToRequest(), stop));

    private static async Task<IResult> CsvAsync(Guid id, Guid? batch, string? state, string? q, CodeList list, CampaignService campaigns, HttpContext http, CancellationToken stop)
    {
        var filter = Filter(batch, state, q);
        if (!filter.Succeeded)
            return filter.Failure.ToProblem();
        if (await campaigns.GetAsync(id, stop) is null)
            return Failure.NotFound("The campaign").ToProblem();
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"codes-{id}.csv\"");
        return TypedResults.Stream(stream => CodeCsv.WriteAsync(stream, list.AllAsync(id, filter.Value, q, stop), stop), "text/csv; charset=utf-8");
    }

    private static Outcome<CodeFilter> Filter(Guid? batch, string? state, string? query)
    {
        if (query?.Any(char.IsControl) == true)
            return Failure.Invalid("q", "Search for printable characters.");
        if (string.IsNullOrEmpty(state))
            return new CodeFilter(batch);
        return Enum.TryParse<CodeState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? new CodeFilter(batch, known)
            : Failure.Invalid("state", $"'{state}' is not a state. States are: unused, used, usedUp, revoked.");
    }

    /// <param name="Spent">Discount of its uses, major units.</param>
    /// <param name="UsesPerCode">How often it may be used; null for no limit.</param>
    public sealed record CodeResource(
        string Code, Guid BatchId, string? Batch, CodeState State, long Used, decimal Spent, int? UsesPerCode, DateTime? RevokedAt, DateTime CreatedAt)
    {
        /// <summary>The one customer who may use it; null: anybody.</summary>
        public string? CustomerId { get; init; }

        /// <summary>Compared as in an earlier release: the campaign has another code that would be the same today.</summary>
        public bool OldForm { get; init; }

        public static CodeResource Of(CodeRow row, Currency currency) =>
            new(row.Code, row.BatchId, row.Batch, row.State, row.Used, currency.ToMajor(row.SpentMinor), row.UsesPerCode, row.RevokedAt, row.CreatedAt) { CustomerId = row.CustomerId, OldForm = row.OldForm };
    }
}
