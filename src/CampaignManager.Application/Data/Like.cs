namespace CampaignManager.Application.Data;

/// <summary>Patterns for SQL LIKE from what a person typed: their % and _ mean themselves.</summary>
public static class Like
{
    public const string Escape = "\\";

    public static string Contains(string text) => $"%{text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
}
