using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Who was erased, known again by a keyed hash alone.</summary>
internal sealed class ErasedPeople(LakeCatalogue catalogue)
{
    private readonly Dictionary<string, DateTime> erased = catalogue.Erased.GroupBy(e => e.Hash).ToDictionary(g => g.Key, g => g.Max(e => e.At), StringComparer.Ordinal);

    /// <summary>Whether a row of that time is of somebody erased since; without a time it is of whoever was ever erased.</summary>
    public bool Refuses(string? customer, DateTime? at) =>
        erased.Count > 0 && customer is not null && erased.TryGetValue(HashOf(customer, catalogue.ErasedSalt), out var when) && (at is null || at < when);

    public static string HashOf(string customer, string? salt) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(salt ?? ""), Encoding.UTF8.GetBytes(customer)));
}
