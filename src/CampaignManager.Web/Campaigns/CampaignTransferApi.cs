using System.Globalization;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Settings;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Campaigns;

/// <summary>Campaigns out to a file and in from one.</summary>
public static class CampaignTransferApi
{
    private const int MostExported = CampaignImportService.MostCampaigns;

    public static void MapCampaignTransferApi(this IEndpointRouteBuilder api)
    {
        var campaigns = api.MapGroup("/campaigns").WithTags("Campaigns").RequireScope(Scopes.Campaigns);
        campaigns.MapGet("/export", ExportAsync).WithName("exportCampaigns")
            .WithSummary("Campaigns as a file that can be imported: those named, or those of the list's filters")
            .Produces<CampaignFile.ExportedCampaigns>();
        campaigns.MapPost("/import", ImportAsync).WithSummary("Import campaigns, all or none; with dryRun=true only say what would change").Produces<ImportResource>();
    }

    private static async Task<IResult> ExportAsync(
        string? ids, string? q, string? status, string? type, string? owner, string? segment, string? tag, CampaignList list, CampaignService service, HttpContext http, CancellationToken stop)
    {
        List<CampaignResource> found = [];
        if (ids is not null)
        {
            foreach (var text in ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(MostExported + 1))
            {
                if (!Guid.TryParse(text, out var id) || await service.GetAsync(id, stop) is not { } campaign)
                    return Failure.Invalid("ids", $"There is no campaign '{text}'.").ToProblem();
                found.Add(CampaignResource.Of(campaign));
            }
        }
        else
        {
            var statuses = CampaignsApi.Statuses(status);
            if (!statuses.Succeeded)
                return statuses.Failure.ToProblem();
            var filter = new CampaignFilter { Statuses = statuses.Value, OfferType = type, OwnerId = owner, Segment = segment, Tag = tag };
            for (var page = 1; ; page++)
            {
                var some = await list.ListAsync(filter, new PageRequest(page, PageRequest.MaxPageSize, "created", q), stop);
                found.AddRange(some.Items.Select(CampaignResource.Of));
                if (some.Items.Count < PageRequest.MaxPageSize || found.Count > MostExported)
                    break;
            }
        }

        if (found.Count > MostExported)
            return Failure.Invalid(ids is null ? "status" : "ids", "At most 500 campaigns go into one file. Narrow the list.").ToProblem();
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"campaigns{(found.Count == 1 ? "-" + found[0].Id : "")}.json\"");
        return TypedResults.Bytes(CampaignFile.Write(found), "application/json");
    }

    private static async Task<IResult> ImportAsync(JsonElement body, bool? dryRun, CampaignImportService imports, SettingsService settings, HttpContext http, CancellationToken stop)
    {
        var file = CampaignFile.Read(body, await settings.GetAsync(stop));
        if (!file.Succeeded)
            return file.Failure.ToProblem();
        var dry = dryRun == true;
        var plan = dry
            ? await imports.PlanAsync(file.Value, http.ApiActor(), CultureInfo.CurrentUICulture, null, stop)
            : await imports.ApplyAsync(file.Value, null, http.ApiActor(), CultureInfo.CurrentUICulture, null, stop);
        return plan.ToOk(p => ImportResource.Of(p, dry));
    }

    /// <param name="Applied">False for a dry run.</param>
    public sealed record ImportResource(bool DryRun, bool Applied, int New, int Changed, int Pending, int Unchanged, int Refused, IReadOnlyList<ImportedResource> Campaigns)
    {
        public static ImportResource Of(CampaignImportPlan plan, bool dry) => new(
            dry, !dry, plan.Count(ImportOutcome.New), plan.Count(ImportOutcome.Changed), plan.Count(ImportOutcome.Pending), plan.Count(ImportOutcome.Unchanged), plan.Count(ImportOutcome.Refused),
            [.. plan.Campaigns.Select(c => new ImportedResource(c.Index, c.Name, c.Id, c.Outcome, c.Status, c.Changes, c.Errors))]);
    }

    /// <param name="Id">The campaign meant; null for one that is new and not made yet.</param>
    /// <param name="Errors">Why it is refused, by the path in the file.</param>
    public sealed record ImportedResource(
        int Index, string Name, Guid? Id, ImportOutcome Outcome, CampaignStatus? Status, IReadOnlyList<ImportChange> Changes, IReadOnlyDictionary<string, string[]> Errors);
}
