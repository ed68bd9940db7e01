using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Makes of an id what is kept of somebody erased. It is derived from the master key: outside the lake, so that whoever has the lake alone cannot try ids.</summary>
public sealed class ErasureKey
{
    private readonly Lazy<byte[]> key;

    public ErasureKey(MasterKey master) => key = new(() => master.KeyFor("erased-people"), LazyThreadSafetyMode.PublicationOnly);

    internal ErasureKey(byte[] key) => this.key = new(key);

    /// <returns>HMAC-SHA256, lower-case hex.</returns>
    public string HashOf(string id) => Convert.ToHexStringLower(HMACSHA256.HashData(key.Value, Encoding.UTF8.GetBytes(id)));
}
