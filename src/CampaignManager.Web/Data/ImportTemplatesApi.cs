using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Data;

/// <summary>Templates by which a shop's files are read, over HTTP; their format is in docs/data-import.md.</summary>
public static class ImportTemplatesApi
{
    public static void MapImportTemplatesApi(this IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/import-templates").WithTags("Data").RequireScope(Scopes.Data);
        templates.MapGet("/", async (ImportTemplateService service, CancellationToken stop) =>
            {
                var all = await service.ListAsync(stop);
                return TypedResults.Ok(new Paged<TemplateResource>([.. all.Select(Show)], all.Count));
            })
            .WithSummary("Templates for a shop's files: saved ones, then those that come with the product");
        templates.MapPut("/{name}", async (string name, JsonElement body, ImportTemplateService service, HttpContext http, CancellationToken stop) =>
            {
                var seen = http.IfMatch();
                if (!seen.Succeeded)
                    return seen.Failure.ToProblem();
                var saved = await service.SaveAsync(http.ApiActor(), name.Unescaped(), body.GetRawText(), seen.Value, stop);
                if (!saved.Succeeded)
                    return saved.Failure.ToProblem();
                http.SetVersion(saved.Value.Version);
                return TypedResults.Ok(Show(saved.Value));
            })
            .WithSummary("Keep a template under a name").Produces<TemplateResource>().ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    private static TemplateResource Show(ImportTemplateView view)
    {
        using var json = JsonDocument.Parse(view.Json);
        return new TemplateResource(view.Key, view.Name, view.Source, view.Kind, view.BuiltIn, view.Version, json.RootElement.Clone(), view.SavedByName, view.SavedAt);
    }

    /// <param name="Key">What the part <c>template</c> of an import says to be read by it.</param>
    /// <param name="Kind">What its files hold.</param>
    /// <param name="Template">As it is sent, and kept.</param>
    public sealed record TemplateResource(
        string Key, string Name, string Source, string Kind, bool BuiltIn, int Version, JsonElement Template, string? SavedByName, DateTime? SavedAt);
}
