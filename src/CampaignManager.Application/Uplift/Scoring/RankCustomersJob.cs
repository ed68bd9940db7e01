using CampaignManager.Application.Audiences;
using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Uplift.Scoring;

/// <summary>What the ranking goes by is found when it runs: the version in use then, and its last whole run.</summary>
public sealed record RankCustomers;

/// <summary>Makes the segments by uplift again from the scores that stand, after another version came into use.</summary>
internal sealed class RankCustomersJob(SegmentService segments) : IJob
{
    public const string Kind = "rank-customers";

    public static readonly JobKind Declared = new(Kind, JobStage.Segments);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await context.ReportAsync(JobStage.Segments, 0, cancellationToken);
        var source = await segments.RankAsync(cancellationToken);
        await context.LogAsync(CustomerRanking.Sentence(source), cancellationToken);
        return source;
    }
}
