using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>Nothing to choose: all that waits goes.</summary>
public sealed record CompactEvents;

/// <summary>Puts events that arrived by API into the lake. Run twice, or killed and run again, each event is there once.</summary>
internal sealed class CompactEventsJob(EventCompaction compaction) : IJob
{
    public const string Kind = "compact-events";

    private static readonly JobStage Writing = new("writing-events");

    public static readonly JobKind Declared = new(Kind, Writing);

    /// <param name="Written">Rows that came into the lake.</param>
    public sealed record Result(long Written);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await context.ReportAsync(Writing, 0, cancellationToken);
        // How many wait is not known beforehand: more come in meanwhile.
        return new Result(await compaction.RunAsync(written => context.ReportAsync(Writing, 0.5, cancellationToken), cancellationToken));
    }
}
