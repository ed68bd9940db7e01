using System.Globalization;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Audiences;

/// <summary>Audiences that people make: who is meant, how many that are, what they are like.</summary>
public static class OwnAudiencesApi
{
    public static void MapOwnAudiencesApi(this RouteGroupBuilder audiences)
    {
        audiences.MapPost("/", CreateAsync).WithSummary("Save an audience; it is among the segments at once")
            .Produces<AudienceResource>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        audiences.MapPost("/size", SizeAsync).WithName("sizeAudience").WithSummary("How many customers a predicate holds for")
            .WithDescription("What must be counted from events or orders is answered at once as an estimate with its 95 % interval; `exact: true` waits for the exact size.")
            .Produces<SizeResource>().ProducesProblem(StatusCodes.Status409Conflict);
        audiences.MapGet("/overlap", async (string? keys, AudienceProfiles profiles, CancellationToken stop) =>
            (await profiles.OverlapAsync([.. (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)], stop)).ToOk())
            .WithSummary("How many customers are in two segments at once, for each pair of up to 20")
            .Produces<AudienceOverlap>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        audiences.MapGet("/{key}", async (string key, AudienceService service, ShopNames names, HttpContext http, CancellationToken stop) =>
            await service.FindAsync(key.Unescaped(), stop) is { } found ? Shown(found, names, http) : Unknown.ToProblem())
            .WithSummary("Read a saved audience").Produces<AudienceResource>().ProducesProblem(StatusCodes.Status404NotFound);
        audiences.MapPut("/{key}", ReplaceAsync).WithSummary("Change a saved audience; its members follow at once")
            .WithDescription("`usedBy` names the campaigns that it changes. Whoever a live one has assigned keeps the arm.")
            .Produces<AudienceResource>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        audiences.MapDelete("/{key}", DeleteAsync).WithSummary("Delete a saved audience that no campaign names")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        audiences.MapGet("/{key}/history", async (string key, AudienceProfiles profiles, CancellationToken stop) =>
            (await profiles.HistoryAsync(key.Unescaped(), stop)).ToOk(days => new Paged<SizeOnDay>(days, days.Count)))
            .WithSummary("A segment's size, a row a day").Produces<Paged<SizeOnDay>>().ProducesProblem(StatusCodes.Status404NotFound);
        audiences.MapGet("/{key}/profile", async (string key, AudienceProfiles profiles, CancellationToken stop) => (await profiles.OfAsync(key.Unescaped(), stop)).ToOk())
            .WithSummary("What a segment's customers are like: RFM, favourites, member tiers, baseline, predicted uplift")
            .Produces<AudienceProfile>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static readonly Failure Unknown = Failure.NotFound("The audience");

    private static async Task<IResult> CreateAsync(Sent<AudienceInput> sent, AudienceService service, ShopNames names, HttpContext http, CancellationToken stop)
    {
        if (Read(sent, sent.Body.Predicate, out var predicate) is { } refusal)
            return refusal.ToProblem();
        var made = await service.CreateAsync(sent.Body.ToDraft(predicate), http.ApiActor(), stop);
        if (!made.Succeeded)
            return made.Failure.ToProblem();
        http.SetVersion(made.Value.Version);
        return TypedResults.Created($"{Api.Prefix}/audiences/{made.Value.Key}", AudienceResource.Of(made.Value, names));
    }

    private static async Task<IResult> ReplaceAsync(
        string key, Sent<AudienceInput> sent, AudienceService service, ShopNames names, HttpContext http, CancellationToken stop)
    {
        var seen = http.IfMatch();
        if (!seen.Succeeded)
            return seen.Failure.ToProblem();
        if (Read(sent, sent.Body.Predicate, out var predicate) is { } refusal)
            return refusal.ToProblem();
        var saved = await service.SaveAsync(key.Unescaped(), sent.Body.ToDraft(predicate), seen.Value, http.ApiActor(), stop);
        return saved.Succeeded ? Shown(saved.Value, names, http) : saved.Failure.ToProblem();
    }

    private static async Task<IResult> DeleteAsync(string key, AudienceService service, HttpContext http, CancellationToken stop)
    {
        var seen = http.IfMatch();
        return seen.Succeeded ? (await service.DeleteAsync(key.Unescaped(), seen.Value, http.ApiActor(), stop)).ToNoContent() : seen.Failure.ToProblem();
    }

    private static async Task<IResult> SizeAsync(Sent<SizeInput> sent, AudienceSizes sizes, ShopNames names, CancellationToken stop)
    {
        if (Read(sent, sent.Body.Predicate, out var predicate) is { } refusal)
            return refusal.ToProblem();
        if (predicate is null)
            return Failure.Invalid("predicate", "Say who is meant: a condition or a group of conditions.").ToProblem();
        return (await sizes.OfAsync(predicate, sent.Body.Exact ?? false, stop))
            .ToOk(s => new SizeResource(s.Size, s.Low, s.High, s.Exact, s.AsOf, PredicateSentence.Of(predicate, CultureInfo.CurrentUICulture, names.OfPredicates)));
    }

    private static IResult Shown(OwnAudience audience, ShopNames names, HttpContext http)
    {
        http.SetVersion(audience.Version);
        return TypedResults.Ok(AudienceResource.Of(audience, names));
    }

    private static Failure? Read<T>(Sent<T> sent, JsonElement? json, out Predicate? predicate)
        where T : class
    {
        predicate = null;
        var errors = new Dictionary<string, string[]>();
        foreach (var field in sent.Unknown.GroupBy(e => e.Path))
            errors[field.Key] = [.. field.Select(e => e.Message)];
        if (json is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } given)
        {
            predicate = PredicateJson.Read(given, "predicate", out var wrong);
            foreach (var field in wrong.GroupBy(e => e.Path))
                errors[field.Key] = [.. field.Select(e => e.Message)];
        }

        return errors.Count == 0 ? null : Failure.Invalid(errors);
    }
}
