namespace CampaignManager.Application.Imports;

/// <summary>
/// A file's text on its way to the reader: heard by whoever cancels at every block, however little of it makes a row, and at its end after
/// so many bytes when no more is to be looked at.
/// </summary>
internal sealed class GuardedStream(Stream inner, long most, CancellationToken cancel) : ReadingStream(inner)
{
    /// <summary>The file goes on beyond what was to be looked at.</summary>
    public bool IsCutOff { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        cancel.ThrowIfCancellationRequested();
        if (Taken >= most)
        {
            IsCutOff = true;
            return 0;
        }

        var read = Inner.Read(buffer[..(int)Math.Min(buffer.Length, most - Taken)]);
        Taken += read;
        return read;
    }
}
