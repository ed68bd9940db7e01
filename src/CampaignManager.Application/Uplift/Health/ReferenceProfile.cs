using System.Text.Json;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Health;

/// <summary>How one feature, or the score of one arm, was spread: counts by bin, the last of them missing.</summary>
/// <param name="Name">Column name, or the arm.</param>
/// <param name="Cuts">Between the bins of a number; empty for words.</param>
/// <param name="Levels">The words that have a bin; all others share the one after them. Empty for numbers.</param>
/// <param name="Counts">Numbers: cuts + 1 bins; words: levels + "other"; then missing.</param>
public sealed record Spread(string Name, string Label, bool IsNumber, double[] Cuts, string[] Levels, long[] Counts)
{
    private const int MostLevels = 20;

    public long Total => Counts.Sum();

    public double MissingShare => Total == 0 ? 0 : (double)Counts[^1] / Total;

    public static Spread OfNumbers(string name, string label, IEnumerable<double> values)
    {
        var cuts = PopulationStability.Cuts(values);
        return new Spread(name, label, true, cuts, [], PopulationStability.Counts(values, cuts));
    }

    public static Spread OfWords(string name, string label, IReadOnlyDictionary<string, long> counts, long missing)
    {
        var kept = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostLevels).ToList();
        return new Spread(name, label, false, [], [.. kept.Select(c => c.Key)], [.. kept.Select(c => c.Value), counts.Values.Sum() - kept.Sum(c => c.Value), missing]);
    }

    /// <summary>Other values over these bins.</summary>
    public long[] CountsOf(FeatureColumn column)
    {
        if (IsNumber)
            return PopulationStability.Counts(column.Values.Select(v => (double)v), Cuts);
        var binOf = column.Levels.Select(level => Array.IndexOf(Levels, level) is >= 0 and var at ? at : Levels.Length).ToArray();
        var counts = new long[Levels.Length + 2];
        foreach (var value in column.Values)
            counts[float.IsNaN(value) ? ^1 : binOf[(int)value]]++;
        return counts;
    }
}

/// <summary>
/// What the customers were like that a model learnt from, kept in its folder: later populations are held against it. Offers are left out: they are decided, they do
/// not drift. So are the shop's features that lean on the mean of a campaign's customers: with another group the mean is another, whoever the customers are.
/// </summary>
/// <param name="Scores">Predicted uplift by treated arm, on held-out rows of <paramref name="ScoredCampaign"/>; empty where these are few.</param>
/// <param name="ScoredCampaign">The newest campaign of the data; null where there is only one.</param>
public sealed record ReferenceProfile(IReadOnlyList<Spread> Features, IReadOnlyList<Spread> Scores, string? ScoredCampaign)
{
    public const string FileName = "profile.json";

    /// <summary>Fewer say more about chance than about drift.</summary>
    private const int FewestScores = 200;

    /// <param name="shop">Whether the table is the shop's own.</param>
    public static ReferenceProfile Of(UpliftTable table, TrainedUplift trained, bool shop)
    {
        // Rows stand campaign after campaign, so the last is of the newest; one offer's scores can be held against one offer's.
        var newest = table.CampaignIds.Length > 0 && table.CampaignIds[0] != table.CampaignIds[^1] ? table.CampaignIds[^1] : null;
        // Held-out rows alone have the scores of the fit that is served; training rows have those of five fits on less.
        var scored = trained.Split.Test.Where(i => newest is null || table.CampaignIds[i] == newest).ToArray();
        return new ReferenceProfile(
            [.. table.Features.Where(f => f.Kind != FeatureKind.Offer && !(shop && FeatureSql.IsSmoothed(f.Name))).Select(SpreadOf)],
            scored.Length < FewestScores ? [] : [.. table.Manifest.Arms.Skip(1).Select((arm, a) => Spread.OfNumbers(arm, arm, scored.Select(i => trained.Uplift(a + 1, i))))],
            newest);
    }

    public Task SaveAsync(string path, CancellationToken cancellationToken) => File.WriteAllTextAsync(path, ModelJson.Write(this), cancellationToken);

    /// <exception cref="InvalidDataException">The file is not readable.</exception>
    public static async Task<ReferenceProfile> LoadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return ModelJson.Read<ReferenceProfile>(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException("The reference profile is not readable.", wrong);
        }
    }

    private static Spread SpreadOf(FeatureColumn feature)
    {
        if (feature.Kind != FeatureKind.Categorical)
            return Spread.OfNumbers(feature.Name, feature.Label, feature.Values.Select(v => (double)v));
        var counts = new long[feature.Levels.Count];
        foreach (var value in feature.Values.Where(v => !float.IsNaN(v)))
            counts[(int)value]++;
        return Spread.OfWords(feature.Name, feature.Label, feature.Levels.Zip(counts).ToDictionary(p => p.First, p => p.Second), feature.Values.Count(float.IsNaN));
    }
}
