using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Campaigns.Results;

/// <summary>What experiments have shown, over HTTP.</summary>
public static class ResultsApi
{
    public static void MapResultsApi(this IEndpointRouteBuilder api)
    {
        api.MapGroup("/campaigns").WithTags("Campaigns").RequireScope(Scopes.Campaigns).MapGet("/{id:guid}/results", CampaignAsync)
            .WithSummary("What a campaign has brought: decision, metrics, segments, health. `reading` is `final`, `soFar`, `first:7` or `after:28`; `segment` names dimensions")
            .Produces<ResultResource>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGroup("/experiments").WithTags("Experiments").RequireScope(Scopes.Campaigns).MapGet("/{id:guid}/results", DataSetAsync)
            .WithName("getExperimentResults").WithSummary("Results of an imported experiment: `segment` names the features that make segments, `covariate` the number known before")
            .Produces<ResultResource>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> CampaignAsync(Guid id, string? reading, string? segment, ResultService results, CancellationToken stop)
    {
        var read = await results.ReadAsync(id, stop);
        if (!read.Succeeded)
            return read.Failure.ToProblem();
        return Find(read.Value, reading).ToOk(found => ResultResource.Of(read.Value, found, Names(segment)));
    }

    private static async Task<IResult> DataSetAsync(Guid id, string? segment, string? covariate, DataSetResults results, CancellationToken stop) =>
        (await results.ReadAsync(id, new DataSetReading(covariate, Names(segment)), stop)).ToOk(result => ResultResource.Of(result, result.Now, null));

    private static string[]? Names(string? segment) => segment?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The reading that a call asks for; null takes the one that counts now.</summary>
    private static Outcome<ReadingResult?> Find(ExperimentResult result, string? reading)
    {
        if (string.IsNullOrEmpty(reading))
            return Outcome<ReadingResult?>.Of(result.Now);
        var parts = reading.Split(':');
        (OutcomeReading Kind, int Days)? asked = parts switch
        {
            ["final"] => (OutcomeReading.Final, 0),
            ["soFar"] => (OutcomeReading.SoFar, 0),
            ["first", var days] when int.TryParse(days, out var d) && d > 0 => (OutcomeReading.FirstDays, d),
            ["after", var days] when int.TryParse(days, out var d) && d > 0 => (OutcomeReading.After, d),
            _ => null,
        };
        if (asked is not { } wanted)
            return Failure.Invalid("reading", "A reading is final, soFar, first:7 or after:28.");
        return result.Readings.Concat(result.After).FirstOrDefault(r => (r.Reading, r.Days) == wanted) is { } found
            ? Outcome<ReadingResult?>.Of(found) : Failure.Conflict("reading-not-there", "There is no such reading yet.");
    }
}
