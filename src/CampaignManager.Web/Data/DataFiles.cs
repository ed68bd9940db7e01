using CampaignManager.Application;
using CampaignManager.Application.Imports;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Data;

/// <summary>Bytes that do not belong on a page's live connection: the wizard's upload and the download of rejects.</summary>
public static class DataFiles
{
    public static void MapDataFiles(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<IOptions<ImportOptions>>().Value.MaxUploadBytes;
        var files = app.MapGroup("/data").RequireAuthorization(Policies.Staff).ExcludeFromDescription();
        // The body is the file itself, so that it need not be taken out of a form; the script sends the token as a header.
        files.MapPost("/uploads", UploadAsync).WithMetadata(new RequestSizeLimitAttribute(limit + 1));
        files.MapGet("/imports/{id:guid}/rejects.csv", ImportsApi.RejectsAsync);
    }

    private static async Task<IResult> UploadAsync(
        [FromQuery] string name, [FromQuery] string? kind, [FromQuery] Guid? import, HttpContext http, ImportService imports, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
            return new Failure(FailureKind.Invalid, "stale-page", "This page is too old. Load it again.").ToProblem();
        try
        {
            // A further file of an import whose first one is here.
            if (import is { } first)
            {
                var added = await imports.AddFileAsync(CurrentActor.Of(http.User), first, name, http.Request.Body, cancellationToken);
                return added.Succeeded ? TypedResults.Ok(new ImportsApi.Started(first)) : added.Failure.ToProblem();
            }

            return (await imports.UploadAsync(CurrentActor.Of(http.User), name, http.Request.Body, cancellationToken, kind)).ToOk(id => new ImportsApi.Started(id));
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return UploadStore.TooLarge(http.RequestServices.GetRequiredService<IOptions<ImportOptions>>().Value.MaxUploadBytes).ToProblem();
        }
    }
}
