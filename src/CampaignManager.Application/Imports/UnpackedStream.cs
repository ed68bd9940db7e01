namespace CampaignManager.Application.Imports;

/// <summary>
/// What unpacking yields: at most so many bytes, and at the end as many as the gzip trailer says (modulo 2^32). A file cut off, or one
/// made of several packed parts, ends with other bytes there.
/// </summary>
internal sealed class UnpackedStream(Stream inner, long limit, uint promised) : Stream
{
    private long taken;

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
        var read = inner.Read(buffer);
        taken += read;
        if (read == 0 && buffer.Length > 0 && (uint)taken != promised)
            throw new InvalidDataException("The packed file ends early.");
        return taken <= limit ? read : throw new ImportRefusedException("too-large-unpacked", "Unpacked, the file is larger than the limit.");
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
