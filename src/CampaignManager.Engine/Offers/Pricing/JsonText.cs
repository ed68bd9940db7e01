using System.Buffers;
using System.Globalization;
using System.Text;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>
/// JSON appended as UTF-8 to a buffer that is kept for the next. A writer that checks its place and the rules of escaping with every one of
/// hundreds of values is most of what an answer costs; here the caller says the punctuation, and text is only looked at for what must be
/// escaped.
/// To be disposed by who asked for it, and used on one thread.
/// </summary>
public sealed class JsonText : IDisposable
{
    private const int MostKept = 1 << 20;

    // Every character of a number that this can be asked to write, and then some.
    private const int LongestNumber = 32;

    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    [ThreadStatic]
    private static JsonText? kept;

    private byte[] buffer = new byte[16 * 1024];
    private int count;

    private JsonText()
    {
    }

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, count);

    /// <summary>An empty one, this thread's own.</summary>
    internal static JsonText Rent()
    {
        var text = kept ?? new JsonText();
        kept = null;
        text.count = 0;
        return text;
    }

    /// <summary>Gives the buffer back; one that has grown unusually is let go.</summary>
    public void Dispose()
    {
        if (buffer.Length <= MostKept)
            kept = this;
    }

    /// <summary>As it stands.</summary>
    internal void Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Room(utf8.Length));
        count += utf8.Length;
    }

    /// <summary>A string in quotes, escaped as <see cref="RulesJson"/> does.</summary>
    internal void Text(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Plain))
        {
            Escaped(text);
            return;
        }

        var room = Room(text.Length + 2);
        room[0] = (byte)'"';
        Ascii.FromUtf16(text, room[1..], out var written);
        room[written + 1] = (byte)'"';
        count += written + 2;
    }

    /// <summary>A whole number.</summary>
    internal void Number(long value)
    {
        value.TryFormat(Room(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        count += written;
    }

    /// <summary>
    /// An amount in major units, without idle zeros: as a decimal would be written, but a quote has hundreds of amounts and need not divide
    /// decimals for them.
    /// </summary>
    internal void Amount(long minor, Currency currency)
    {
        var (whole, rest) = Math.DivRem(minor, currency.MinorPerMajor);
        if (rest < 0 && whole == 0)
            Raw("-"u8);
        Number(whole);
        if (rest == 0)
            return;
        var room = Room(LongestNumber);
        var at = 0;
        room[at++] = (byte)'.';
        rest = Math.Abs(rest);
        for (var unit = currency.MinorPerMajor / 10; rest > 0; unit /= 10)
        {
            room[at++] = (byte)('0' + rest / unit);
            rest %= unit;
        }

        count += at;
    }

    /// <summary>Takes the comma back that stands behind the last of several values.</summary>
    internal void DropComma()
    {
        if (buffer[count - 1] == (byte)',')
            count--;
    }

    private void Escaped(string text)
    {
        var encoder = RulesJson.Options.Encoder!;
        var escaped = ArrayPool<char>.Shared.Rent(text.Length * encoder.MaxOutputCharactersPerInputCharacter);
        encoder.Encode(text, escaped, out _, out var length);
        var room = Room(Encoding.UTF8.GetMaxByteCount(length) + 2);
        room[0] = (byte)'"';
        var written = Encoding.UTF8.GetBytes(escaped.AsSpan(0, length), room[1..]);
        room[written + 1] = (byte)'"';
        count += written + 2;
        ArrayPool<char>.Shared.Return(escaped);
    }

    private Span<byte> Room(int bytes)
    {
        if (buffer.Length - count < bytes)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, count + bytes));
        return buffer.AsSpan(count);
    }
}
