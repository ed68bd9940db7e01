namespace CampaignManager.Application.Imports;

/// <summary>
/// A file's text on its way to the reader: heard by whoever cancels at every block, however little of it makes a row, and at its end after
/// so many bytes when no more is to be looked at.
/// </summary>
internal sealed class GuardedStream(Stream inner, long most, CancellationToken cancel) : Stream
{
    private long taken;

    /// <summary>The file goes on beyond what was to be looked at.</summary>
    public bool IsCutOff { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => taken;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        cancel.ThrowIfCancellationRequested();
        if (taken >= most)
        {
            IsCutOff = true;
            return 0;
        }

        var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, most - taken)]);
        taken += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
