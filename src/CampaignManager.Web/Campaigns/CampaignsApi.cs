using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Campaigns;

/// <summary>Campaigns over HTTP: drafts, their life, their history.</summary>
public static class CampaignsApi
{
    public static void MapCampaignsApi(this IEndpointRouteBuilder api)
    {
        var campaigns = api.MapGroup("/campaigns").WithTags("Campaigns").RequireScope(Scopes.Campaigns);
        campaigns.MapGet("/", ListAsync).WithSummary("List campaigns").Produces<Paged<CampaignResource>>();
        campaigns.MapPost("/", CreateAsync).WithSummary("Make a draft").Produces<CampaignResource>(StatusCodes.Status201Created);
        campaigns.MapGet("/{id:guid}", GetAsync).WithSummary("Read a campaign").Produces<CampaignResource>().ProducesProblem(StatusCodes.Status404NotFound);
        campaigns.MapPut("/{id:guid}", ReplaceAsync).WithSummary("Replace a draft").Produces<CampaignResource>().ProducesProblem(StatusCodes.Status412PreconditionFailed);
        campaigns.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Delete a draft").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        campaigns.MapPost("/{id:guid}/duplicate", DuplicateAsync).TakesOptional<DuplicateInput>().WithSummary("Copy into a new draft").Produces<CampaignResource>(StatusCodes.Status201Created);
        campaigns.MapGet("/{id:guid}/versions", VersionsAsync).WithSummary("The rules at every version, newest first").Produces<Paged<VersionResource>>();
        campaigns.MapGet("/{id:guid}/activity", ActivityAsync).WithSummary("What happened to it, newest first").Produces<Paged<ActivityResource>>();

        Step("submit", "Submit a draft for approval", (t, id, _, actor, version, stop) => t.SubmitAsync(id, actor, stop, version));
        Step("withdraw", "Take back what waits for approval: a draft again", (t, id, _, actor, version, stop) => t.WithdrawAsync(id, actor, stop, version));
        Step("approve", "Approve; never one's own", (t, id, comment, actor, version, stop) => t.ApproveAsync(id, comment, actor, stop, version));
        Step("reject", "Send back to draft; needs a comment", (t, id, comment, actor, version, stop) => t.RejectAsync(id, comment, actor, stop, version));
        Step("launch", "Go live now", (t, id, _, actor, version, stop) => t.LaunchAsync(id, actor, stop, version));
        Step("pause", "Pause", (t, id, comment, actor, version, stop) => t.PauseAsync(id, comment, actor, stop, version));
        Step("resume", "Resume", (t, id, _, actor, version, stop) => t.ResumeAsync(id, actor, stop, version));
        Step("end", "End for good", (t, id, comment, actor, version, stop) => t.EndAsync(id, comment, actor, stop, version));
        Step("archive", "Archive an ended campaign", (t, id, _, actor, version, stop) => t.ArchiveAsync(id, actor, stop, version));

        void Step(string name, string summary, Func<CampaignTransitions, Guid, string?, Actor, int?, CancellationToken, Task<Outcome>> step) =>
            campaigns.MapPost($"/{{id:guid}}/{name}", async (
                Guid id, CampaignTransitions transitions, CampaignService service, CampaignChecks checks, HttpContext http, CancellationToken stop) =>
            {
                var seen = http.IfMatch();
                if (!seen.Succeeded)
                    return seen.Failure.ToProblem();
                var body = await http.BodyAsync<CommentInput>();
                var done = await step(transitions, id, body?.Comment, http.ApiActor(), seen.Value, stop);
                return done.Succeeded ? await ShowAsync(service, id, http, stop, name is "submit" or "approve" or "launch" ? checks : null) : done.Failure.ToProblem();
            }).TakesOptional<CommentInput>().WithSummary(summary).Produces<CampaignResource>()
                .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] ListQuery query, string? status, string? type, string? owner, string? segment, string? tag, CampaignList list, CancellationToken stop)
    {
        var statuses = Statuses(status);
        if (!statuses.Succeeded)
            return statuses.Failure.ToProblem();
        if (query.Sort?.TrimStart('-') is { } key && !CampaignList.SortKeys.Contains(key))
            return Failure.Invalid("sort", $"Sort by one of: {string.Join(", ", CampaignList.SortKeys)}; a leading '-' turns the order round.").ToProblem();
        var filter = new CampaignFilter { Statuses = statuses.Value, OfferType = type, OwnerId = owner, Segment = segment, Tag = tag };
        var page = await list.ListAsync(filter, query.ToRequest(), stop);
        return TypedResults.Ok(new Paged<CampaignResource>([.. page.Items.Select(CampaignResource.Of)], page.Total));
    }

    /// <summary>Statuses as the query names them, separated by commas.</summary>
    internal static Outcome<IReadOnlyList<CampaignStatus>> Statuses(string? query)
    {
        List<CampaignStatus> statuses = [];
        foreach (var name in (query ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Enum.TryParse<CampaignStatus>(name, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return Failure.Invalid("status", $"'{name}' is not a status. Statuses are: draft, inReview, approved, live, paused, ended, archived.");
            statuses.Add(known);
        }

        return Outcome<IReadOnlyList<CampaignStatus>>.Of(statuses);
    }

    private static async Task<IResult> CreateAsync(Sent<CampaignInput> sent, CampaignService service, SettingsService settings, HttpContext http, CancellationToken stop)
    {
        if (sent.Refusal is { } unknown)
            return unknown.ToProblem();
        if (sent.Body.ToDraft(await settings.GetAsync(stop)) is not { } draft)
            return OfferMissing();
        var made = await service.CreateDraftAsync(draft, http.ApiActor(), stop);
        return made.Succeeded ? await ShowCreatedAsync(service, made.Value, http, stop) : made.Failure.ToProblem();
    }

    private static Task<IResult> GetAsync(Guid id, CampaignService service, HttpContext http, CancellationToken stop) => ShowAsync(service, id, http, stop);

    private static async Task<IResult> ReplaceAsync(
        Guid id, Sent<CampaignInput> sent, CampaignService service, SettingsService settings, HttpContext http, CancellationToken stop)
    {
        if (sent.Refusal is { } unknown)
            return unknown.ToProblem();
        var seen = http.IfMatch();
        if (!seen.Succeeded)
            return seen.Failure.ToProblem();
        if (await service.GetAsync(id, stop) is not { } present)
            return Failure.NotFound("The campaign").ToProblem();
        if (sent.Body.ToDraft(await settings.GetAsync(stop)) is not { } draft)
            return OfferMissing();
        var saved = await service.SaveAsync(id, draft, seen.Value ?? present.Version, http.ApiActor(), stop);
        return saved.Succeeded ? await ShowAsync(service, id, http, stop) : saved.Failure.ToProblem();
    }

    private static async Task<IResult> DeleteAsync(Guid id, CampaignService service, HttpContext http, CancellationToken stop)
    {
        var seen = http.IfMatch();
        return seen.Succeeded ? (await service.DeleteDraftAsync(id, seen.Value, http.ApiActor(), stop)).ToNoContent() : seen.Failure.ToProblem();
    }

    private static async Task<IResult> DuplicateAsync(Guid id, CampaignService service, HttpContext http, CancellationToken stop)
    {
        var body = await http.BodyAsync<DuplicateInput>();
        var made = await service.DuplicateAsync(id, body?.Name, http.ApiActor(), stop);
        return made.Succeeded ? await ShowCreatedAsync(service, made.Value, http, stop) : made.Failure.ToProblem();
    }

    private static async Task<IResult> VersionsAsync(Guid id, [AsParameters] ListQuery query, CampaignService service, CampaignHistory history, CancellationToken stop)
    {
        if (await service.GetAsync(id, stop) is null)
            return Failure.NotFound("The campaign").ToProblem();
        var page = await history.VersionsAsync(id, query.ToRequest(), stop);
        return TypedResults.Ok(new Paged<VersionResource>([.. page.Items.Select(v => new VersionResource(v.Number, v.CreatedAt, v.ActorName, v.Reason, v.Rules))], page.Total));
    }

    private static async Task<IResult> ActivityAsync(Guid id, [AsParameters] ListQuery query, CampaignService service, CampaignHistory history, CancellationToken stop)
    {
        if (await service.GetAsync(id, stop) is null)
            return Failure.NotFound("The campaign").ToProblem();
        var page = await history.ActivityAsync(id, query.ToRequest(), stop);
        return TypedResults.Ok(new Paged<ActivityResource>([.. page.Items.Select(a => new ActivityResource(a.At, a.ActorName, a.Code, a.Detail))], page.Total));
    }

    private static async Task<IResult> ShowAsync(CampaignService service, Guid id, HttpContext http, CancellationToken stop, CampaignChecks? checks = null)
    {
        if (await service.GetAsync(id, stop) is not { } campaign)
            return Failure.NotFound("The campaign").ToProblem();
        http.SetVersion(campaign.Version);
        var warnings = checks is null ? [] : await checks.WarningsAsync(id, campaign.Rules, stop);
        return TypedResults.Ok(CampaignResource.Of(campaign) with
        {
            Warnings = warnings.Count == 0 ? null : [.. warnings.Select(w => new CallWarning(w.Path, w.Code, w.Message))],
        });
    }

    private static async Task<IResult> ShowCreatedAsync(CampaignService service, Guid id, HttpContext http, CancellationToken stop)
    {
        var campaign = (await service.GetAsync(id, stop))!;
        http.SetVersion(campaign.Version);
        return TypedResults.Created($"{Api.Prefix}/campaigns/{id}", CampaignResource.Of(campaign));
    }

    private static IResult OfferMissing() => Failure.Invalid("offer", "A campaign needs an offer.").ToProblem();

    public sealed record CommentInput(string? Comment);

    public sealed record DuplicateInput(string? Name);

    public sealed record VersionResource(int Version, DateTime CreatedAt, string By, string? Reason, CampaignRules Rules);

    public sealed record ActivityResource(DateTime At, string By, string Code, string? Detail);
}
