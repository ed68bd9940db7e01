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
    private const char Between = '\u001f';

    private readonly StringBuilder said = new();
    private char[] chars = new char[1024];
    private byte[] bytes = new byte[1024];

    public ContentHash Begin()
    {
        said.Clear();
        return this;
    }

    public ContentHash Of(string? text)
    {
        // Nothing said and an empty text are not the same.
        said.Append(text is null ? "\u0000" : text).Append(Between);
        return this;
    }

    public ContentHash Of(long? number)
    {
        if (number is { } there)
            said.Append(CultureInfo.InvariantCulture, $"{there}");
        said.Append(Between);
        return this;
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

    private void Whole(Span<byte> hash)
    {
        if (chars.Length < said.Length)
            chars = new char[said.Length * 2];
        said.CopyTo(0, chars, said.Length);
        var most = Encoding.UTF8.GetMaxByteCount(said.Length);
        if (bytes.Length < most)
            bytes = new byte[most];
        var length = Encoding.UTF8.GetBytes(chars, 0, said.Length, bytes, 0);
        SHA256.HashData(bytes.AsSpan(0, length), hash);
    }
}
