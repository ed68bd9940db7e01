using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Engine.Uplift;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Uplift.Health;

/// <summary>Holds what a version learnt from against the shop's customers of now, or against another experiment's table.</summary>
public sealed class DriftService(ModelService models, ModelStore store, UpliftTableReader tables, TrainingSources sources, CustomerScores scores, DataLake lake)
{
    /// <param name="against">An experiment; null takes the shop's customers.</param>
    public async Task<Outcome<DriftReport>> CheckAsync(Guid modelId, Guid? against, CancellationToken cancellationToken)
    {
        var found = await models.FindAsync(modelId, cancellationToken);
        if (!found.Succeeded)
            return found.Failure;
        if (found.Value.Manifest is not { } manifest)
            return DriftReport.Unknown(NoDrift.Damaged);
        if (!manifest.Files.ContainsKey(ReferenceProfile.FileName))
            return DriftReport.Unknown(NoDrift.NoProfile);
        try
        {
            var profile = await ReferenceProfile.LoadAsync(await store.VerifiedPathAsync(modelId, ReferenceProfile.FileName, cancellationToken), cancellationToken);
            if (against is { } experiment)
                return await AgainstExperimentAsync(manifest, profile, experiment, cancellationToken);
            return manifest.ExperimentId is null && File.Exists(lake.PathTo(CustomerFeatures.CurrentFile))
                ? await Task.Run(async () => AgainstShop(profile, await scores.RunAsync(modelId, cancellationToken), cancellationToken), cancellationToken)
                : DriftReport.Unknown(NoDrift.NothingToCompare);
        }
        catch (Exception damage) when (damage is ModelDamagedException or InvalidDataException)
        {
            return DriftReport.Unknown(NoDrift.Damaged);
        }
    }

    /// <summary>Experiments, other than its own, that have every feature the version wants.</summary>
    public async Task<IReadOnlyList<TrainingSource>> ComparableAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        var wanted = manifest.Features.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        var comparable = new List<TrainingSource>();
        using var connection = lake.Open(threads: 1);
        foreach (var source in (await sources.ListAsync(cancellationToken)).Where(s => s.ExperimentId is not null && s.ExperimentId != manifest.ExperimentId))
        {
            var file = Path.Combine(UpliftTableManifest.ExperimentFolder(source.ExperimentId!.Value), UpliftTableManifest.TableFile);
            if (File.Exists(lake.PathTo(file)) && wanted.IsSubsetOf(connection.Query($"DESCRIBE SELECT * FROM {lake.SourceOf(file)}", r => r.GetString(0))))
                comparable.Add(source);
        }

        return comparable;
    }

    private async Task<DriftReport> AgainstExperimentAsync(ModelManifest manifest, ReferenceProfile profile, Guid experiment, CancellationToken cancellationToken)
    {
        if (!File.Exists(lake.PathTo(Path.Combine(UpliftTableManifest.ExperimentFolder(experiment), UpliftTableManifest.TableFile))))
            return DriftReport.Unknown(NoDrift.NothingToCompare);
        var table = await tables.ReadAsync(UpliftTableManifest.ExperimentFolder(experiment), cancellationToken);
        var columns = table.Features.ToDictionary(f => f.Name, StringComparer.Ordinal);
        if (!manifest.Features.All(f => columns.ContainsKey(f.Name)))
            return DriftReport.Unknown(NoDrift.NothingToCompare);
        var (_, stored) = await store.LoadAsync(manifest.Id, cancellationToken);
        var predicted = await Task.Run(() => ModelScorer.Score(manifest, stored, table, cancellationToken), cancellationToken);
        return new DriftReport(
            table.Count, null,
            Sorted(profile.Features.Select(f => Of(f, f.CountsOf(columns[f.Name])))),
            [.. profile.Scores.Select((s, arm) => Of(s, PopulationStability.Counts(predicted.Uplift[arm], s.Cuts)))],
            null);
    }

    private DriftReport AgainstShop(ReferenceProfile profile, ScoredRun? run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var source = lake.SourceOf(CustomerFeatures.CurrentFile);
        using var connection = lake.Open();
        var columns = connection.Query($"DESCRIBE SELECT * FROM {source}", r => r.GetString(0)).ToHashSet(StringComparer.Ordinal);
        var known = profile.Features.Where(f => columns.Contains(f.Name)).ToList();
        var numbers = NumberCounts(connection, source, [.. known.Where(f => f.IsNumber)]);
        var features = known.Select(f => f.IsNumber ? OfNumber(f, numbers[f.Name]) : Of(f, WordCounts(connection, source, f)))
            .Concat(profile.Features.Where(f => !columns.Contains(f.Name)).Select(f => new Drifted(f.Name, f.Label, null, f.MissingShare, 1)));
        return new DriftReport(
            connection.Scalar<long>($"SELECT count(*) FROM {source}"), File.GetLastWriteTimeUtc(lake.PathTo(CustomerFeatures.CurrentFile)), Sorted(features), Scores(connection, profile, run), null);
    }

    /// <summary>All numbers in one pass. Training held them in single precision, so a value on a cut must be read that way too.</summary>
    private static Dictionary<string, long[]> NumberCounts(DuckDBConnection connection, string source, IReadOnlyList<Spread> features)
    {
        if (features.Count == 0)
            return [];
        static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        var parts = features.SelectMany(f => f.Cuts.Select(cut => Sql($"count(*) FILTER (\"{f.Name}\"::FLOAT <= {cut:R}::FLOAT)")).Append($"count(\"{f.Name}\")")).Append("count(*)");
        return connection.Query($"SELECT {string.Join(", ", parts)} FROM {source}", r =>
        {
            var (at, counts) = (0, new Dictionary<string, long[]>(StringComparer.Ordinal));
            var all = r.GetInt64(r.FieldCount - 1);
            foreach (var feature in features)
            {
                var below = 0L;
                var bins = new long[feature.Cuts.Length + 2];
                for (var bin = 0; bin <= feature.Cuts.Length; bin++)
                {
                    var upTo = r.GetInt64(at++);
                    (bins[bin], below) = (upTo - below, upTo);
                }

                bins[^1] = all - below;
                counts[feature.Name] = bins;
            }

            return counts;
        })[0];
    }

    // The scores of now are those of the last run over all customers, where it took the offer that the reference has.
    private IReadOnlyList<Drifted> Scores(DuckDBConnection connection, ReferenceProfile profile, ScoredRun? run)
    {
        if (run is null || (profile.ScoredCampaign is { } campaign && campaign != run.Basis.CampaignId?.ToString()))
            return [];
        return [.. profile.Scores.Select((s, arm) => Of(s, PopulationStability.Counts(connection.Query($"SELECT uplift_{arm + 1} FROM {scores.SourceOf(run.ModelId)}", r => r.GetDouble(0)), s.Cuts)))];
    }

    private static long[] WordCounts(DuckDBConnection connection, string source, Spread feature)
    {
        var counts = new long[feature.Levels.Length + 2];
        foreach (var (word, count) in connection.Query($"SELECT \"{feature.Name}\"::VARCHAR, count(*) FROM {source} GROUP BY 1", r => (r.IsDBNull(0) ? null : r.GetString(0), r.GetInt64(1))))
            counts[word is null ? ^1 : Array.IndexOf(feature.Levels, word) is >= 0 and var at ? at : feature.Levels.Length] += count;
        return counts;
    }

    /// <summary>
    /// A count is missing only where no source covered its days. A young shop's early campaigns have few days behind them, its customers of now have all:
    /// that more is known is no other population, so only what is known is compared. That less is known counts as any move.
    /// </summary>
    internal static Drifted OfNumber(Spread then, long[] now)
    {
        var all = Of(then, now);
        return all.MissingNow < all.MissingThen && FeatureSql.Covered.Any(f => f.Name == then.Name)
            ? all with { Psi = Index(then.Counts[..^1], now[..^1]) } : all;
    }

    private static double? Index(long[] then, long[] now) => PopulationStability.Index(then, now) is var psi && double.IsFinite(psi) ? psi : null;

    private static Drifted Of(Spread then, long[] now)
    {
        return new Drifted(then.Name, then.Label, Index(then.Counts, now), then.MissingShare, now.Sum() == 0 ? 0 : (double)now[^1] / now.Sum());
    }

    private static IReadOnlyList<Drifted> Sorted(IEnumerable<Drifted> features) => [.. features.OrderByDescending(f => f.Psi ?? double.PositiveInfinity).ThenBy(f => f.Name, StringComparer.Ordinal)];
}
