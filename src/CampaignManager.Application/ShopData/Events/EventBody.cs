using System.Text.Json;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>Cuts the body of a call into its events: a JSON array, one object, or one object a line (NDJSON).</summary>
internal static class EventBody
{
    /// <summary>So many at most in one call.</summary>
    public const int Most = 10_000;

    private static readonly JsonReaderOptions Depth = new() { MaxDepth = 16 };

    /// <returns>The events, each as its bytes.</returns>
    public static Outcome<List<ReadOnlyMemory<byte>>> Cut(ReadOnlyMemory<byte> body)
    {
        var (text, cut) = (Trim(body), new List<ReadOnlyMemory<byte>>());
        if (text.IsEmpty)
            return Failure.Invalid("$", "The call is empty. Send a JSON array of events, or one event a line (NDJSON).");
        try
        {
            if (text.Span[0] == (byte)'[')
                Array(text, cut);
            else
                Lines(text, cut);
        }
        catch (JsonException wrong)
        {
            return Failure.Invalid("$", $"This is not valid JSON (line {(wrong.LineNumber ?? 0) + 1}, byte {(wrong.BytePositionInLine ?? 0) + 1}).");
        }

        return cut.Count <= Most ? cut : Failure.Invalid("$", $"A call holds at most {Most} events. Send several calls.");
    }

    private static void Array(ReadOnlyMemory<byte> text, List<ReadOnlyMemory<byte>> cut)
    {
        var reader = new Utf8JsonReader(text.Span, Depth);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            if (cut.Count <= Most)
                cut.Add(text[from..(int)reader.BytesConsumed]);
        }

        // Nothing may follow.
        reader.Read();
    }

    private static void Lines(ReadOnlyMemory<byte> text, List<ReadOnlyMemory<byte>> cut)
    {
        // One object over several lines is what people paste to try it out.
        if (IsOneValue(text))
        {
            cut.Add(text);
            return;
        }

        while (!text.IsEmpty && cut.Count <= Most)
        {
            var end = text.Span.IndexOf((byte)'\n');
            var line = Trim(end < 0 ? text : text[..end]);
            if (!line.IsEmpty)
                cut.Add(line);
            text = end < 0 ? default : text[(end + 1)..];
        }
    }

    private static bool IsOneValue(ReadOnlyMemory<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text.Span, Depth);
            reader.Read();
            reader.Skip();
            return reader.BytesConsumed == text.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text)
    {
        var span = text.Span;
        var from = span is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var to = span.Length;
        while (from < to && span[from] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            from++;
        while (to > from && span[to - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            to--;
        return text[from..to];
    }
}
