using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Uplift;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.FirstSteps;

/// <summary>What a new shop's data let be said, over HTTP: the page's figures and sentences.</summary>
public static class FirstStepsApi
{
    public static void MapFirstStepsApi(this IEndpointRouteBuilder api)
    {
        var steps = api.MapGroup("/first-steps").WithTags("First steps").RequireScope(Scopes.Campaigns);
        steps.MapGet("/", GetAsync).WithSummary("What the shop's data let be said, and what an offer would have to bring")
            .WithDescription("The offer weighed is `off` (money, with `spend`) or `percent`; without either, a tenth off. Nothing here is an effect of a campaign.")
            .Produces<FirstStepsResource>().ProducesProblem(StatusCodes.Status400BadRequest);
        steps.MapPost("/experiment", PlanAsync).WithSummary("Make the draft of the experiment that finds out")
            .Produces<PlannedExperiment>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> GetAsync([AsParameters] OfferQuery query, FirstStepsService steps, CancellationToken stop)
    {
        var read = await steps.ReadAsync(query.ToQuestion(), stop);
        return read.Succeeded ? Results.Ok(FirstStepsResource.Of(read.Value)) : read.Failure.ToProblem();
    }

    private static async Task<IResult> PlanAsync(Sent<ExperimentInput> sent, ExperimentPlanner planner, CampaignService campaigns, HttpContext http, CancellationToken stop)
    {
        if (sent.Refusal is { } unknown)
            return unknown.ToProblem();
        var question = sent.Body.ToQuery().ToQuestion();
        var name = string.IsNullOrWhiteSpace(sent.Body.Name) ? $"First experiment: {FirstStepsWords.Offer(question).En}" : sent.Body.Name;
        var made = await planner.PlanAsync(question, name, http.ApiActor(), stop);
        if (!made.Succeeded)
            return made.Failure.ToProblem();
        var draft = (await campaigns.GetAsync(made.Value, stop))!;
        return Results.Created($"{Api.Prefix}/campaigns/{made.Value}", new PlannedExperiment(made.Value, draft.Name, draft.Rules.Experiment.HoldoutPercent, draft.Rules.Experiment.AttributionDays));
    }

    /// <summary>The offer weighed.</summary>
    public sealed record OfferQuery(decimal? Spend, decimal? Off, decimal? Percent, int? Days, decimal? ContactCost, decimal? Margin, string? Segment)
    {
        public OfferQuestion ToQuestion()
        {
            var usual = FirstStepsService.Usual;
            return new OfferQuestion(Spend, Off, Off is null && Percent is null ? usual.Percent : Percent, Days ?? usual.Days, ContactCost ?? 0, Margin, string.IsNullOrEmpty(Segment) ? null : Segment);
        }
    }

    /// <summary>The offer to try, as in the query, and what the draft is called.</summary>
    public sealed record ExperimentInput(string? Name, decimal? Spend, decimal? Off, decimal? Percent, int? Days, decimal? ContactCost, decimal? Margin, string? Segment)
    {
        public OfferQuery ToQuery() => new(Spend, Off, Percent, Days, ContactCost, Margin, Segment);
    }

    public sealed record PlannedExperiment(Guid CampaignId, string Name, decimal HoldoutPercent, int AttributionDays);
}

/// <summary>Shares are 0..1, money major units of <c>currency</c>. <c>says</c> are the page's sentences.</summary>
public sealed record FirstStepsResource(
    FirstStep Step, string? Currency, ShopOrders? Orders, bool Described, RfmTable? Rfm, ResponseResource? Response, OfferEconomics? Offer,
    IReadOnlyList<SegmentBreakEven> Segments, FirstExperiment? Experiment, RegionRefusal? Regions, IReadOnlyList<PastCampaignResource> Campaigns, IReadOnlyList<BothLanguages> Says)
{
    public static FirstStepsResource Of(FirstStepsReport report)
    {
        List<BothLanguages?> says = [FirstStepsWords.OrdersOnly(report)];
        if (report.Orders is not null)
            says.AddRange([FirstStepsWords.Advice(report), FirstStepsWords.NotForWhom(report), FirstStepsWords.Offers(report), FirstStepsWords.Regions(report)]);
        says.AddRange([.. report.Campaigns.Select(FirstStepsWords.Campaign), FirstStepsWords.Together(report)]);
        return new FirstStepsResource(
            report.Step, report.Orders?.Currency, report.Orders, report.Described, report.Rfm, report.Response is { } response ? ResponseResource.Of(response) : null, report.Offer,
            report.Segments, report.Experiment, report.Regions, [.. report.Campaigns.Select(PastCampaignResource.Of)], [.. says.OfType<BothLanguages>()]);
    }
}

/// <summary>Chances to order in the next 30 days, and how they did on the newest window.</summary>
public sealed record ResponseResource(
    int Days, int TrainWindows, int TrainRows, int TestCustomers, double TestShare, double RocAuc, double LogLoss, double ConstantLogLoss, IReadOnlyList<CalibrationGroup> Calibration,
    IReadOnlyList<SegmentResponse> Segments)
{
    public static ResponseResource Of(OrderResponse r) =>
        new(OrderResponse.Days, r.TrainWindows, r.TrainRows, r.TestCustomers, r.TestShare, r.RocAuc, r.LogLoss, r.ConstantLogLoss, r.Calibration.Groups, r.Segments);
}
