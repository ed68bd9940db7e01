using System.Globalization;
using System.Text;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers;
using CampaignManager.Web.Accounts;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Offers;

/// <summary>Coupon codes over HTTP: batches, search, CSV, revoking.</summary>
public static class CodesApi
{
    public static void MapCodesApi(this IEndpointRouteBuilder api)
    {
        var codes = api.MapGroup("/campaigns/{id:guid}").WithTags("Coupons").RequireScope(Scopes.Campaigns);
        codes.MapPost("/codes", async (Guid id, NewCodes body, CodeService service, HttpContext http, CancellationToken stop) =>
            (await service.IssueAsync(id, body, http.ApiActor(), stop)).ToCreated(_ => $"{Api.Prefix}/campaigns/{id}/codes", made => made))
            .WithSummary("Issue a batch of codes").Produces<MadeCodes>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status404NotFound);
        codes.MapGet("/codes", ListAsync).WithSummary("List or search codes").Produces<Paged<CodeRow>>().ProducesProblem(StatusCodes.Status404NotFound);
        codes.MapGet("/codes.csv", CsvAsync).WithSummary("All codes as CSV").Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        codes.MapPost("/codes/{code}/revoke", async (Guid id, string code, CodeService service, HttpContext http, CancellationToken stop) =>
            // Routing leaves an encoded slash as it is.
            (await service.RevokeAsync(id, code.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), http.ApiActor(), stop)).ToNoContent())
            .WithSummary("Put a code out of use").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(Guid id, [AsParameters] ListQuery query, CodeService service, CancellationToken stop)
    {
        if (query.Sort?.TrimStart('-') is { } key && !CodeService.SortKeys.Contains(key))
            return Failure.Invalid("sort", $"Sort by one of: {string.Join(", ", CodeService.SortKeys)}; a leading '-' turns the order round.").ToProblem();
        if (query.Q?.Any(char.IsControl) == true)
            return Failure.Invalid("q", "Search for printable characters.").ToProblem();
        return (await service.ListAsync(id, query.ToRequest(), stop)).ToOk();
    }

    private static async Task<IResult> CsvAsync(Guid id, CodeService service, CampaignService campaigns, HttpContext http, CancellationToken stop)
    {
        if (await campaigns.GetAsync(id, stop) is null)
            return Failure.NotFound("The campaign").ToProblem();
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"codes-{id}.csv\"");
        return TypedResults.Stream(async stream =>
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            await writer.WriteAsync("code,batch,used,usesPerCode,revokedAt,createdAt\r\n".AsMemory(), stop);
            await foreach (var row in service.AllAsync(id, stop))
            {
                var line = string.Create(
                    CultureInfo.InvariantCulture, $"{Quoted(row.Code)},{Quoted(row.Batch ?? row.BatchId.ToString())},{row.Used},{row.UsesPerCode},{row.RevokedAt:O},{row.CreatedAt:O}\r\n");
                await writer.WriteAsync(line.AsMemory(), stop);
            }
        }, "text/csv; charset=utf-8");
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
