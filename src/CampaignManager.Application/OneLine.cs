namespace CampaignManager.Application;

/// <summary>Names that people give stand in lists, files and the log, one line each.</summary>
public static class OneLine
{
    public const string Rule = "A name has no line breaks or other control characters.";

    /// <summary>Without line breaks and other characters that are no letters: one of those in a name forges a line of the log.</summary>
    public static bool IsOneLine(this string text) => !text.Any(IsControl);

    /// <summary>What came from outside and is not refused, such as a file's name: those characters are left out.</summary>
    public static string Of(string text) => text.IsOneLine() ? text : new string([.. text.Where(c => !IsControl(c))]);

    // Beside the control characters: line separators, and marks that turn the direction of what follows, by which a name shows as another.
    internal static bool IsControl(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
