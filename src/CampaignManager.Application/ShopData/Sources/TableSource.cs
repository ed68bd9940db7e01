using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>CSV, TSV and the like.</summary>
internal sealed class TableSource : IRowSource
{
    private readonly string path;
    private readonly SourceOptions options;
    private readonly CsvForm? known;

    private TableSource(string path, string fileName, SourceOptions options, CsvForm? known, CsvTable table, byte[] sample)
    {
        (this.path, this.options, this.known, FileName) = (path, options, known, fileName);
        Columns = Named(table.Header);
        if (options.Encoding is null && table.Format.Guessed && CsvEncoding.IsUnsure(sample))
            Readings = table.Format.Readings(path);
    }

    public string FileName { get; }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<EncodingReading> Readings { get; } = [];

    /// <summary>Column names without what spreadsheets and copying leave in them; equal ones then stay as they were.</summary>
    private static IReadOnlyList<string> Named(IReadOnlyList<string> header)
    {
        List<string> named = [.. header.Select(Clean)];
        return named.Distinct(StringComparer.OrdinalIgnoreCase).Count() == named.Count ? named : header;
    }

    private static string Clean(string name)
    {
        var text = new string([.. name.Where(c => c is not ('\uFEFF' or '\u200B' or '\u200C' or '\u200D' or '\u2060'))]);
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text is ['=', '"', .., '"'] && text.Length > 3)
            text = text[2..^1].Trim();
        while (text.Length > 2 && (text[0], text[^1]) is ('"', '"') or ('\'', '\'') or ('“', '”'))
            text = text[1..^1].Trim();
        return text.Length > 0 ? text : name;
    }

    public static TableSource Open(string path, string fileName, byte[] sample, SourceOptions options, CancellationToken cancel)
    {
        var known = options.Header is null && SnowplowColumns.Fit(sample, options.Encoding)
            ? new CsvForm('\t', SnowplowColumns.Names, Quoted: false)
            : options.Header is null && options.Delimiter is null ? null : new CsvForm(options.Delimiter, options.Header);
        if (options is { Encoding: null, IfUnsure: { } answer } && CsvEncoding.Of(sample, out var guessed) is not null && guessed
            && CsvEncoding.IsUnsure(sample))
            options = options with { Encoding = answer };
        using var table = CsvTable.Open(path, options.Limits, options.Encoding, cancel, FileInspection.BytesLookedAt, known);
        return new TableSource(path, fileName, options, known, table, sample);
    }

    public IEnumerable<ISourceRow> Read(CancellationToken cancel)
    {
        // What was found out holds for the whole file, also where a person said nothing.
        using var table = CsvTable.Open(path, options.Limits, options.Encoding, cancel, known: known);
        var row = new Row(table, new CellPlaces(Columns), options.RepeatedHeader && known?.Header is null);
        while (row.Next())
        {
            cancel.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private sealed class Row(CsvTable table, CellPlaces places, bool headersAgain) : CellRow(places)
    {
        private readonly CellPlaces places = places;

        public bool Next()
        {
            Forget();
            if (!table.Read())
                return false;
            Number = table.Row;
            Fault = table.Fault ?? (headersAgain && IsHeader() ? (RowFault.HeaderAgain, null) : null);
            return true;
        }

        protected override string? Cell(int column) => table.Field(column) is { IsEmpty: false } text ? text.ToString() : null;

        private bool IsHeader()
        {
            for (var i = 0; i < places.Columns.Count; i++)
            {
                var field = table.Field(i);
                if (!field.SequenceEqual(places.Columns[i]) && !field.SequenceEqual(table.Header[i])
                    && !(field.IsEmpty && places.Columns[i].StartsWith("column_", StringComparison.Ordinal)))
                    return false;
            }

            return true;
        }
    }
}
