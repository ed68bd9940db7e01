using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.TrainingData;

/// <param name="AsOf">UTC; null takes the moment the run was asked for, which a second try of it takes as well.</param>
public sealed record ComputeFeatures(DateTime? AsOf = null);

/// <summary>Features of all customers as of now, segments, and the training table over past campaigns. Running it twice writes the same files again.</summary>
internal sealed class ComputeFeaturesJob(FeatureService features) : IJob
{
    public const string Kind = "compute-features";

    public static readonly JobKind Declared = new(Kind, JobStage.Features, JobStage.Segments, JobStage.TrainingTable);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var asOf = context.Arguments<ComputeFeatures>().AsOf ?? context.RequestedAt;
        await features.ComputeAsync(
            asOf, FeatureScope.All, (stage, share) => context.ReportAsync(stage, share, cancellationToken), context, cancellationToken);
        return new ComputeFeatures(asOf);
    }
}

/// <summary>Features of all customers as of now and the segments that follow from them, without the training table.</summary>
internal sealed class ComputeSegmentsJob(FeatureService features) : IJob
{
    public const string Kind = "compute-segments";

    public static readonly JobKind Declared = new(Kind, JobStage.Features, JobStage.Segments, JobStage.TrainingTable);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var asOf = context.Arguments<ComputeFeatures>().AsOf ?? context.RequestedAt;
        await features.ComputeAsync(
            asOf, FeatureScope.Current, (stage, share) => context.ReportAsync(stage, share, cancellationToken), context, cancellationToken);
        return new ComputeFeatures(asOf);
    }
}
