using System.Globalization;

namespace CampaignManager.Web.Hosting;

/// <summary>
/// What generated clients call a route: a verb and what it is about, from its method and path. A route whose path says it badly has
/// a name of its own (<c>WithName</c>).
/// </summary>
internal static class OperationNames
{
    public static string Of(string method, string path)
    {
        var parts = path[Api.Prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var last = parts[^1];
        // POST on a single word is a step: /campaigns/{id}/submit.
        if (HttpMethods.IsPost(method) && !IsParameter(last) && !IsMany(last))
            return parts.Length == 1 ? last : last + Noun(parts[..^1]);
        var verb = method.ToUpperInvariant() switch
        {
            "GET" => !IsParameter(last) && IsMany(last) ? "list" : "get",
            "POST" => "create",
            "PUT" => "replace",
            "DELETE" => "delete",
            _ => method.ToLowerInvariant(),
        };
        return verb + (verb == "create" ? Noun([.. parts, "{}"]) : Noun(parts));
    }

    /// <summary>The fixed parts one after another, in the singular where a parameter chooses one of them.</summary>
    private static string Noun(string[] parts) => string.Concat(parts.Select((part, i) =>
        IsParameter(part) ? "" : Pascal(i + 1 < parts.Length && IsParameter(parts[i + 1]) ? One(part) : part)));

    private static bool IsParameter(string part) => part[0] == '{';

    private static bool IsMany(string word) => One(word) != word;

    private static string One(string word) => word switch
    {
        _ when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
        _ when word.EndsWith("ches", StringComparison.Ordinal) => word[..^2],
        _ when word.EndsWith('s') => word[..^1],
        _ => word,
    };

    private static string Pascal(string part) => string.Concat(part.Split('-', '.').Select(word =>
        char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));
}
