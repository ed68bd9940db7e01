namespace CampaignManager.Application.Imports;

internal enum QuoteState { Sound, Broken, Unclosed }

/// <summary>Whether the quotes of one record close where they should. The reader itself is lenient, so that one bad line does not end the file.</summary>
internal static class CsvQuotes
{
    public static QuoteState Check(ReadOnlySpan<char> record, char delimiter)
    {
        var state = QuoteState.Sound;
        record = record.TrimEnd("\r\n");
        while (true)
        {
            if (record is ['"', ..])
            {
                if (!Skip(ref record))
                    return QuoteState.Unclosed;
                if (record.Length > 0 && record[0] != delimiter)
                    state = QuoteState.Broken;
            }

            var next = record.IndexOf(delimiter);
            if (next < 0)
                return state;
            record = record[(next + 1)..];
        }
    }

    // Moves past a quoted field; inside it a doubled quote is a quote.
    private static bool Skip(ref ReadOnlySpan<char> record)
    {
        record = record[1..];
        while (true)
        {
            var quote = record.IndexOf('"');
            if (quote < 0)
                return false;
            record = record[(quote + 1)..];
            if (record is not ['"', ..])
                return true;
            record = record[1..];
        }
    }
}
