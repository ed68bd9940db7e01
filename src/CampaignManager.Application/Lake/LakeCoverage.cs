using System.Globalization;

namespace CampaignManager.Application.Lake;

/// <summary>
/// Who counted what, when. Without any import there is only what the demo shop or an earlier release wrote, which is complete as it is.
/// </summary>
/// <param name="Sources">From where to where each source speaks of a thing, and the days without any between.</param>
public sealed record LakeCoverage(IReadOnlyList<SourceCoverage> Sources)
{
    /// <summary>Things that are in files outside the catalogue, by table: covered always.</summary>
    private IReadOnlyList<string> Whole { get; init; } = [];

    /// <returns>Null: everything is covered.</returns>
    public static LakeCoverage? Of(DataLake lake)
    {
        var catalogue = lake.Catalogue();
        if (catalogue.Imports.Count == 0)
            return null;
        return new LakeCoverage([.. catalogue.Imports.SelectMany(i => i.Coverage.Select(c => (i.Source, Coverage: c))).GroupBy(c => (c.Source, c.Coverage.What)).Select(Together)])
        {
            Whole = [.. LakeTable.All.Where(t => lake.UnlistedFiles(t).Count > 0).Select(t => t.Name)],
        };
    }

    /// <summary>Whether some source counted a thing through all days before a moment, as SQL.</summary>
    /// <param name="what"><see cref="ListedCoverage.What"/>.</param>
    /// <param name="moment">Column with the end of the window, UTC.</param>
    /// <param name="days">Length of the window; null: whenever it began.</param>
    public string Spans(string what, string moment, int? days)
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"{moment} - INTERVAL {days ?? 0} DAY");
        return Any(what, c => days is null
            ? $"{moment} > {DataLake.Moment(c.From)}"
            : $"({start} >= {DataLake.Moment(c.From.Date)} AND {start} <= {DataLake.Moment(c.To)})");
    }

    /// <summary>Whether some source counted a thing at a moment, as SQL.</summary>
    public string Holds(string what, string moment) =>
        Any(what, c => $"({moment} >= {DataLake.Moment(c.From.Date)} AND {moment} < {DataLake.Moment(c.To.Date.AddDays(1))})");

    /// <summary>Whether some source counted a thing at all.</summary>
    public bool Counts(string what) => Any(what, _ => "true") != "false";

    private string Any(string what, Func<SourceCoverage, string> one)
    {
        if (Whole.Contains(what.Split(':')[0]))
            return "true";
        var all = Sources.Where(s => s.What == what).Select(one).ToList();
        return all.Count == 0 ? "false" : $"({string.Join(" OR ", all)})";
    }

    private static SourceCoverage Together(IGrouping<(string Source, string What), (string Source, ListedCoverage Coverage)> said)
    {
        var runs = said.SelectMany(s => s.Coverage.Days).Select(Run).OrderBy(r => r.From).ToList();
        var (from, to) = (said.Min(s => s.Coverage.From), said.Max(s => s.Coverage.To));
        var gaps = new List<DateOnly>();
        var next = runs[0].From;
        foreach (var run in runs)
        {
            for (; next < run.From; next = next.AddDays(1))
                gaps.Add(next);
            if (run.To >= next)
                next = run.To.AddDays(1);
        }

        return new SourceCoverage(said.Key.Source, said.Key.What, from, to, gaps);
    }

    private static (DateOnly From, DateOnly To) Run(string text)
    {
        var days = text.Split("..");
        return (DateOnly.ParseExact(days[0], "yyyy-MM-dd", CultureInfo.InvariantCulture), DateOnly.ParseExact(days[1], "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }
}

/// <param name="What"><see cref="ListedCoverage.What"/>.</param>
/// <param name="Gaps">Days (UTC) between the first and the last without anything.</param>
public sealed record SourceCoverage(string Source, string What, DateTime From, DateTime To, IReadOnlyList<DateOnly> Gaps);
