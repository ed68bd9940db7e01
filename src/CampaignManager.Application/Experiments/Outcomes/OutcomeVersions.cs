using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <param name="Name">Under which it is found.</param>
/// <param name="AsOf">UTC.</param>
public sealed record OutcomeVersionName(string Name, DateTime AsOf);

/// <summary>A figure of an arm that a later change moved.</summary>
/// <param name="Before">Total before, in minor units; null where there was none.</param>
/// <param name="After">Total now.</param>
public sealed record MovedFigure(int Epoch, OutcomeReading Reading, int Days, string Arm, OutcomeMetric Metric, Int128? Before, Int128? After);

/// <summary>A result as it was evaluated.</summary>
/// <param name="Inputs">Plan, rows, settings and how far was recorded, as a hash.</param>
/// <param name="Code">How it was counted.</param>
/// <param name="Provisional">Returns could still come in; otherwise it is frozen, and what changes later makes another version.</param>
/// <param name="Exposures">Customers and epochs in it.</param>
/// <param name="Moved">Of a frozen result what this one says otherwise.</param>
public sealed record OutcomeVersion(string Inputs, int Code, bool Provisional, long Exposures, IReadOnlyList<MovedFigure> Moved, ExperimentSums Sums);

/// <summary>Results as files beside the outcomes they were made of, none of them ever written again. Sums only, of nobody in particular.</summary>
internal sealed class OutcomeVersions(DataLake lake)
{
    private const string Moment = "yyyyMMdd'T'HHmmssfff";

    private static string HomeOf(Guid experiment) => $"{OutcomeFiles.FolderOf(experiment)}/results";

    public IReadOnlyList<OutcomeVersionName> List(Guid experiment)
    {
        var home = new DirectoryInfo(lake.PathTo(HomeOf(experiment)));
        return !home.Exists ? [] :
        [
            .. home.EnumerateFiles("*.json").Select(f => Path.GetFileNameWithoutExtension(f.Name)).OrderDescending(StringComparer.Ordinal).Select(n => new OutcomeVersionName(
                n, DateTime.ParseExact(n.Split('-')[0], Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal))),
        ];
    }

    public async Task<OutcomeVersion?> LastAsync(Guid experiment, CancellationToken cancel) =>
        List(experiment) is [var last, ..] ? await FindAsync(experiment, last.Name, cancel) : null;

    public async Task<OutcomeVersion?> FindAsync(Guid experiment, string name, CancellationToken cancel) =>
        List(experiment).Any(v => v.Name == name)
            ? JsonSerializer.Deserialize<OutcomeVersion>(await File.ReadAllTextAsync(lake.PathTo($"{HomeOf(experiment)}/{name}.json"), cancel), OutcomeJson.Options)
            : null;

    /// <returns>Whether it says anything that the last one did not.</returns>
    public async Task<bool> KeepAsync(Evaluated counted, CancellationToken cancel)
    {
        var sums = counted.Sums;
        var last = await LastAsync(sums.Experiment, cancel);
        var moved = last is { Provisional: false } ? Moved(last.Sums, sums) : [];
        if (last is not null && last.Provisional == sums.Provisional && Text(last.Sums with { AsOf = sums.AsOf, Freshness = sums.Freshness }) == Text(sums))
            return false;
        // The key of the result is in its name: the same run again writes the same file.
        var key = OutcomeFiles.Hash([counted.Inputs, OutcomeFiles.Form.ToString(CultureInfo.InvariantCulture), sums.Provisional.ToString(), Text(sums)])[..16];
        var exposures = sums.Epochs.SelectMany(e => e.Assigned).Where(a => a.Dimension == "").Sum(a => a.Customers);
        await lake.WriteTextAsync(
            JsonSerializer.Serialize(new OutcomeVersion(counted.Inputs, OutcomeFiles.Form, sums.Provisional, exposures, moved, sums), OutcomeJson.Options),
            $"{HomeOf(sums.Experiment)}/{sums.AsOf.ToString(Moment, CultureInfo.InvariantCulture)}-{key}.json", cancel);
        return true;
    }

    private static string Text(ExperimentSums sums) => JsonSerializer.Serialize(sums, OutcomeJson.Options);

    private static IReadOnlyList<MovedFigure> Moved(ExperimentSums before, ExperimentSums after)
    {
        var (was, now) = (Figures(before), Figures(after));
        return
        [
            .. was.Keys.Union(now.Keys).Where(k => was.GetValueOrDefault(k) != now.GetValueOrDefault(k)).Order().Select(k => new MovedFigure(
                k.Epoch, k.Reading, k.Days, k.Arm, k.Metric, was.TryGetValue(k, out var a) ? a.Sum : null, now.TryGetValue(k, out var b) ? b.Sum : null)),
        ];
    }

    private static Dictionary<(int Epoch, OutcomeReading Reading, int Days, string Arm, OutcomeMetric Metric), Engine.Experiments.Sums.OutcomeSums> Figures(ExperimentSums sums) =>
        (from epoch in sums.Epochs
         from reading in epoch.Readings
         from arm in reading.Arms
         from metric in arm.Metrics
         select ((epoch.Epoch, reading.Reading, reading.Days, arm.Arm, metric.Key), metric.Value)).ToDictionary();
}
