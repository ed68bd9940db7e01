using System.Text.Json;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Uplift.Models;

namespace CampaignManager.Application.TrainingData;

/// <summary>Data a model can be trained on.</summary>
/// <param name="ExperimentId">Null for the shop's own past campaigns.</param>
/// <param name="Arms">Control first.</param>
/// <param name="Randomised">False for observational data.</param>
public sealed record TrainingSource(Guid? ExperimentId, string Name, IReadOnlyList<string> Arms, IReadOnlyList<UpliftOutcome> Outcomes, bool Randomised = true)
{
    /// <summary>What the shop's own table has, known before it is made.</summary>
    public static TrainingSource Shop { get; } = new(null, ModelVersion.ShopScope, ["control", "treated"],
    [
        new UpliftOutcome("converted", UpliftOutcome.Binary), new UpliftOutcome("margin", UpliftOutcome.Money),
        new UpliftOutcome("revenue", UpliftOutcome.Money), new UpliftOutcome("discount", UpliftOutcome.Money),
    ]);
}

/// <summary>Finds them: the shop, and every imported experiment in the lake.</summary>
public sealed class TrainingSources(DataLake lake)
{
    public async Task<IReadOnlyList<TrainingSource>> ListAsync(CancellationToken cancellationToken)
    {
        var sources = new List<TrainingSource> { TrainingSource.Shop };
        var folder = lake.PathTo(UpliftTableManifest.ExperimentsFolder);
        if (!Directory.Exists(folder))
            return sources;
        foreach (var experiment in Directory.GetDirectories(folder))
        {
            if (Guid.TryParse(Path.GetFileName(experiment), out var id) && await FindAsync(id, cancellationToken) is { } source)
                sources.Add(source);
        }

        return [.. sources.OrderBy(s => s.ExperimentId is not null).ThenBy(s => s.Name, StringComparer.CurrentCulture).ThenBy(s => s.ExperimentId)];
    }

    public async Task<TrainingSource?> FindAsync(Guid? experimentId, CancellationToken cancellationToken)
    {
        if (experimentId is not { } id)
            return TrainingSource.Shop;
        var path = lake.PathTo(Path.Combine(UpliftTableManifest.ExperimentFolder(id), UpliftTableManifest.ManifestFile));
        if (!File.Exists(path))
            return null;
        try
        {
            var manifest = UpliftTableManifest.Parse(await File.ReadAllTextAsync(path, cancellationToken));
            return new TrainingSource(id, manifest.Name, manifest.Arms, manifest.Outcomes, manifest.Randomised);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
