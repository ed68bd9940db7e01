using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>What may be chosen of a data set's page, since nobody registered it.</summary>
/// <param name="Covariate">Header of the number known before; null takes one whose name says so.</param>
/// <param name="Dimensions">Headers of the features that make segments; null takes all with few values.</param>
public sealed record DataSetReading(string? Covariate = null, IReadOnlyList<string>? Dimensions = null);

/// <summary>Results of imported experiments, as of a campaign's.</summary>
public sealed partial class DataSetResults(DataLake lake, DataSetService dataSets, TimeProvider time)
{
    private const int MostSegments = 20, MostDimensions = 8;
    private const double EqualAbove = 0.001, SameChance = 1e-9;

    public async Task<Outcome<ExperimentResult>> ReadAsync(Guid id, DataSetReading reading, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (await dataSets.ManifestAsync(id, cancellationToken) is not { } manifest)
            return Failure.NotFound("The experiment");
        if (!manifest.Randomised)
            return Failure.Conflict("arms-not-drawn", "Its arms were not drawn at random, so their difference is not the offer's effect.");
        if (Unknown(manifest, reading) is { } unknown)
            return Failure.Invalid("segment", $"There is no feature '{unknown}'.");
        var sums = await Task.Run(() => Count(manifest, reading, cancellationToken), cancellationToken);
        return sums is null
            ? Failure.Conflict("uneven-chances", "Customers were drawn into the arms with different chances, which a plain comparison would take for an effect.")
            : ResultReader.Read(sums, ExperimentDesign.OfDataSet);
    }

    /// <summary>Features that may make segments.</summary>
    public static IReadOnlyList<string> DimensionsOf(DataSetManifest manifest) => [.. manifest.Features.Where(IsDimension).Select(f => f.Label)];

    /// <summary>Numbers that may be the covariate.</summary>
    public static IReadOnlyList<string> CovariatesOf(DataSetManifest manifest) => [.. manifest.Features.Where(f => f.Kind == "numeric").Select(f => f.Label)];

    private ExperimentSums? Count(DataSetManifest manifest, DataSetReading reading, CancellationToken cancel)
    {
        using var connection = lake.Open();
        var table = lake.SourceOf($"{DataSetManifest.FolderOf(manifest.ExperimentId)}/{UpliftTableManifest.TableFile}");
        var spread = connection.Scalar<double>($"SELECT coalesce(max(s), 0) FROM (SELECT max(propensity) - min(propensity) AS s FROM {table} GROUP BY arm)");
        if (spread > SameChance)
            return null;
        var (arms, planned) = Plan(manifest);
        var covariate = manifest.Features.FirstOrDefault(f => f.Kind == "numeric" && (reading.Covariate is { } named ? f.Label == named : Before().IsMatch(f.Label)));
        var dimensions = reading.Dimensions is { } chosen ? manifest.Features.Where(f => chosen.Contains(f.Label)) : manifest.Features.Where(IsDimension).Take(MostDimensions);
        return new DataSetSums(connection, table, manifest, covariate, [.. dimensions]).Read(time.GetUtcNow().UtcDateTime, arms, planned, cancel);
    }

    private static string? Unknown(DataSetManifest manifest, DataSetReading reading) =>
        (reading.Dimensions ?? []).Concat(reading.Covariate is { } c ? [c] : []).FirstOrDefault(name => manifest.Features.All(f => f.Label != name));

    private static bool IsDimension(DataSetFeature feature) => feature.Kind == "numeric" ? feature.Distinct == 2 : feature.Distinct is >= 2 and <= MostSegments;

    // With which shares the arms were drawn is often not said. Arms of one size were: then that can be checked. Else it cannot.
    private static (IReadOnlyList<PlannedArm> Arms, bool Planned) Plan(DataSetManifest manifest)
    {
        var all = (double)manifest.ArmCounts.Sum(a => a.Rows);
        var k = manifest.ArmCounts.Count;
        if (manifest.Propensity.Value is { } given)
            return ([.. manifest.ArmCounts.Select((a, i) => new PlannedArm(a.Label, i == 0 ? 1 - given : given / (k - 1)))], true);
        var equal = Engine.Experiments.SampleRatio.Test([.. manifest.ArmCounts.Select(a => a.Rows)], [.. manifest.ArmCounts.Select(_ => 1.0)]).PValue > EqualAbove;
        return ([.. manifest.ArmCounts.Select(a => new PlannedArm(a.Label, equal ? 1.0 / k : a.Rows / all))], equal);
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^(history|past|prior|previous|before|pre)([_ .-]|$)|(before|历史|之前)$|^历史", System.Text.RegularExpressions.RegexOptions.IgnoreCase)]
    private static partial System.Text.RegularExpressions.Regex Before();
}
