using System.Security.Cryptography;

namespace CampaignManager.Application.Accounts;

/// <summary>Passwords and codes that people copy or type once: no letters that look alike, about 5 random bits a character.</summary>
public static class OneTimePassword
{
    private const string Lower = "abcdefghjkmnpqrstuvwxyz";
    private const string Upper = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "23456789";

    /// <summary>Four groups of four, for example <c>Kp4w-…</c>; satisfies the password rules (upper, lower, digit).</summary>
    public static string New()
    {
        while (true)
        {
            var text = RandomNumberGenerator.GetString(Lower + Upper + Digits, 16);
            if (text.Any(char.IsAsciiDigit) && text.Any(char.IsAsciiLetterLower) && text.Any(char.IsAsciiLetterUpper))
                return Grouped(text);
        }
    }

    /// <summary>A code of capitals and digits in groups, easy to type from a log: 80 random bits.</summary>
    public static string NewCode() => Grouped(RandomNumberGenerator.GetString(Upper + Digits, 16));

    private static string Grouped(string text) => string.Join('-', text.Chunk(4).Select(group => new string(group)));
}
