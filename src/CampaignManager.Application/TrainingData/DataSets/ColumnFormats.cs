using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>How a column is read: as numbers under one mark, or as names.</summary>
/// <param name="Filled">Cells that hold something.</param>
/// <param name="Odd">Of them, those that are no number.</param>
/// <param name="OddTexts">Some of these, as they stand.</param>
internal sealed record ColumnFormat(bool Numeric, DecimalMark Mark, long Filled, long Odd, IReadOnlyList<string> OddTexts)
{
    // Up to one cell in twenty may be no number in a column of numbers: it is missing, and said so.
    private const int CellsAnOddOne = 20;

    /// <summary>Whether so many odd cells among so many leave it a column of numbers.</summary>
    public static bool IsOfNumbers(long odd, long filled) => odd * CellsAnOddOne <= filled;

    /// <summary>Which cells and how many, for a warning.</summary>
    public string OddWords => string.Create(CultureInfo.InvariantCulture, $"{Odd} / {Filled} ({string.Join(", ", OddTexts)}{(Odd > OddTexts.Count ? ", …" : "")})");
}

/// <summary>
/// The columns of numbers, judged by all their cells before the first is read: one cell does not make a column of numbers one of names, and 1.234 is
/// what the cells beside it say.
/// </summary>
internal sealed class ColumnFormats
{
    private readonly Dictionary<int, ColumnFormat> byColumn = [];

    public ColumnFormat this[int column] => byColumn[column];

    /// <param name="table">From its first row; read up to <paramref name="most"/> rows.</param>
    /// <param name="plan">Which columns hold numbers.</param>
    /// <param name="decided">The mark that a person named; null judges.</param>
    /// <param name="most">Rows looked at.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="ImportRefusedException">A column can be read in two ways, and nothing says which.</exception>
    public static ColumnFormats Judge(CsvTable table, DataSetPlan plan, DecimalMark? decided, long most, CancellationToken cancel)
    {
        var judges = new SortedDictionary<int, ColumnJudge>();
        foreach (var column in plan.Outcomes.Where(o => !o.Outcome.IsBinary).Select(o => o.Column)
            .Concat(plan.Features.Where(f => !f.Categorical).Select(f => f.Column)).Concat(plan.PropensityColumn is { } p ? [p] : Array.Empty<int>()))
            judges[column] = new ColumnJudge();
        for (long row = 0; judges.Count > 0 && row < most && table.Read(); row++)
        {
            if (row % 1024 == 0)
                cancel.ThrowIfCancellationRequested();
            if (table.Fault is not null)
                continue;
            foreach (var (column, judge) in judges)
                judge.See(table.Field(column));
        }

        var formats = new ColumnFormats();
        var file = OfFile(judges.Values, table.Format.Delimiter);
        var outcomes = plan.Outcomes.Select(o => o.Column).ToHashSet();
        foreach (var (column, judge) in judges)
        {
            var numeric = ColumnFormat.IsOfNumbers(judge.Odd, judge.Filled);
            var mark = decided ?? judge.Mark ?? (judge.IsMixed ? null : file);
            // Names that look like numbers now and then ask nothing.
            if (mark is null && (numeric || outcomes.Contains(column)))
                throw Ambiguous(table.Header[column], judge.Either!);
            formats.byColumn[column] = new ColumnFormat(numeric, mark ?? DecimalMark.Point, judge.Filled, judge.Odd, judge.OddTexts);
        }

        return formats;
    }

    /// <summary>What the file's other columns say, for one that says nothing itself. Where commas part the columns, numbers are written with a point.</summary>
    private static DecimalMark? OfFile(IEnumerable<ColumnJudge> judges, char delimiter)
    {
        var said = judges.Select(j => j.Evidence).OfType<DecimalMark>().Distinct().ToList();
        return said.Count == 1 ? said[0] : said.Count == 0 && delimiter == ',' ? DecimalMark.Point : null;
    }

    private static ImportRefusedException Ambiguous(string column, string cell)
    {
        var reading = CsvNumber.Read(cell);
        return new ImportRefusedException(
            "ambiguous-numbers",
            string.Create(CultureInfo.InvariantCulture, $"""
                Column '{column}' holds {cell}, which may be {reading.Point} or {reading.Comma}, and nothing else in the file says which. Say which sign parts
                """) + " the fraction: \"decimal\": \".\" or \"decimal\": \",\" in the mapping.",
            $"{column}: {cell}");
    }

    private sealed class ColumnJudge
    {
        private const int Shown = 3;
        private const int FewAgainst = 20;

        private readonly List<string> odd = [];
        private long point;
        private long comma;

        public long Filled { get; private set; }

        public long Odd { get; private set; }

        public IReadOnlyList<string> OddTexts => odd;

        /// <summary>A cell that can be read in two ways; null without one.</summary>
        public string? Either { get; private set; }

        /// <summary>Cells of both kinds: neither is rare against the other.</summary>
        public bool IsMixed => point > 0 && comma > 0 && Math.Min(point, comma) * FewAgainst > Math.Max(point, comma);

        /// <summary>What its cells say; null when they say nothing or contradict each other.</summary>
        public DecimalMark? Evidence => point + comma == 0 || IsMixed ? null : comma > point ? DecimalMark.Comma : DecimalMark.Point;

        /// <summary>The mark to read it by; null when it makes a difference and the cells do not say.</summary>
        public DecimalMark? Mark => Evidence ?? (Either is null ? DecimalMark.Point : null);

        public void See(ReadOnlySpan<char> text)
        {
            if (CsvNumber.IsMissing(text))
                return;
            Filled++;
            var reading = CsvNumber.Read(text);
            if (reading.NeedsPoint)
                point++;
            else if (reading.NeedsComma)
                comma++;
            else if (reading.IsAmbiguous)
                Either ??= text.ToString();
            else if (!reading.IsNumber && !CsvNumber.IsInfinite(text))
                Keep(text.Length > 40 ? text[..40] : text);
        }

        private void Keep(ReadOnlySpan<char> text)
        {
            Odd++;
            if (odd.Count < Shown && !odd.Contains(text.ToString()))
                odd.Add(text.ToString());
        }
    }
}
