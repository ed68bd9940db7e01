using System.Security.Claims;

namespace CampaignManager.Application.Accounts;

/// <summary>What an admin grants one person beside the roles; kept as a claim of the account.</summary>
public static class Rights
{
    public const string ClaimType = "right";

    /// <summary>To see single customers and lists of them. Admins have it by their role.</summary>
    public const string Customers = "customers";

    internal static Claim CustomersClaim => new(ClaimType, Customers);
}
