using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>A piece of a JSON file that should be one row.</summary>
/// <param name="Bytes">Valid until the next is asked for.</param>
/// <param name="Last">Nothing follows, not even the end that it should have.</param>
/// <param name="TooLong">Larger than any row may be; the bytes are not kept.</param>
internal readonly record struct JsonPiece(ReadOnlyMemory<byte> Bytes, bool Last, bool TooLong);

/// <summary>Cuts a stream of JSON into its rows, in the memory of one row.</summary>
internal sealed class JsonCutter(Stream stream, JsonForm form)
{
    /// <summary>As long as a record of a table may be.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private readonly byte[] block = new byte[64 * 1024];
    private byte[] kept = new byte[16 * 1024];
    private int length;
    private bool tooLong;

    public IEnumerable<JsonPiece> Cut() => form.Lines ? Lines() : Elements();

    private IEnumerable<JsonPiece> Lines()
    {
        while (stream.Read(block) is > 0 and var read)
        {
            for (var from = 0; from < read;)
            {
                var end = block.AsSpan(from, read - from).IndexOf((byte)'\n');
                Keep(from, end < 0 ? read - from : end);
                if (end < 0)
                    break;
                from += end + 1;
                if (Take(last: false) is { } piece)
                    yield return piece;
            }
        }

        if (Take(last: true) is { } rest)
            yield return rest;
    }

    private IEnumerable<JsonPiece> Elements()
    {
        var (depth, inText, escaped, nameEnds) = (0, false, false, 0);
        var within = form.Under is null;
        var names = new Names(form.Depth);
        while (stream.Read(block) is > 0 and var read)
        {
            var from = 0;
            for (var i = 0; i < read; i++)
            {
                var c = block[i];
                if (inText)
                {
                    (inText, escaped) = (escaped || c != '"', !escaped && c == '\\');
                    if (inText)
                        names.Add(depth, c);
                    continue;
                }

                switch (c)
                {
                    case (byte)'"':
                        inText = true;
                        names.Begin(depth);
                        break;
                    case (byte)'{' or (byte)'[':
                        if (form.Under is { } under && depth == under.Count)
                            within = c == '[' && names.Are(under);
                        if (depth == form.Depth && within)
                            from = i;
                        depth++;
                        break;
                    case (byte)'}' or (byte)']':
                        depth--;
                        if (depth == form.Depth && within)
                        {
                            Keep(from, i + 1 - from);
                            if (Take(last: false) is { } piece)
                                yield return piece;
                            nameEnds++;
                        }

                        if (depth < 0)
                            throw OutOfStep(nameEnds);
                        break;
                    default:
                        // What stands between the rows of an array and is no row.
                        if (depth == form.Depth && within && form.Under is null && c > ' ' && c != ',' && depth > 0)
                            throw OutOfStep(nameEnds);
                        break;
                }
            }

            if ((depth > form.Depth || (depth == form.Depth && inText)) && within && from < read)
                Keep(from, read - from);
        }

        // An array that was cut off between two rows is torn, too.
        if (Take(last: true) is { } rest)
            yield return rest;
        else if (depth > 0)
            yield return new JsonPiece(default, Last: true, TooLong: false);
    }

    private void Keep(int from, int count)
    {
        if (tooLong || length + count > MostBytes)
        {
            (tooLong, length) = (true, 0);
            return;
        }

        if (length + count > kept.Length)
            Array.Resize(ref kept, Math.Max(length + count, Math.Min(kept.Length * 2, MostBytes)));
        block.AsSpan(from, count).CopyTo(kept.AsSpan(length));
        length += count;
    }

    private JsonPiece? Take(bool last)
    {
        var piece = new JsonPiece(kept.AsMemory(0, length), last, tooLong);
        var blank = !tooLong && piece.Bytes.Span.Trim(" \t\r\uFEFF"u8).IsEmpty;
        (length, tooLong) = (0, false);
        return blank ? null : piece;
    }

    /// <summary>The last text met at each depth above the rows: the name under which the next bracket opens.</summary>
    private sealed class Names(int depths)
    {
        private readonly List<byte>[] last = [.. Enumerable.Range(0, depths).Select(_ => new List<byte>())];

        public void Begin(int depth)
        {
            if (depth > 0 && depth < last.Length)
                last[depth].Clear();
        }

        public void Add(int depth, byte c)
        {
            if (depth > 0 && depth < last.Length && last[depth].Count < 100)
                last[depth].Add(c);
        }

        public bool Are(IReadOnlyList<string> names) =>
            !names.Where((name, i) => System.Text.Encoding.UTF8.GetString([.. last[i + 1]]) != name).Any();
    }

    private static ImportRefusedException OutOfStep(int row) => new(
        "bad-json", $"The JSON breaks off after row {row}: what follows is no object. Mend the file there.",
        row.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
