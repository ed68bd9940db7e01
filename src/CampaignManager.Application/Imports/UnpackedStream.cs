namespace CampaignManager.Application.Imports;

/// <summary>
/// What unpacking yields: at most so many bytes, and at the end as many as the gzip trailer says (modulo 2^32). A file cut off, or one
/// made of several packed parts, ends with other bytes there.
/// </summary>
internal sealed class UnpackedStream(Stream inner, long limit, uint promised) : ReadingStream(inner)
{
    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer);
        Taken += read;
        if (read == 0 && buffer.Length > 0 && (uint)Taken != promised)
            throw new InvalidDataException("The packed file ends early.");
        return Taken <= limit ? read : throw new ImportRefusedException("too-large-unpacked", "Unpacked, the file is larger than the limit.");
    }
}
