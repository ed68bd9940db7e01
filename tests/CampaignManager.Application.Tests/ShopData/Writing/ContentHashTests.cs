using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.ShopData.Writing;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>Lakes hold these hashes: a row that comes again next year must have the same one.</summary>
public sealed class ContentHashTests
{
    [Fact]
    public void Value_AllKindsOfCells_IsOfTheirTextsAsBefore()
    {
        var at = new DateTime(2026, 3, 1, 9, 30, 0, DateTimeKind.Utc);
        var said = string.Join('\u001f', "view", "\0", "", "-12", at.Ticks, "", "1", "0.1", "a", "b", "2", "裙 👗 \ud83d", "");

        var hash = new ContentHash().Begin().Of("view").Of((string?)null).Of("").Of(-12).Of(at).Of((long?)null).Of(true).Of(0.1).Of(["a", "b"]).Of("裙 👗 \ud83d");

        Assert.Equal(BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(said))), hash.Value);
    }

    [Fact]
    public void Value_TextLongerThanAnyBefore_IsOfAllOfIt()
    {
        var hash = new ContentHash();
        var text = new string('长', 5000);
        var whole = SHA256.HashData(Encoding.UTF8.GetBytes(text + '\u001f'));

        Assert.Equal(BinaryPrimitives.ReadInt64BigEndian(whole), hash.Begin().Of(text).Value);
        Assert.Equal("#" + Convert.ToHexStringLower(whole[..16]), hash.Begin().Of(text).Id);
    }
}
