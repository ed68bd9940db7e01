using System.Text;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Identity;

namespace CampaignManager.Web.Access;

/// <summary>
/// Passwords that are tried first: common words with digits and signs around them (<c>P4ssw0rd2026!</c> is <c>password</c>), rows of the
/// keyboard, and the person's own name or e-mail.
/// </summary>
public sealed class CommonPasswords : IPasswordValidator<AppUser>
{
    public const string Code = "PasswordCommon";

    private const int FewestOwn = 4;

    private static readonly HashSet<string> Words = Read();

    public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password) => Task.FromResult(
        IsCommon(password ?? "", user)
            ? IdentityResult.Failed(new IdentityError { Code = Code, Description = "This password is one of those that are tried first." })
                : IdentityResult.Success);

    public static bool IsCommon(string password, AppUser user)
    {
        var (read, letters) = (Bare(password), new string([.. password.ToLowerInvariant().Where(char.IsLetter)]));
        return read.Length < FewestOwn || read.Distinct().Count() < FewestOwn
            || IsKnown(read) || IsKnown(letters)
            || Own(user).Any(own => own.Length >= FewestOwn && (read == own || letters == own || read == own + own));
    }

    /// <summary>A word of the list or a row of keys; said twice or three times it is no better.</summary>
    private static bool IsKnown(string word)
    {
        for (var times = 1; times <= 3; times++)
        {
            var part = word[..(word.Length / times)];
            if (string.Concat(Enumerable.Repeat(part, times)) == word && (Words.Contains(part) || IsRow(part)))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> Own(AppUser user) =>
        (string[])[Bare(user.Email ?? ""), Bare((user.Email ?? "").Split('@')[0]), Bare(user.DisplayName), .. user.DisplayName.Split(' ')
            .Select(Bare)];

    /// <summary>Small letters, digits within words read as the letters they stand for, whatever stands around them left out.</summary>
    private static string Bare(string text)
    {
        var trimmed = text.ToLowerInvariant().Trim([.. "0123456789 \t_-.,:;!?@#$%^&*()+=~/\\|<>[]{}'\"`"]);
        var word = new StringBuilder(trimmed.Length);
        foreach (var c in trimmed)
        {
            word.Append(c switch
            {
                '0' => "o",
                '1' or '!' => "i",
                '3' => "e",
                '4' or '@' => "a",
                '5' or '$' => "s",
                '7' => "t",
                _ when char.IsLetter(c) => c.ToString(),
                _ => "",
            });
        }

        return word.ToString();
    }

    private static bool IsRow(string word) =>
        word.Length >= FewestOwn
            && ((string[])["qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "abcdefghijklmnopqrstuvwxyz",
                "qazwsxedcrfvtgbyhnujmikolp"])
            .Any(row => row.Contains(word, StringComparison.Ordinal) || new string([.. row.Reverse()])
                .Contains(word, StringComparison.Ordinal));

    private static HashSet<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }
}
