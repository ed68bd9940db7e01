using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Data;

namespace CampaignManager.Application.ShopData.Keys;

/// <summary>
/// <c>p</c> and 25 letters of the base32 of HMAC-SHA256 over kind and normalised value. The key is derived from the master key: made once,
/// the same on every node, outside the
/// lake, and never another while the database knows its master key.
/// </summary>
public sealed class PersonKeys(MasterKey master) : IPersonKeys
{
    private const int Letters = 25;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly Lazy<byte[]> key = new(() => master.KeyFor("person-keys"), LazyThreadSafetyMode.PublicationOnly);

    public string Pseudonym(string kind, string value)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Value, Encoding.UTF8.GetBytes(kind + ":" + PersonId.Normalised(kind, value)), hash);
        Span<char> text = stackalloc char[1 + Letters];
        text[0] = 'p';
        for (var i = 0; i < Letters; i++)
        {
            var bit = i * 5;
            var pair = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            text[i + 1] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
        }

        return new string(text);
    }
}
