using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CampaignManager.Engine.Experiments;

/// <summary>Which arm a customer is in: a pure function of the experiment's salt and the customer's id, so anyone can recompute it.</summary>
public static class Assignment
{
    /// <summary>The customer's place in [0, 1): the first 8 bytes, big-endian, of SHA-256 over UTF-8 <c>salt:customerId</c>, divided by 2^64.</summary>
    public static double Bucket(string salt, string customerId)
    {
        ArgumentNullException.ThrowIfNull(salt);
        ArgumentNullException.ThrowIfNull(customerId);
        var length = Encoding.UTF8.GetByteCount(salt) + 1 + Encoding.UTF8.GetByteCount(customerId);
        var text = length <= 256 ? stackalloc byte[length] : new byte[length];
        var written = Encoding.UTF8.GetBytes(salt, text);
        text[written++] = (byte)':';
        Encoding.UTF8.GetBytes(customerId, text[written..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return ToBucket(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>The first 8 bytes of the hash as a place in [0, 1).</summary>
    // The top 53 bits are all a double holds; cutting, not rounding, keeps the bucket below 1.
    internal static double ToBucket(ulong head) => (head >> 11) * (1.0 / (1UL << 53));

    /// <summary>Whether the customer is held out: bucket &lt; holdout share.</summary>
    /// <param name="salt">The experiment's own salt, so that experiments are independent.</param>
    /// <param name="customerId">The customer's id as the shop writes it.</param>
    /// <param name="holdoutShare">Share of control, 0..1, frozen at launch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is outside 0..1.</exception>
    public static bool IsControl(string salt, string customerId, double holdoutShare)
    {
        if (holdoutShare is < 0 or > 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(holdoutShare), holdoutShare, "A share lies in 0..1.");
        return Bucket(salt, customerId) < holdoutShare;
    }
}
