using System.Globalization;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>
/// An import that grew by a batch stays one line of the catalogue: events come in many times an hour, and every reader reads the whole catalogue.
/// </summary>
internal static class GrownImport
{
    public static ListedImport Of(ListedImport before, ListedImport batch) => batch with
    {
        KnownAt = before.KnownAt < batch.KnownAt ? before.KnownAt : batch.KnownAt,
        Coverage =
        [
            .. before.Coverage.Concat(batch.Coverage).GroupBy(c => c.What, StringComparer.Ordinal)
                .Select(c => new ListedCoverage(c.Key, c.Min(x => x.From), c.Max(x => x.To), Runs(c.SelectMany(x => x.Days)))),
        ],
        Counts = before.Counts.Concat(batch.Counts).GroupBy(c => c.Key, StringComparer.Ordinal).ToDictionary(c => c.Key, c => c.Sum(x => x.Value)),
    };

    /// <summary>Runs of days that touch or overlap are one.</summary>
    private static List<string> Runs(IEnumerable<string> said)
    {
        List<(DateOnly From, DateOnly To)> runs = [];
        foreach (var (from, to) in said.Select(Parse).Order())
        {
            if (runs.Count > 0 && from <= runs[^1].To.AddDays(1))
                runs[^1] = (runs[^1].From, to > runs[^1].To ? to : runs[^1].To);
            else
                runs.Add((from, to));
        }

        return [.. runs.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.From:yyyy-MM-dd}..{r.To:yyyy-MM-dd}"))];
    }

    private static (DateOnly From, DateOnly To) Parse(string run)
    {
        var days = run.Split("..");
        return (Day(days[0]), Day(days[1]));
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
