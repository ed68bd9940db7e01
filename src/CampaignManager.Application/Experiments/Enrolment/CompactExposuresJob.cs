using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>Nothing to choose: all that waits goes.</summary>
public sealed record CompactExposures;

/// <summary>Puts exposures into the lake. Run twice, or killed and run again, each is there once.</summary>
internal sealed class CompactExposuresJob(ExposureCompaction compaction) : IJob
{
    public const string Kind = "compact-exposures";

    public static readonly JobKind Declared = new(Kind);

    /// <param name="Written">Rows that came into the lake.</param>
    public sealed record Result(long Written);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken) => new Result(await compaction.RunAsync(cancellationToken));
}
