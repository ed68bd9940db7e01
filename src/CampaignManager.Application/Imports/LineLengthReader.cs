namespace CampaignManager.Application.Imports;

/// <summary>Text on its way to the reader, with how much of it came since the last line break.</summary>
internal sealed class LineLengthReader(TextReader inner) : TextReader
{
    public long SinceBreak { get; private set; }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        var read = inner.Read(buffer);
        var last = buffer[..read].LastIndexOfAny('\n', '\r');
        SinceBreak = last < 0 ? SinceBreak + read : read - last - 1;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
