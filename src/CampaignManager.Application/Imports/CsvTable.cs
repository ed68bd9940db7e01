using System.Buffers;
using System.Text;
using Sylvan.Data.Csv;

namespace CampaignManager.Application.Imports;

/// <summary>
/// A delimited file read row by row in constant memory. Blank lines are not rows. What is wrong with a row's shape is said in
/// <see cref="Fault"/>; what makes the whole file unreadable is an <see cref="ImportRefusedException"/>.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    /// <summary>No shop has so many; wider ones are mostly tables that lie on their side.</summary>
    public const int MostColumns = 2000;

    private const int MaxRecordChars = 4 * 1024 * 1024;
    private const int MostBlankLines = 1_000_000;
    private const int MostBlankLinesBeforeHeader = 10_000;

    // A sign that no text holds.
    private const char Unused = '\u0001';

    private static readonly SearchValues<char> Suspicious = SearchValues.Create("\"\0\uFFFD");

    private readonly FileStream file;
    private readonly GuardedStream guarded;
    private readonly CsvDataReader csv;
    private bool quoted = true;
    private LineLengthReader? lines;
    private bool ended;

    private CsvTable(FileStream file, GuardedStream guarded, CsvDataReader csv, CsvFormat format, string[] header)
    {
        this.file = file;
        this.guarded = guarded;
        this.csv = csv;
        Format = format;
        Header = header;
    }

    public CsvFormat Format { get; }

    /// <summary>Trimmed column names; an unnamed column is <c>column_N</c>.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>0-based number of the current data row.</summary>
    public long Row { get; private set; } = -1;

    /// <summary>Why the current row cannot be read, and what is to be seen; null when its fields can be taken.</summary>
    public (string Reason, string? Detail)? Fault { get; private set; }

    /// <summary>The table ended because no more of the file was to be looked at.</summary>
    public bool IsCutOff => guarded.IsCutOff;

    public double ProgressShare => ended || file.Length == 0 ? 1 : (double)file.Position / file.Length;

    public ReadOnlySpan<char> Field(int column) => csv.GetFieldSpan(column).Trim();

    /// <summary>The row as it stands in the file, without its line ending.</summary>
    public string Raw => new(csv.GetRawRecordSpan().TrimEnd("\r\n"));

    /// <param name="path">The file.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="encoding">The one that a person chose; null finds it out.</param>
    /// <param name="cancel">Heard at every block that is read.</param>
    /// <param name="most">Bytes, unpacked, after which the table ends; see <see cref="IsCutOff"/>.</param>
    /// <param name="known">What whoever knows the source says of its form; null finds it out.</param>
    public static CsvTable Open(
        string path, ImportOptions options, string? encoding, CancellationToken cancel, long most = long.MaxValue, CsvForm? known = null)
    {
        if (!File.Exists(path))
            throw new ImportRefusedException("upload-gone", "The uploaded file is no longer there. Upload it again.");
        var format = CsvFormat.Detect(path, encoding);
        if (known?.Delimiter is { } delimiter)
            format = format with { Delimiter = delimiter };
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 * 1024, FileOptions.SequentialScan);
        try
        {
            var bytes = new GuardedStream(format.Packed ? CsvFormat.Unpack(file, options.MaxUnpackedBytes) : file, most, cancel);
            // A byte that does not decode becomes U+FFFD, and the row that holds it is rejected.
            var text = new LineLengthReader(
                new StreamReader(bytes, format.Encoding, detectEncodingFromByteOrderMarks: encoding is null, 64 * 1024));
            var csv = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                Delimiter = format.Delimiter,
                HasHeaders = false,
                CsvStyle = CsvStyle.Lax,
                ResultSetMode = ResultSetMode.SingleResult,
                Comment = '\uFFFF',
                Quote = known?.Quoted == false ? Unused : '"',
                BufferSize = 64 * 1024,
                MaxBufferSize = MaxRecordChars,
            });
            return new CsvTable(file, bytes, csv, format, known?.Header is { } header ? [.. header] : ReadHeader(csv, format.Delimiter))
            {
                quoted = known?.Quoted != false,
                lines = text,
            };
        }
        catch (InvalidDataException)
        {
            file.Dispose();
            throw DamagedPacking();
        }
        catch (CsvRecordTooLargeException)
        {
            file.Dispose();
            throw new ImportRefusedException("header-too-long",
                "The first line has more than 4 million characters: it does not hold the columns' names.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next data row; false at the end.</summary>
    public bool Read()
    {
        try
        {
            var blank = 0;
            while (csv.Read())
            {
                var raw = csv.GetRawRecordSpan();
                if (raw.Trim().IsEmpty)
                {
                    if (++blank > MostBlankLines)
                        throw BlankLines();
                    continue;
                }

                Row++;
                Fault = Judge(raw);
                return true;
            }
        }
        catch (CsvRecordTooLargeException)
        {
            // What an open quote swallows has line breaks.
            throw lines?.SinceBreak >= MaxRecordChars / 2 ? RowTooLong() : UnclosedQuote();
        }
        catch (InvalidDataException)
        {
            throw DamagedPacking();
        }

        ended = true;
        return false;
    }

    public void Dispose()
    {
        csv.Dispose();
        file.Dispose();
    }

    private (string, string?)? Judge(ReadOnlySpan<char> raw)
    {
        var lastLine = raw[^1] is not ('\n' or '\r');
        if (raw.ContainsAny(Suspicious))
        {
            if (raw.ContainsAny('\0', '\uFFFD'))
                return (RejectReason.BadCharacters, null);
            switch (quoted ? CsvQuotes.Check(raw, Format.Delimiter) : QuoteState.Sound)
            {
                case QuoteState.Unclosed when raw.TrimEnd("\r\n").ContainsAny('\n', '\r'):
                    throw UnclosedQuote();
                case QuoteState.Unclosed:
                    return (RejectReason.TornLine, null);
                case QuoteState.Broken:
                    return (RejectReason.BrokenQuotes, null);
            }
        }

        var fields = csv.RowFieldCount;
        if (fields == Header.Count)
            return null;
        var detail = $"{fields} / {Header.Count}";
        if (fields > Header.Count)
            return (RejectReason.TooManyFields, detail);
        return (lastLine ? RejectReason.TornLine : RejectReason.TooFewFields, detail);
    }

    private static string[] ReadHeader(CsvDataReader csv, char delimiter)
    {
        var lines = 0;
        do
        {
            if (!csv.Read())
                throw new ImportRefusedException("empty-file", "The file is empty.");
            if (++lines > MostBlankLinesBeforeHeader)
                throw BlankLines();
        }
        while (csv.GetRawRecordSpan().Trim().IsEmpty || CsvFormat.SeparatorOf(csv.GetRawRecordSpan()) is not null);
        if (CsvQuotes.Check(csv.GetRawRecordSpan(), delimiter) != QuoteState.Sound)
            throw new ImportRefusedException("unclosed-quote", "A quote in the first line is never closed.", "1");

        if (csv.RowFieldCount > MostColumns)
        {
            var columns = csv.RowFieldCount.ToString(System.Globalization.CultureInfo.InvariantCulture);
            throw new ImportRefusedException(
                "too-many-columns", $"The file has {columns} columns; at most 2,000 are taken. "
                + "Leave out those that say nothing of customers.", columns);
        }

        var header = new string[csv.RowFieldCount];
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < header.Length; i++)
        {
            var name = csv.GetFieldSpan(i).Trim().ToString();
            header[i] = name.Length == 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"column_{i + 1}") : name;
            if (!seen.Add(header[i]))
                throw new ImportRefusedException("duplicate-header", $"Two columns are called '{header[i]}'. Rename one, so that it is clear which is meant.", header[i]);
        }

        if (header.All(name => CsvNumber.Read(name).IsNumber))
            throw new ImportRefusedException("no-header", "The first line holds numbers only. Put the columns' names in the first line.");
        if (header.Length < 2)
            throw new ImportRefusedException("one-column", "Only one column was found. Separate the columns by comma, semicolon or tab.");
        return header;
    }

    private ImportRefusedException UnclosedQuote() => new(
        "unclosed-quote",
        $"A quote opened in data row {Row} is never closed, so what follows cannot be told apart. Mend the file there.",
        Row.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private ImportRefusedException RowTooLong() => new(
        "row-too-long",
        $"Data row {Row + 1} has more than 4 million characters. Leave out the column that holds pictures or whole pages, and save the table again.",
        (Row + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static ImportRefusedException BlankLines() =>
        new("blank-lines", "The file is almost all blank lines. Save the table again and upload that.");

    private static ImportRefusedException DamagedPacking() =>
        new("bad-gzip", "The packed file is damaged or cut off. Pack it again and upload it.");
}
