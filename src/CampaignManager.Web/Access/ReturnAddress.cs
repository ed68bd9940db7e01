using CampaignManager.Application;

namespace CampaignManager.Web.Access;

/// <summary>
/// Where to go on after signing in: a page of this app. Browsers drop tabs and line breaks in an address and read a backslash as a slash.
/// </summary>
public static class ReturnAddress
{
    public const string Start = "/";

    public static string Of(string? wanted) =>
        wanted is ['/', .. var rest] && !rest.StartsWith('/') && !rest.Contains('\\') && wanted.IsOneLine() ? wanted : Start;
}
