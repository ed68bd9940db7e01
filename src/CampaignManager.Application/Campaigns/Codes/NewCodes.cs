using System.Globalization;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Campaigns.Codes;

/// <param name="Name">What the batch is for; null for none.</param>
/// <param name="Count">So many unique codes are drawn; null when <paramref name="Codes"/> are given.</param>
/// <param name="Prefix">Stands before each code drawn.</param>
/// <param name="Length">Random characters of each code drawn.</param>
/// <param name="Codes">Codes of one's own.</param>
/// <param name="UsesPerCode">How often each may be used; null: once for codes drawn, as the campaign's limits say for given ones.</param>
public sealed record NewCodes(string? Name, int? Count, string? Prefix, int? Length, IReadOnlyList<string?>? Codes, int? UsesPerCode)
{
    /// <summary>The one customer who may use them; null: anybody.</summary>
    public string? CustomerId { get; init; }

    public const int MostCodes = 100_000;
    public const int LongestCustomer = 200;
    public const int LongestCode = 64;
    public const int LongestName = 100;
    public const int LongestPrefix = 20;
    public const int UsualLength = 10;

    /// <summary>Everything wrong with it, by JSON path.</summary>
    internal Dictionary<string, string[]> Check()
    {
        var errors = new Dictionary<string, string[]>();
        if (Name?.Trim().Length > LongestName)
            errors["name"] = ["At most 100 characters."];
        else if (Name?.Trim().IsOneLine() == false)
            errors["name"] = [OneLine.Rule];
        if (CustomerId is { } customer && (customer.Trim().Length is 0 or > LongestCustomer || customer.Any(char.IsControl)))
            errors["customerId"] = ["An id has 1 to 200 characters, all of them printable."];
        if (UsesPerCode < 1)
            errors["usesPerCode"] = ["A code may be used at least once."];
        if (Codes is { } codes)
            CheckGiven(codes, errors);
        else if (Count is not (>= 1 and <= MostCodes))
            errors["count"] = ["Say how many codes to make, 1 to 100000, or send the codes."];
        if (Codes is not null && Count is not null)
            errors["count"] = ["Either a count or codes, not both."];
        if (Length is < 6 or > 32)
            errors["length"] = ["A code has 6 to 32 random characters."];
        if (Prefix is { } prefix && (prefix.Trim().Length > LongestPrefix || !prefix.IsOneLine() || prefix.Any(char.IsSurrogate)))
            errors["prefix"] = ["A prefix has at most 20 printable characters."];
        return errors;
    }

    private static void CheckGiven(IReadOnlyList<string?> codes, Dictionary<string, string[]> errors)
    {
        if (codes.Count is 0 or > MostCodes)
            errors["codes"] = ["A batch has 1 to 100000 codes."];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, code) in codes.Index().Take(MostCodes))
        {
            var path = $"codes[{i.ToString(CultureInfo.InvariantCulture)}]";
            if (code?.Trim() is not { Length: > 0 and <= LongestCode } || !StorableText.IsKey(CouponCode.Normalise(code)) || CouponCode.Normalise(code).Length == 0)
                errors[path] = ["A code has 1 to 64 characters."];
            else if (!seen.Add(CouponCode.Normalise(code)))
                errors[path] = ["The same code stands in the list before."];
        }
    }
}

public sealed record MadeCodes(Guid Id, Guid CampaignId, string? Name, int Count, int? UsesPerCode, DateTime CreatedAt, IReadOnlyList<string> Codes)
{
    public string? CustomerId { get; init; }
}
