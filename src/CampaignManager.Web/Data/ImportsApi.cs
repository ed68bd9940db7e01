using System.ComponentModel.DataAnnotations;
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
        imports.MapGet("/", async ([AsParameters] ListQuery query, ImportService service, CancellationToken cancellationToken) =>
            {
                var page = await service.ListAsync(query.ToRequest(), cancellationToken);
                return TypedResults.Ok(new Paged<ImportShown>([.. page.Items.Select(ImportShown.Of)], page.Total));
            })
            .WithSummary("Imports, newest first");
        imports.MapGet("/{id:guid}", async (Guid id, ImportService service, CancellationToken cancellationToken) =>
            (await FindAsync(id, service, cancellationToken)).ToOk(ImportShown.Of))
            .WithSummary("Where an import is: rows read, kept, repaired, skipped, rejected and why").Produces<ImportShown>().ProducesProblem(StatusCodes.Status404NotFound);
        imports.MapGet("/{id:guid}/rejects.csv", RejectsAsync)
            .WithSummary("Rejected rows with their reasons and original lines").Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        imports.MapPost("/{id:guid}/cancel", async (Guid id, ImportService service, HttpContext http, CancellationToken cancellationToken) =>
            (await service.CancelAsync(http.ApiActor(), id, cancellationToken)).ToNoContent())
            .WithSummary("Stop an import; nothing of it is kept").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>Also for the page's download link, which carries the cookie of anyone with a role.</summary>
    internal static async Task<IResult> RejectsAsync(Guid id, ImportService service, CancellationToken cancellationToken)
    {
        var found = await FindAsync(id, service, cancellationToken);
        if (!found.Succeeded)
            return found.Failure.ToProblem();
        return found.Value.RejectsFile is { } path
            ? TypedResults.PhysicalFile(path, CsvType, $"rejects-{Path.GetFileNameWithoutExtension(found.Value.FileName)}.csv")
            : TypedResults.Text("\uFEFFrow,reason,detail,line\r\n", CsvType);
    }

    private static async Task<IResult> PostAsync(HttpContext http, ImportService service, CancellationToken cancellationToken)
    {
        var actor = http.ApiActor();
        var read = await MultipartImport.ReadAsync(http.Request, service, actor, cancellationToken);
        if (!read.Succeeded)
            return read.Failure.ToProblem();
        var (id, mapping) = read.Value;
        var started = await service.StartAsync(actor, id, mapping, cancellationToken);
        if (started.Succeeded)
            return TypedResults.Accepted($"{Api.Prefix}/imports/{id}", new Started(id));
        await service.DiscardAsync(actor, id, CancellationToken.None);
        return started.Failure.ToProblem();
    }

    private static async Task<Outcome<ImportView>> FindAsync(Guid id, ImportService service, CancellationToken cancellationToken) =>
        await service.FindAsync(id, cancellationToken) is { } view ? view : Failure.NotFound("The import");

    public sealed record Started(Guid Id);

    /// <summary>The parts of the form.</summary>
    /// <param name="File">The table as text, packed with gzip or not.</param>
    /// <param name="Kind">What the file holds: <c>experiment</c>.</param>
    /// <param name="Mapping">JSON of that kind; without it the columns are guessed by their names.</param>
    public sealed record ImportForm(IFormFile File, string Kind, string? Mapping);
}

/// <summary>An import as the API shows it.</summary>
/// <param name="State"><c>uploaded</c>, <c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Progress">0..1.</param>
/// <param name="Repaired">Kept rows of which a number was cleaned.</param>
/// <param name="Skipped">Rows of arms that the mapping leaves out.</param>
/// <param name="Reasons">Rejected rows by reason.</param>
/// <param name="Error">Why the whole file was refused.</param>
public sealed record ImportShown(
    Guid Id, string Kind, string FileName,
    [property: AllowedValues("uploaded", "queued", "running", "succeeded", "failed", "cancelled")] string State,
    string? Stage, double Progress, long Read, long Kept, long Repaired, long Skipped, long Rejected,
    IReadOnlyDictionary<string, long> Reasons, IReadOnlyList<ImportWarning> Warnings, Guid? ExperimentId, string? Error, string? ErrorCode, DateTime UploadedAt, DateTime? FinishedAt)
{
    public static ImportShown Of(ImportView view) => new(
        view.Id, view.Kind, view.FileName, view.State.ToString().ToLowerInvariant(), view.Stage, view.Progress, view.Read, view.Kept, view.Repaired, view.Skipped, view.Rejected,
        view.Reasons, view.Warnings, view.ExperimentId, view.Error, view.RefusalCode, view.UploadedAt, view.FinishedAt);
}
