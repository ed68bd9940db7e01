using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Data;

/// <summary>Files into the lake over HTTP; the format of the mapping is in docs/data-import.md.</summary>
public static class ImportsApi
{
    private const string CsvType = "text/csv; charset=utf-8";

    public static void MapImportsApi(this IEndpointRouteBuilder api)
    {
        var limit = api.ServiceProvider.GetRequiredService<IOptions<ImportOptions>>().Value.MaxUploadBytes + MultipartImport.FieldBytes;
        var imports = api.MapGroup("/imports").WithTags("Data").RequireScope(Scopes.Data);
        imports.MapPost("/", PostAsync)
            .Accepts<ImportForm>("multipart/form-data").WithMetadata(new RequestSizeLimitAttribute(limit))
            .WithSummary("Bring in a file: its mapping is checked at once, its rows by a job").Produces<Started>(StatusCodes.Status202Accepted);
        imports.MapGet("/", async ([AsParameters] ListQuery query, ImportViews list, CancellationToken cancellationToken) =>
            {
                var page = await list.ListAsync(query.ToRequest(), cancellationToken);
                return TypedResults.Ok(new Paged<ImportShown>([.. page.Items.Select(ImportShown.Of)], page.Total));
            })
            .WithSummary("Imports, newest first");
        imports.MapGet("/{id:guid}", async (Guid id, ImportViews list, CancellationToken cancellationToken) =>
            (await FindAsync(id, list, cancellationToken)).ToOk(ImportShown.Of))
            .WithSummary("Where an import is: rows read, kept, repaired, skipped, rejected and why").Produces<ImportShown>().ProducesProblem(StatusCodes.Status404NotFound);
        imports.MapGet("/{id:guid}/rejects.csv", RejectsAsync)
            .WithSummary("Rejected rows with their reasons and original lines").Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        imports.MapPost("/{id:guid}/answers", async (Guid id, Answers body, ImportService service, HttpContext http, CancellationToken cancellationToken) =>
            {
                var answered = await service.AnswerAsync(http.ApiActor(), id, body.Choices ?? new Dictionary<string, string>(), cancellationToken);
                return answered.Succeeded ? TypedResults.Accepted($"{Api.Prefix}/imports/{id}", new Started(id)) : answered.Failure.ToProblem();
            })
            .WithName("answerImport").WithSummary("Answer what an import asks; it goes on").Produces<Started>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        imports.MapPost("/{id:guid}/undo", async (Guid id, ImportService service, HttpContext http, CancellationToken cancellationToken) =>
            {
                var undoing = await service.UndoAsync(http.ApiActor(), id, cancellationToken);
                return undoing.Succeeded ? TypedResults.Accepted($"{Api.Prefix}/imports/{id}", new Started(id)) : undoing.Failure.ToProblem();
            })
            .WithSummary("Take an import back as a whole, by a job: what stood there before stands there again").Produces<Started>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        imports.MapPost("/{id:guid}/cancel", async (Guid id, ImportService service, HttpContext http, CancellationToken cancellationToken) =>
            (await service.CancelAsync(http.ApiActor(), id, cancellationToken)).ToNoContent())
            .WithSummary("Stop an import; nothing of it is kept").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>Also for the page's download link, which carries the cookie of anyone with a role.</summary>
    internal static async Task<IResult> RejectsAsync(Guid id, ImportViews list, CancellationToken cancellationToken)
    {
        var found = await FindAsync(id, list, cancellationToken);
        if (!found.Succeeded)
            return found.Failure.ToProblem();
        return found.Value.RejectsFile is { } path
            ? TypedResults.PhysicalFile(path, CsvType, $"rejects-{Path.GetFileNameWithoutExtension(found.Value.FileName)}.csv")
            : TypedResults.Text("\uFEFFrow,reason,detail,line\r\n", CsvType);
    }

    private static async Task<IResult> PostAsync(HttpContext http, ImportService service, ImportKindList kinds, CancellationToken cancellationToken)
    {
        var actor = http.ApiActor();
        var read = await MultipartImport.ReadAsync(http.Request, service, kinds, actor, cancellationToken);
        if (!read.Succeeded)
            return read.Failure.ToProblem();
        var (id, mapping, dryRun) = read.Value;
        var started = await service.StartAsync(actor, id, mapping, cancellationToken, dryRun);
        if (started.Succeeded)
            return TypedResults.Accepted($"{Api.Prefix}/imports/{id}", new Started(id));
        await service.DiscardAsync(actor, id, CancellationToken.None);
        return started.Failure.ToProblem();
    }

    private static async Task<Outcome<ImportView>> FindAsync(Guid id, ImportViews list, CancellationToken cancellationToken) =>
        await list.FindAsync(id, cancellationToken) is { } view ? view : Failure.NotFound("The import");

    public sealed record Started(Guid Id);

    /// <param name="Choices">By the questions' ids; where one question of a code is asked, the code is enough.</param>
    public sealed record Answers([property: JsonPropertyName("answers")] IReadOnlyDictionary<string, string>? Choices);

    /// <summary>The parts of the form.</summary>
    /// <param name="File">A file, packed with gzip or not; an <c>experiment</c> has one, a shop's files may come several together.</param>
    /// <param name="Kind">What the files hold: <c>customers</c>, <c>products</c>, <c>orders</c>, <c>events</c>, <c>campaigns</c>, <c>exposures</c> or <c>experiment</c>.</param>
    /// <param name="Mapping">JSON of that kind; without it the columns are guessed by their names.</param>
    /// <param name="Template">Name of the template a shop's files are read by; without it they are recognised by their header.</param>
    /// <param name="Zone">IANA zone of times that do not say their own.</param>
    /// <param name="Currency">Of amounts that do not say their own.</param>
    /// <param name="Encoding">Of files that do not say their own.</param>
    /// <param name="Source">The shop's system that the rows count as; without it the template's.</param>
    /// <param name="DryRun">Read and count all, and write nothing.</param>
    public sealed record ImportForm(
        IFormFileCollection File, string Kind, string? Mapping, string? Template, string? Zone, string? Currency, string? Encoding, string? Source, bool? DryRun);
}

/// <summary>An import as the API shows it.</summary>
/// <param name="State"><c>uploaded</c>, <c>queued</c>, <c>running</c>, <c>waiting</c> for answers, <c>succeeded</c>, <c>failed</c>, <c>cancelled</c>, <c>undoing</c> or <c>undone</c>.</param>
/// <param name="Progress">0..1.</param>
/// <param name="Repaired">Kept rows of which something was cleaned.</param>
/// <param name="Skipped">Rows of arms that the mapping leaves out.</param>
/// <param name="Reasons">Rejected rows by reason.</param>
/// <param name="Error">Why the whole file was refused.</param>
/// <param name="Written">Rows of the lake that were new or changed.</param>
/// <param name="Duplicates">Rows that stood there already.</param>
/// <param name="Reconciled">Share of the orders whose lines, discounts and shipping give their total, 0..1; null where there are no totals.</param>
/// <param name="Coverage">The time the files tell about, by table.</param>
/// <param name="Questions">What has to be answered while the state is <c>waiting</c>.</param>
/// <param name="Figures">Counts, sums of money in minor units, first and last time, by name.</param>
public sealed record ImportShown(
    Guid Id, string Kind, string FileName,
    [property: AllowedValues("uploaded", "queued", "running", "waiting", "succeeded", "failed", "cancelled", "undoing", "undone")] string State,
    string? Stage, double Progress, long Read, long Kept, long Repaired, long Skipped, long Rejected,
    IReadOnlyDictionary<string, long> Reasons, IReadOnlyList<ImportWarning> Warnings, Guid? ExperimentId, string? Error, string? ErrorCode, DateTime UploadedAt, DateTime? FinishedAt,
    IReadOnlyList<string> Files, bool DryRun, string? Template, string? Source, long Written, long Duplicates, double? Reconciled, IReadOnlyList<ImportCoverage> Coverage,
    IReadOnlyList<ImportQuestion> Questions, IReadOnlyDictionary<string, JsonElement> Figures, IReadOnlyDictionary<string, IReadOnlyList<ImportExample>> Examples, DateTime? UndoneAt)
{
    private static readonly ImportFindings Nothing = new();

    public static ImportShown Of(ImportView view)
    {
        var found = view.Findings ?? Nothing;
        return new(
            view.Id, view.Kind, view.FileName, view.State.ToString().ToLowerInvariant(), view.Stage, view.Progress, view.Read, view.Kept, view.Repaired, view.Skipped, view.Rejected,
            view.Reasons, view.Warnings, view.ExperimentId, view.Error, view.RefusalCode, view.UploadedAt, view.FinishedAt,
            [.. view.Files.Select(f => f.FileName)], view.DryRun, found.Template, found.Source, found.Written, found.Duplicates, found.Reconciled, found.Coverage,
            view.State == ImportState.Waiting ? view.Questions : [], found.Figures, found.Examples, view.UndoneAt);
    }
}
