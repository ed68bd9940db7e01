namespace CampaignManager.Application.Accounts;

/// <summary>How people and keys may be called.</summary>
public static class PersonName
{
    public const int Longest = 100;
    public const string Rule = "A name has 1 to 100 characters, none of them a control character.";

    /// <summary>The name without blanks at its ends; null when it is none.</summary>
    public static string? Of(string? text) => text?.Trim() is { Length: > 0 and <= Longest } name && name.IsOneLine() ? name : null;
}
