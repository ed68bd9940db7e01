using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Campaigns.Suggestions;

/// <summary>What a campaign is expected to do, and what would make it better, over HTTP.</summary>
public static class SuggestionsApi
{
    public static void MapSuggestionsApi(this IEndpointRouteBuilder api)
    {
        var campaign = api.MapGroup("/campaigns/{id:guid}").WithTags("Campaigns").RequireScope(Scopes.Campaigns);
        campaign.MapGet("/prediction", PredictAsync)
            .WithSummary("Predicted effect per segment").Produces<CampaignPrediction>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        campaign.MapGet("/suggestions", ListAsync).WithSummary("Changes worth making, best first").Produces<IReadOnlyList<SuggestionResource>>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        campaign.MapPost("/suggestions/{sid:guid}/apply", async (Guid id, Guid sid, SuggestionService service, HttpContext http, CancellationToken stop) =>
                (await service.ApplyAsync(id, sid, http.ApiActor(), stop)).ToOk(version => new SuggestionAnswer(version)))
            .WithSummary("Apply: the draft gets a new version").Produces<SuggestionAnswer>().ProducesProblem(StatusCodes.Status409Conflict);
        campaign.MapPost("/suggestions/{sid:guid}/undo", async (Guid id, Guid sid, SuggestionService service, HttpContext http, CancellationToken stop) =>
                (await service.UndoAsync(id, sid, http.ApiActor(), stop)).ToOk(version => new SuggestionAnswer(version)))
            .WithSummary("Take an applied suggestion back").Produces<SuggestionAnswer>().ProducesProblem(StatusCodes.Status409Conflict);
        campaign.MapPost("/suggestions/{sid:guid}/test", async (Guid id, Guid sid, SuggestionService service, HttpContext http, CancellationToken stop) =>
                (await service.TestAsync(id, sid, http.ApiActor(), stop)).ToCreated(made => $"{Api.Prefix}/campaigns/{made}", made => new SuggestionTest(made)))
            .WithSummary("Make a draft that tries it on a tenth").Produces<SuggestionTest>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        campaign.MapPost("/suggestions/{sid:guid}/dismiss", async (Guid id, Guid sid, DismissInput input, SuggestionService service, HttpContext http, CancellationToken stop) =>
                (await service.DismissAsync(id, sid, input.Reason ?? "", http.ApiActor(), stop)).ToNoContent())
            .WithSummary("Dismiss, with a reason").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> PredictAsync(Guid id, PredictionService predictions, ModelHealth health, CancellationToken stop)
    {
        var predicted = await predictions.PredictAsync(id, stop);
        var condition = predicted.Succeeded ? await health.OfShopAsync(stop) : null;
        return predicted.ToOk(p => p with { Warnings = condition?.Warnings ?? [] });
    }

    private static async Task<IResult> ListAsync(Guid id, SuggestionService service, IStringLocalizer<SuggestionTexts> texts, ShopNames names, CancellationToken stop)
    {
        var found = await service.ListAsync(id, null, stop);
        return found.ToOk(list => list.Open.Concat(list.Decided).Select(s => new SuggestionResource(
            s.Id, s.Move.Kind, SuggestionTitle.Of(s.Move, texts, names), s.CampaignVersion, s.Before, s.Move.After, s.Delta, s.Low, s.High, s.ProbabilityPositive, s.Customers,
            s.Evidence, Risk(s.Evidence), s.State)).ToList());
    }

    private static IReadOnlyList<string> Risk(SuggestionEvidence evidence) =>
        [.. ((string?[])[evidence.Extrapolated ? "extrapolated" : null, evidence.OverBudget ? "over-budget" : null]).OfType<string>()];
}

/// <summary>A suggestion as the API shows it; money in major units of the campaign's currency.</summary>
public sealed record SuggestionResource(
    Guid Id,
    MoveKind Kind,
    string Title,
    int CampaignVersion,
    CampaignRules Before,
    CampaignRules After,
    double DeltaNetProfit,
    double Low,
    double High,
    double ProbabilityPositive,
    int Customers,
    SuggestionEvidence Evidence,
    IReadOnlyList<string> Risk,
    SuggestionState State);

/// <summary>The campaign's new version.</summary>
public sealed record SuggestionAnswer(int Version);

/// <summary>The draft that tries the suggestion.</summary>
public sealed record SuggestionTest(Guid CampaignId);

/// <summary>Why it is dismissed.</summary>
public sealed record DismissInput(string? Reason);
