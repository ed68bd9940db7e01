using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>NDJSON, a JSON array, or an array under a name as APIs answer.</summary>
internal sealed class JsonSource : IRowSource
{
    private const int RowsLookedAt = 200;
    private const int MostPaths = CsvTable.MostColumns;

    private readonly string path;
    private readonly bool packed;
    private readonly JsonForm form;
    private readonly SourceOptions options;

    private JsonSource(string path, string fileName, bool packed, JsonForm form, SourceOptions options)
    {
        (this.path, FileName, this.packed, this.form, this.options) = (path, fileName, packed, form, options);
        Columns = [];
    }

    public string FileName { get; }

    public IReadOnlyList<string> Columns { get; private set; }

    public bool IsTyped => true;

    public static JsonSource Open(string path, string fileName, bool packed, JsonForm form, SourceOptions options, CancellationToken cancel)
    {
        var source = new JsonSource(path, fileName, packed, form, options);
        var (paths, rows, good) = (new Dictionary<string, int>(StringComparer.Ordinal), 0, 0);
        source.ForEach(FileInspection.BytesLookedAt, (document, fault, _) =>
        {
            rows++;
            if (document is not null)
            {
                good++;
                foreach (var (leaf, _) in JsonPath.Leaves(JsonPath.Unwrapped(document.RootElement), "", shape: true))
                    paths.TryAdd(leaf, paths.Count);
                if (paths.Count > MostPaths)
                    throw new ImportRefusedException("too-many-columns",
                        $"The rows have more than {MostPaths:N0} different names. Leave out those that say nothing of customers.");
            }

            return rows < RowsLookedAt;
        }, cancel);
        if (rows == 0)
            throw new ImportRefusedException("no-rows", "The file holds no rows.");
        if (good == 0)
            throw new ImportRefusedException("bad-json",
                "None of the first rows is a JSON object. Upload NDJSON (one object a line) or an array of objects.");
        source.Columns = [.. paths.OrderBy(p => p.Value).Select(p => p.Key)];
        return source;
    }

    public IEnumerable<ISourceRow> Read(CancellationToken cancel)
    {
        using var stream = Stream(long.MaxValue, cancel);
        long number = 0;
        foreach (var piece in Pieces(stream))
        {
            cancel.ThrowIfCancellationRequested();
            var document = Parse(piece, out var fault);
            using (document)
                yield return document is not null ? new JsonRow(JsonPath.Unwrapped(document.RootElement), number)
                    : new JsonRow(fault!.Value, number);
            number++;
        }
    }

    private void ForEach(long most, Func<JsonDocument?, (string, string?)?, long, bool> row, CancellationToken cancel)
    {
        using var stream = Stream(most, cancel);
        long number = 0;
        foreach (var piece in Pieces(stream))
        {
            using var document = Parse(piece, out var fault);
            if (!row(document, fault, number++))
                return;
        }
    }

    private IEnumerable<JsonPiece> Pieces(Stream stream)
    {
        using var pieces = new JsonCutter(stream, form).Cut().GetEnumerator();
        while (true)
        {
            try
            {
                if (!pieces.MoveNext())
                    yield break;
            }
            catch (InvalidDataException)
            {
                throw RowSources.DamagedPacking();
            }

            yield return pieces.Current;
        }
    }

    private Stream Stream(long most, CancellationToken cancel)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 * 1024,
            FileOptions.SequentialScan);
        try
        {
            Stream bytes = new GuardedStream(packed ? CsvFormat.Unpack(file, options.Limits.MaxUnpackedBytes) : file, most, cancel);
            return form.Encoding is UTF8Encoding ? bytes : Encoding.CreateTranscodingStream(bytes, form.Encoding, Encoding.UTF8);
        }
        catch (InvalidDataException)
        {
            file.Dispose();
            throw RowSources.DamagedPacking();
        }
    }

    private static JsonDocument? Parse(JsonPiece piece, out (string Reason, string? Detail)? fault)
    {
        var bytes = WithoutMark(piece.Bytes);
        if (piece.TooLong)
            fault = (RowFault.RowTooLong, null);
        else if (bytes.IsEmpty)
            fault = (RejectReason.TornLine, null);
        else if (!Utf8.IsValid(bytes.Span) || bytes.Span.Contains((byte)0) || bytes.Span.IndexOf("\\u0000"u8) >= 0)
            fault = (RejectReason.BadCharacters, null);
        else
            return ParseSound(bytes, piece.Last, out fault);
        return null;
    }

    private static JsonDocument? ParseSound(ReadOnlyMemory<byte> bytes, bool last, out (string Reason, string? Detail)? fault)
    {
        fault = null;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, JsonPath.Limits);
        }
        catch (JsonException exception)
        {
            fault = IsDeep(bytes.Span) ? (RowFault.TooDeep, null) : last ? (RejectReason.TornLine, null)
                : (RowFault.BadJson, $"at character {(exception.BytePositionInLine ?? 0) + 1}");
            return null;
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
            fault = (RowFault.BadJson, "no object");
        else if (HasHalfCharacter(bytes.Span, document.RootElement))
            fault = (RejectReason.BadCharacters, null);
        else
            return document;
        document.Dispose();
        return null;
    }

    /// <summary>Half of a character, escaped, cannot be text.</summary>
    private static bool HasHalfCharacter(ReadOnlySpan<byte> bytes, JsonElement root)
    {
        if (bytes.IndexOf("\\ud"u8) < 0 && bytes.IndexOf("\\uD"u8) < 0)
            return false;
        try
        {
            foreach (var (_, leaf) in JsonPath.Leaves(root, "", shape: false))
                _ = leaf.ValueKind == JsonValueKind.String ? leaf.GetString() : null;
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static bool IsDeep(ReadOnlySpan<byte> bytes)
    {
        var (depth, inText) = (0, false);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\\' && inText)
                i++;
            else if (bytes[i] == '"')
                inText = !inText;
            else if (!inText && bytes[i] is (byte)'{' or (byte)'[' && ++depth > JsonPath.Deepest)
                return true;
            else if (!inText && bytes[i] is (byte)'}' or (byte)']')
                depth--;
        }

        return false;
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
}
