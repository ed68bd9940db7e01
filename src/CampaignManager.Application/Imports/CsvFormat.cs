using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CampaignManager.Application.Imports;

/// <summary>How a text table is written, found out from its first bytes.</summary>
/// <param name="Delimiter">Comma, semicolon, tab or bar.</param>
/// <param name="Encoding">By its mark, by its bytes, or as a person said.</param>
/// <param name="Packed">True for gzip.</param>
/// <param name="Guessed">The encoding is likely and no more.</param>
public sealed record CsvFormat(char Delimiter, Encoding Encoding, bool Packed, bool Guessed = false)
{
    private const int SampleBytes = 256 * 1024;

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    // What is certainly not a text table, by its first bytes.
    private static readonly (byte[] Magic, string Code)[] Others =
    [
        ([0x50, 0x4B, 0x03, 0x04], "archive"), ([0xD0, 0xCF, 0x11, 0xE0], "archive"), ("PAR1"u8.ToArray(), "not-text"), ("%PDF"u8.ToArray(), "not-text"),
        ("SQLite"u8.ToArray(), "not-text"), ([0x89, 0x50, 0x4E, 0x47], "not-text"), ([0x37, 0x7A, 0xBC, 0xAF], "archive"),
    ];

    /// <param name="path">The file.</param>
    /// <param name="named">The encoding that a person chose (<see cref="CsvEncoding.Names"/>); null finds it out.</param>
    internal static CsvFormat Detect(string path, string? named = null)
    {
        var sample = Sample(path, out var packed);
        if (sample.Length == 0)
            throw new ImportRefusedException("empty-file", "The file is empty.");
        foreach (var (magic, code) in Others)
        {
            if (sample.AsSpan().StartsWith(magic))
                throw NotText(code);
        }

        var guessed = false;
        var encoding = (named is null ? CsvEncoding.Of(sample, out guessed) : CsvEncoding.Get(named)) ?? throw NotText("not-text");
        var text = encoding.GetString(sample).TrimStart('\uFEFF');
        var odd = text.AsSpan(0, Math.Min(text.Length, 65536)).Count(c => c < ' ' && c is not ('\t' or '\r' or '\n' or '\f'));
        var firstLine = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? end : text.Length);
        // A few odd characters spoil their rows, not the file.
        if ((odd > 4 && odd * 100 > Math.Min(text.Length, 65536)) || firstLine.Contains('\0'))
            throw NotText("not-text");
        return new CsvFormat(SeparatorOf(firstLine) ?? DelimiterOf(text), encoding, packed, guessed);
    }

    /// <summary>What Excel's first line <c>sep=;</c> names; null for any other line.</summary>
    internal static char? SeparatorOf(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd("\r\n").TrimStart('\uFEFF').Trim('"');
        return line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && !char.IsLetterOrDigit(line[4]) ? line[4] : null;
    }

    /// <summary>Unpacks, and notices a file that was cut off, which the decompressor takes for its end.</summary>
    internal static Stream Unpack(FileStream file, long limit)
    {
        Span<byte> trailer = stackalloc byte[4];
        if (file.Length < 18)
            throw new InvalidDataException("The file is too short for gzip.");
        file.Position = file.Length - 4;
        file.ReadExactly(trailer);
        file.Position = 0;
        return new UnpackedStream(new GZipStream(file, CompressionMode.Decompress), limit, BinaryPrimitives.ReadUInt32LittleEndian(trailer));
    }

    private static ImportRefusedException NotText(string code) => code == "archive"
        ? new ImportRefusedException(code, "This is an Excel workbook or an archive. Save the table as CSV (or CSV packed with gzip) and upload that.")
        : new ImportRefusedException(code, "This is not a text table. Upload a CSV file in UTF-8, packed with gzip or not.");

    /// <summary>The file's beginning, unpacked.</summary>
    internal static byte[] Sample(string path, out bool packed)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[2];
        packed = file.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head is [0x1F, 0x8B];
        file.Position = 0;
        var buffer = new byte[SampleBytes];
        try
        {
            using var stream = packed ? Unpack(file, long.MaxValue) : file;
            return buffer[..stream.ReadAtLeast(buffer, SampleBytes, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            throw new ImportRefusedException("bad-gzip", "The packed file is damaged or cut off. Pack it again and upload it.");
        }
    }

    /// <summary>The file's beginning as some encodings read it.</summary>
    internal IReadOnlyList<EncodingReading> Readings(string path) => CsvEncoding.Readings(Sample(path, out _), Encoding.WebName);

    /// <summary>The delimiter that cuts the first lines into most often equally many fields.</summary>
    private static char DelimiterOf(string text)
    {
        var best = ',';
        var bestScore = 0.0;
        foreach (var delimiter in Delimiters)
        {
            var counts = FieldCounts(text, delimiter);
            if (counts.Count == 0 || counts[0] < 2)
                continue;
            var score = counts.Count(c => c == counts[0]) / (double)counts.Count + Math.Min(counts[0], 50) / 1000.0;
            if (score > bestScore)
                (best, bestScore) = (delimiter, score);
        }

        return best;
    }

    private static List<int> FieldCounts(string text, char delimiter)
    {
        const int lines = 30;
        var counts = new List<int>();
        var fields = 1;
        var quoted = false;
        var blank = true;
        foreach (var c in text)
        {
            if (c == '"')
                quoted = !quoted;
            else if (!quoted && c == delimiter)
                fields++;
            else if (!quoted && c is '\n' or '\r')
            {
                if (!blank)
                    counts.Add(fields);
                if (counts.Count == lines)
                    return counts;
                (fields, blank) = (1, true);
                continue;
            }

            blank = false;
        }

        if (!blank && counts.Count < 2)
            counts.Add(fields);
        return counts;
    }
}

file static class SpanCounts
{
    public static int Count(this ReadOnlySpan<char> text, Func<char, bool> which)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (which(c))
                count++;
        }

        return count;
    }
}
