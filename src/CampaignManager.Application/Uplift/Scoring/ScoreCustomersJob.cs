using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Uplift.Scoring;

/// <summary>
/// Scores all of the shop's customers, bucket by bucket, in parts that any worker takes. A bucket's file appears whole or not at all, and one that stands on the same basis is kept: a run that is
/// killed and starts again goes on where it was.
/// </summary>
public sealed class ScoreCustomersJob(
    ModelService models, ModelStore store, CustomerScores scores, StaleScores stale, FeatureService features, SegmentService segments,
    SettingsService settings, IDbContextFactory<AppDbContext> contexts, JobParts parts, DataLake lake) : IJob
{
    public const string Kind = "score-customers";

    public static readonly JobKind Declared = new(Kind, JobStage.PreparingFeatures, JobStage.Features, JobStage.Scoring, JobStage.Segments);

    private const double Prepared = 0.1;

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        Task SayAsync(string code, FormattableString text) => context.LogAsync(JobSentence.Of(code, text), cancellationToken);
        await context.ReportAsync(JobStage.PreparingFeatures, 0, cancellationToken);
        var id = context.Arguments<ScoreCustomers>().ModelId ?? (await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken))?.Id
            ?? throw new JobFailedException("no-model-in-use", $"No model of the shop is in use yet. Train one first.");
        var manifest = await LoadAsync(id, cancellationToken);
        var shop = await settings.GetAsync(cancellationToken);
        if (!manifest.CountsIn(AmountUnit.Of(shop)))
            throw new JobFailedException("model-other-amounts", $"{ModelService.OtherAmounts.Message}");
        await features.EnsureAsync(
            context.RequestedAt, (stage, share) => context.ReportAsync(stage, Prepared * share, cancellationToken), context, cancellationToken);
        var reference = await ReferenceAsync(manifest, shop, cancellationToken);
        using var snapshot = await Task.Run(() => new CustomerSnapshot(lake, reference?.Offer, cancellationToken), cancellationToken);
        var basis = new ScoreBasis(
            id, manifest.Files[ModelManifest.ModelFile], await FileHash.OfAsync(snapshot.Copy, cancellationToken), reference?.CampaignId, reference is null ? null : RulesJson.Write(reference.Rules));
        if (reference is not null)
            await SayAsync("scored-for-offer", $"Everyone is scored for the offer of the newest campaign the model learnt from: {reference.Name}.");
        if (snapshot.Missing(manifest.Features) is { Count: > 0 } missing)
            await SayAsync("features-gone", $"The customers have no {string.Join(", ", missing)} any more; they count as missing.");
        if ((await scores.RunAsync(id, cancellationToken))?.Basis != basis)
            scores.Open(basis);

        var buckets = await parts.RunAsync<BucketDone>(
            context, ScoreBucketPart.Work, lake.Buckets, new ScoreBuckets(basis, snapshot.RelativeParts),
            share => context.ReportAsync(JobStage.Scoring, Prepared + ((1 - Prepared) * share), cancellationToken), cancellationToken);
        var (done, kept) = (buckets.Select(b => b.Bucket).ToList(), buckets.Count(b => b.Kept));
        var rows = done.Sum(b => b.Rows);
        await scores.SealAsync(
            new ScoredRun(basis, context.RequestedAt, snapshot.At, reference?.Name, [.. manifest.Arms.Skip(1)], rows, done.ToDictionary(b => b.Bucket, b => b.Sha256)), cancellationToken);
        await SayAsync("customers-scored", $"Scored {rows:N0} customers in {lake.Buckets} buckets, {kept} of which stood already.");
        await context.ReportAsync(JobStage.Segments, 1, cancellationToken);
        await context.LogAsync(CustomerRanking.Sentence(await segments.RankAsync(cancellationToken)), cancellationToken);
        if (await stale.ClearAsync(cancellationToken) is > 0 and var cleared)
            await SayAsync("scores-cleared", $"Cleared the scores of {cleared} earlier versions.");
        return new ScoreCustomersResult(id, rows, done.Count - kept, kept, reference?.CampaignId, reference?.Name);
    }

    private async Task<ModelManifest> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            var (manifest, _) = await store.LoadAsync(id, cancellationToken);
            return manifest.ExperimentId is null ? manifest : throw new JobFailedException("not-the-shops-model", $"Only a model of the shop's own campaigns can score the shop's customers.");
        }
        catch (ModelDamagedException damage)
        {
            throw new JobFailedException("model-damaged", $"{damage.Message}");
        }
    }

    /// <summary>The newest campaign the model learnt from; null when the model looks at no offer.</summary>
    private async Task<Reference?> ReferenceAsync(ModelManifest manifest, ShopSettings shop, CancellationToken cancellationToken)
    {
        if (manifest.Features.All(f => f.Kind != FeatureKind.Offer))
            return null;
        if (await NewestCampaignAsync(manifest, cancellationToken) is not { } id)
            throw new JobFailedException("campaigns-unknown", $"It is not known which campaigns this version learnt from. Train again.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Campaigns.AsNoTracking().Where(c => c.Id == id).Select(c => new { c.Name, c.RulesJson }).SingleOrDefaultAsync(cancellationToken) is not { } campaign)
            throw new JobFailedException("newest-campaign-gone", $"The newest campaign this version learnt from is gone. Train again.");
        var rules = RulesJson.Read(campaign.RulesJson);
        return new Reference(id, campaign.Name, rules, PlannedOffer.Of(rules, shop));
    }

    private async Task<Guid?> NewestCampaignAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            if (manifest.Files.ContainsKey(ReferenceProfile.FileName)
                && (await ReferenceProfile.LoadAsync(await store.VerifiedPathAsync(manifest.Id, ReferenceProfile.FileName, cancellationToken), cancellationToken)).ScoredCampaign is { } newest)
                return Guid.TryParse(newest, out var campaign) ? campaign : null;
            if (!manifest.Files.ContainsKey(ModelManifest.NuisancesFile))
                return null;
            // Rows stand campaign after campaign, the newest last.
            var path = await store.VerifiedPathAsync(manifest.Id, ModelManifest.NuisancesFile, cancellationToken);
            using var connection = lake.Open(threads: 1);
            return Guid.TryParse(connection.Query($"SELECT campaign_id FROM read_parquet('{DataLake.Quote(path)}') ORDER BY \"row\" DESC LIMIT 1", r => r.GetString(0)).FirstOrDefault(), out var last) ? last : null;
        }
        catch (Exception damage) when (damage is ModelDamagedException or InvalidDataException)
        {
            throw new JobFailedException("model-damaged", $"{damage.Message}");
        }
    }

    private sealed record Reference(Guid CampaignId, string Name, CampaignRules Rules, PlannedOffer Offer);
}
