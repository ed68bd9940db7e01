using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CampaignManager.Application;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Shared;

/// <summary>Every code that a failure can carry is a sentence in both languages; the codes are read from the source.</summary>
public sealed partial class FailureWordsTests
{
    private static readonly string Source = Path.Combine(Top(), "src");

    /// <summary>Codes that are no literal where the failure is made, and what they can be.</summary>
    private static readonly Dictionary<string, string[]> Computed = new()
    {
        ["made.Errors.First().Code"] = IdentityCodes(),
        ["result.Errors.First().Code"] = IdentityCodes(),
        // What RedemptionService calls used up.
        ["reason.Name()"] = ["limit-reached", "budget-exhausted", "code-used-up"],
        // Filled in below from the places that throw or call.
        ["refusal.Code"] = [],
        ["code"] = [],
        ["string code"] = [],
    };

    public static TheoryData<string, string> CodesAndCultures()
    {
        var data = new TheoryData<string, string>();
        foreach (var code in Codes().Distinct().Order(StringComparer.Ordinal))
        {
            data.Add(code, "en");
            data.Add(code, "zh-CN");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(CodesAndCultures))]
    public void Say_EveryCode_IsASentenceOfTheReadersLanguage(string code, string culture)
    {
        var said = Words(culture).Say(new Failure(FailureKind.Conflict, code, "Its English sentence."));

        Assert.NotEqual("Its English sentence.", said);
        // A code of one word may well be a word of the sentence.
        Assert.DoesNotContain(code.Contains('-', StringComparison.Ordinal) ? code : "Failure.", said, StringComparison.Ordinal);
        if (culture == "zh-CN")
            Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", said);
    }

    [Fact]
    public void Say_CodeNobodyKnows_IsTheFailuresSentenceAndNeverTheCode()
    {
        Assert.Equal("It broke.", Words("zh-CN").Say(new Failure(FailureKind.Conflict, "of-a-later-version", "It broke.")));
        Assert.DoesNotContain("later", Words("zh-CN").Say("of-a-later-version", null, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_OfTheSource_AreAllKnown()
    {
        var unknown = Files().SelectMany(f => Made().Matches(f.Text).Select(m => (f.Name, Code: m.Groups["code"].Value.Trim())))
            .Where(m => !m.Code.StartsWith('"') && !Computed.ContainsKey(m.Code) && Constant(m.Code) is null);
        Assert.Equal([], unknown);
        Assert.True(Codes().Distinct().Count() > 80, "The source's codes are not found any more.");
    }

    private static IEnumerable<string> Codes() => Files()
        .SelectMany(f => Made().Matches(f.Text).Concat(Coded().Matches(f.Text)).Select(m => m.Groups["code"].Value.Trim()))
        .SelectMany(code => code.StartsWith('"') ? [code.Trim('"')] : Computed.TryGetValue(code, out var some) ? some : [Constant(code)!]);

    private static string? Constant(string name) => Files()
        .Select(f => Regex.Match(f.Text, $@"const string {Regex.Escape(name.Split('.')[^1])} = ""([\w-]+)"""))
        .FirstOrDefault(m => m.Success)?.Groups[1].Value;

    private static FailureWords Words(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        return new ServiceCollection().AddLogging().AddWords().AddFeatures(Features.All).BuildServiceProvider().GetRequiredService<FailureWords>();
    }

    private static string[] IdentityCodes() =>
    [
        .. typeof(IdentityErrorDescriber).GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(m => m.ReturnType == typeof(IdentityError))
            .Select(m => ((IdentityError)m.Invoke(new IdentityErrorDescriber(), [.. m.GetParameters().Select(p => p.ParameterType == typeof(int) ? (object)1 : "x")])!).Code)
            .Where(code => code.StartsWith("Password", StringComparison.Ordinal) || code is "DefaultError" or "ConcurrencyFailure")
            .Concat(["DuplicateUserName", "DuplicateEmail", "InvalidUserName", "InvalidEmail"]),
    ];

    private static IReadOnlyList<(string Name, string Text)> Files() => All.Value;

    private static readonly Lazy<IReadOnlyList<(string Name, string Text)>> All = new(() =>
    [
        .. new[] { "CampaignManager.Application", "CampaignManager.Web" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Source, project), "*", SearchOption.AllDirectories))
            .Where(f => (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)) && !f.Contains("/obj/", StringComparison.Ordinal))
            .Select(f => (Path.GetRelativePath(Source, f), File.ReadAllText(f))),
    ]);

    private static string Top([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    /// <summary>A failure made from a code: the literal, constant or expression.</summary>
    [GeneratedRegex(@"(?:Failure\.Conflict\(|new\s*(?:Failure)?\(\s*FailureKind\.\w+,|\bRefuse\((?="")|ImportRefusedException\()\s*(?<code>""[^""]+""|(?:[^(),""]|\([^()]*\))+)")]
    private static partial Regex Made();

    /// <summary>A failure whose code is put over that of its kind, or an exception made by its target's type.</summary>
    [GeneratedRegex(@"\bCode = (?<code>""[\w-]+"")|ImportRefusedException \w+\(\) =>\s*new\(\s*(?<code>""[\w-]+"")")]
    private static partial Regex Coded();
}
