using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Uplift.Scoring;

/// <param name="Basis">What the scores hang on: a bucket that stands on it is done.</param>
/// <param name="Snapshot">Where the customers lie, bucket by bucket (<see cref="CustomerSnapshot.RelativeParts"/>).</param>
internal sealed record ScoreBuckets(ScoreBasis Basis, string Snapshot);

/// <param name="Kept">It stood already.</param>
internal sealed record BucketDone(ScoredBucket Bucket, bool Kept);

/// <summary>Scores the customers of one bucket. Its file appears whole or not at all.</summary>
internal sealed class ScoreBucketPart(DataLake lake, CustomerScores scores, ModelStore store) : IJobPart
{
    public const string Work = "score-bucket";

    private (ModelManifest Manifest, StoredModel Stored)? model;

    public async Task<object?> RunAsync(PartContext part, CancellationToken cancellationToken)
    {
        var (basis, snapshot) = part.Arguments<ScoreBuckets>();
        if (await scores.FindAsync(basis, part.Number, cancellationToken) is { } standing)
            return new BucketDone(standing, true);
        var (manifest, stored) = model ??= await LoadAsync(basis.ModelId, cancellationToken);
        var count = await Task.Run(
            () =>
            {
                var table = CustomerSnapshot.Read(lake, snapshot, part.Number, manifest);
                var predicted = table is null ? null : ModelScorer.Score(manifest, stored, table, cancellationToken);
                var file = CustomerScores.FileOf(basis.ModelId, part.Number);
                TrainingScoreFiles.WriteCustomers(lake, table?.CustomerIds ?? [], predicted, manifest.Arms.Count - 1, file, cancellationToken);
                return table?.Count ?? 0;
            },
            cancellationToken);
        return new BucketDone(await scores.SealAsync(basis, part.Number, count, cancellationToken), false);
    }

    private async Task<(ModelManifest Manifest, StoredModel Stored)> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await store.LoadAsync(id, cancellationToken);
        }
        catch (ModelDamagedException damage)
        {
            throw new JobFailedException("model-damaged", $"{damage.Message}");
        }
    }
}
