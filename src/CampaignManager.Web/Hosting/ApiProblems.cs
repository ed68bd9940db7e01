using System.Text.Json;
using System.Text.RegularExpressions;
using CampaignManager.Application;
using Microsoft.AspNetCore.Diagnostics;

namespace CampaignManager.Web.Hosting;

/// <summary>Every refusal of the API is RFC 9457 problem+json with a stable <c>code</c> and, where fields are wrong, <c>errors</c> by JSON path.</summary>
public static partial class ApiProblems
{
    public const string WrongMediaType = "Send the body with the Content-Type this call takes; for most it is application/json.";

    private const string HalfACharacter = "A text in it has half of a character (a lone surrogate such as \\ud800).";

    private const string NoType = "This object needs a 'type' that is known.";

    private static readonly (string TypePattern, string Wanted)[] WantedByType =
    [
        (@"List|Collection|Enumerable|\[\]", "a list is wanted"),
        (@"\bDateOnly\b", "a date like 2026-11-01 is wanted"),
        (@"\bTimeOnly\b", "a time of day like 18:00 is wanted"),
        (@"\bDateTime(Offset)?\b", "a time like 2026-11-01T18:00:00Z is wanted"),
        (@"\bGuid\b", "an id is wanted"),
        (@"\b(Boolean|bool)\b", "true or false is wanted"),
        (@"\b(U?Int(16|32|64)|int|long)\b", "a whole number is wanted"),
        (@"\b(Decimal|Double|Single|decimal|double|float|as a number)\b", "a number is wanted"),
        (@"\b(System\.String|string|as a string)\b", "a text is wanted"),
    ];

    public static IResult ToProblem(this Failure failure) => Problem((int)failure.Kind, failure.Code, failure.Message, failure.Errors);

    public static Task Write(HttpContext http, int status, string code, string sentence, IReadOnlyDictionary<string, string[]>? errors = null) =>
        Problem(status, code, sentence, errors).ExecuteAsync(http);

    private static IResult Problem(int status, string code, string sentence, IReadOnlyDictionary<string, string[]>? errors) =>
        Results.Problem(statusCode: status, detail: sentence, extensions: errors is null
            ? new Dictionary<string, object?> { ["code"] = code }
            : new Dictionary<string, object?> { ["code"] = code, ["errors"] = errors });

    /// <summary>Answers below /api that no endpoint wrote, and exceptions: the expected ones as 400 with the field, the others as 500 and in the log.</summary>
    public static void UseApiProblems(this WebApplication app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments("/api"),
        api =>
        {
            api.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = WriteFaultAsync, SuppressDiagnosticsCallback = fault => IsCallers(fault.Exception) });
            api.UseStatusCodePages(pages => Write(pages.HttpContext, pages.HttpContext.Response.StatusCode, "refused", "This call was refused."));
        });

    private static Task WriteFaultAsync(HttpContext http)
    {
        var fault = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (fault is BadHttpRequestException bad)
        {
            var (path, sentence) = Explain(bad);
            var code = bad.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => "too-large",
                StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
                _ => "invalid",
            };
            return Write(http, bad.StatusCode, code, sentence, new Dictionary<string, string[]> { [path] = [sentence] });
        }

        if (fault is NotSupportedException untyped && PathIn(untyped.Message) is { } where)
        {
            return Write(http, StatusCodes.Status400BadRequest, "invalid", NoType, new Dictionary<string, string[]> { [where] = [NoType] });
        }

        if (fault is not null && IsHalfACharacter(fault))
            return Write(http, StatusCodes.Status400BadRequest, "invalid", HalfACharacter, new Dictionary<string,
                string[]>
            { ["$"] = [HalfACharacter] });
        if (DiskFull.IsMeantBy(fault))
            return DiskFull.Failure.ToProblem().ExecuteAsync(http);
        return Write(http, StatusCodes.Status500InternalServerError, "unexpected", "Something went wrong on our side. The error has been logged.");
    }

    private static bool IsCallers(Exception fault) => fault is BadHttpRequestException || IsHalfACharacter(fault)
        || (fault is NotSupportedException && PathIn(fault.Message) is not null);

    /// <summary>JSON may spell what no text can hold; its reader says so only when the text is wanted.</summary>
    private static bool IsHalfACharacter(Exception fault) => fault is InvalidOperationException
        && fault.Message.Contains("UTF-16", StringComparison.Ordinal);

    private static (string Path, string Sentence) Explain(BadHttpRequestException bad)
    {
        if (bad.InnerException is JsonException json)
            return (PathOf(json.Path), SentenceOf(json));
        var binding = Binding().Match(bad.Message);
        if (binding.Success)
            return (Camel(binding.Groups["name"].Value), $"'{binding.Groups["value"].Value}' is not right here: {Wanted(binding.Groups["type"].Value)}.");
        var missing = Missing().Match(bad.Message);
        if (missing.Success)
            return missing.Groups["from"].Value == "body" ? ("$", "This call needs a JSON body.") : (Camel(missing.Groups["name"].Value), "This is needed.");
        if (bad.Message.StartsWith("Implicit body inferred", StringComparison.Ordinal))
            return ("$", "This call needs a JSON body.");
        return ("$", bad.StatusCode == StatusCodes.Status415UnsupportedMediaType ? WrongMediaType : bad.Message);
    }

    /// <summary>Where and why a piece of JSON could not be read, as the API says it.</summary>
    public static (string Path, string Sentence) Explain(Exception wrong) => wrong is JsonException json
        ? (PathOf(json.Path), SentenceOf(json))
        : (PathIn(wrong.Message) ?? "$", NoType);

    private static string SentenceOf(JsonException json)
    {
        var convert = Conversion().Match(json.Message);
        if (convert.Success)
            // For a parameter of a constructor the type named is the whole record's; then the exception inside knows more.
            return $"This value is not right here: {Wanted($"{convert.Groups["type"].Value} {json.InnerException?.Message}")}.";
        var required = RequiredNames().Match(json.Message);
        if (required.Success)
            return $"These fields are needed: {required.Groups["names"].Value.Replace("'", "", StringComparison.Ordinal).TrimEnd('.')}.";
        if (json.Message.Contains("type discriminator", StringComparison.Ordinal))
            return "This 'type' is not known.";
        if (json.Message.Contains("doesn't allow setting null", StringComparison.Ordinal) || json.Message.Contains("doesn't allow null", StringComparison.Ordinal))
            return "This must not be null.";
        // What remains is broken syntax, or a sentence of our own converters.
        var sentence = PathSuffix().Replace(json.Message, "").TrimEnd('.', ' ');
        return json.LineNumber is { } line && json.InnerException is not null
            ? $"This is not valid JSON (line {line + 1}, byte {json.BytePositionInLine + 1}): {sentence}."
            : sentence + ".";
    }

    private static string Wanted(string type)
    {
        foreach (var (pattern, wanted) in WantedByType)
        {
            if (Regex.IsMatch(type, pattern, RegexOptions.CultureInvariant))
                return wanted;
        }

        return "another value is wanted";
    }

    private static string PathOf(string? path) => path is null or "$" or "" ? "$" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

    private static string? PathIn(string message) => PathSuffix().Match(message) is { Success: true } m ? PathOf(m.Groups["path"].Value) : null;

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    [GeneratedRegex("""^Failed to bind parameter "(?<type>.+) (?<name>\w+)" from "(?<value>.*)"\.""")]
    private static partial Regex Binding();

    [GeneratedRegex("""^Required parameter ".+ (?<name>\w+)" was not provided from (?<from>\w+)""")]
    private static partial Regex Missing();

    [GeneratedRegex(@"could not be converted to (?<type>[^ ]+?)\. Path")]
    private static partial Regex Conversion();

    [GeneratedRegex("missing required properties including: (?<names>[^.]+)")]
    private static partial Regex RequiredNames();

    [GeneratedRegex(@"\s*Path: (?<path>\$[^|]*?)\s*(\||$).*$", RegexOptions.Singleline)]
    private static partial Regex PathSuffix();
}
