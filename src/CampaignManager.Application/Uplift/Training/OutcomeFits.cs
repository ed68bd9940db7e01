using CampaignManager.Application.Jobs;
using CampaignManager.Application.TrainingData;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>A run's fits of one outcome after another, all on one encoding of the table.</summary>
internal sealed class OutcomeFits(JobContext context, TrainingRequest request, TimeBudget? budget)
{
    /// <param name="outcomes">The one asked for among them.</param>
    /// <param name="from">The run's progress when it begins.</param>
    /// <param name="to">The run's progress when all are fitted.</param>
    public async Task<Dictionary<string, TrainedUplift>> RunAsync(UpliftTable table, string[] outcomes, double from, double to, CancellationToken cancellationToken)
    {
        var trained = new Dictionary<string, TrainedUplift>();
        await context.ReportAsync(JobStage.Training, from, cancellationToken);
        var data = EncodedTable.Of(table, request.Seed);
        // The one asked for comes last: what the others took is known then, and not spent on further drawings.
        outcomes = [.. outcomes.Where(o => o != request.Outcome), request.Outcome!];
        for (var k = 0; k < outcomes.Length; k++)
        {
            Task Report(double share) => context.ReportAsync(JobStage.Training, from + (to - from) * (k + share) / outcomes.Length, cancellationToken);
            await Report(0);
            // What the planner needs beside the outcome asked for are nuisances, and for those one learner is enough.
            var plan = outcomes[k] == request.Outcome
                ? new TrainingPlan(request.Learner!, request.Base!, request.Seed, budget is null ? null : budget.OfArm)
                : new TrainingPlan("s", Seed: request.Seed);
            var fitted = trained[outcomes[k]] = await UpliftTraining.RunAsync(table, data, outcomes[k], plan, Report, cancellationToken);
            StageMemory.Release(table.Count);
            await context.LogAsync(TrainingSentences.Fitted(outcomes[k], plan.Learner, data.Split.Train.Length), cancellationToken);
            foreach (var (choice, arm) in fitted.Choices.Select((c, i) => (c, table.Manifest.Arms[i + 1])))
            {
                if (choice.LeftOut is { } leftOut)
                    await context.LogAsync(TrainingSentences.LeftOut(arm, leftOut), cancellationToken);
                await context.LogAsync(TrainingSentences.Of(arm, choice), cancellationToken);
            }
        }

        return trained;
    }
}
