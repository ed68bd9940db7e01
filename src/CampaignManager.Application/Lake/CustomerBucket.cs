using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CampaignManager.Application.Lake;

/// <summary>
/// The bucket of a customer: the first four bytes of SHA-256 of the id, big-endian, modulo the number of buckets. DuckDB's own
/// <c>hash</c> may change between versions, and files keep their bucket for ever; so the same standard hash is computed here and in SQL.
/// </summary>
public static class CustomerBucket
{
    private const int ShortId = 256;

    public static int Of(string customerId, int buckets)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var most = Encoding.UTF8.GetMaxByteCount(customerId.Length);
        var bytes = most <= ShortId ? stackalloc byte[ShortId] : new byte[most];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(customerId, bytes)], hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)buckets);
    }

    public static string Sql(string column, int buckets) =>
        string.Create(CultureInfo.InvariantCulture, $"(('0x' || substr(sha256({column}), 1, 8))::UBIGINT % {buckets})::INTEGER");
}
