using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>
/// What a row says, in 64 bits of SHA-256 (compared only between rows of the same key), and where a source has no ids in 128 bits as the id itself. Where it lies in a file and whose
/// it is are no part of it: ids of one person may turn out to be another's.
/// </summary>
internal sealed class ContentHash
{
    private const byte Between = 0x1f;
    private const int NumberLength = 20;

    private byte[] said = new byte[1024];
    private int length;

    public ContentHash Begin()
    {
        length = 0;
        return this;
    }

    public ContentHash Of(string? text)
    {
        // Nothing said and an empty text are not the same.
        var spoken = text ?? "\0";
        length += Encoding.UTF8.GetBytes(spoken, Room(Encoding.UTF8.GetMaxByteCount(spoken.Length)));
        return End();
    }

    public ContentHash Of(long? number)
    {
        if (number is { } there && there.TryFormat(Room(NumberLength), out var written, default, CultureInfo.InvariantCulture))
            length += written;
        return End();
    }

    public ContentHash Of(DateTime? time) => Of(time?.Ticks);

    public ContentHash Of(bool? yes) => Of(yes is { } there ? there ? 1L : 0L : null);

    public ContentHash Of(double? number) => Of(number?.ToString("R", CultureInfo.InvariantCulture));

    public ContentHash Of(IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
            Of(text);
        return Of(texts.Count);
    }

    public long Value
    {
        get
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            Whole(hash);
            return BinaryPrimitives.ReadInt64BigEndian(hash);
        }
    }

    /// <summary>As an id; begins with a sign that no source's id begins with.</summary>
    public string Id
    {
        get
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            Whole(hash);
            return "#" + Convert.ToHexStringLower(hash[..16]);
        }
    }

    private void Whole(Span<byte> hash) => SHA256.HashData(said.AsSpan(0, length), hash);

    private ContentHash End()
    {
        Room(1)[0] = Between;
        length++;
        return this;
    }

    private Span<byte> Room(int most)
    {
        if (said.Length < length + most)
            Array.Resize(ref said, (length + most) * 2);
        return said.AsSpan(length);
    }
}
