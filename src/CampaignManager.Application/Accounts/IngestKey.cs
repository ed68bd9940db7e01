namespace CampaignManager.Application.Accounts;

/// <summary>What a publishable key is held to: it stands in a page's source, where anybody reads it.</summary>
/// <param name="Origins">Pages that may use it, as browsers say them: <c>https://shop.example</c>.</param>
/// <param name="CallsPerMinute">Of all browsers together; one address may make a tenth of them.</param>
/// <param name="TokenVersion">Which secret signs the tokens that say who somebody is.</param>
public sealed record IngestKey(IReadOnlyList<string> Origins, int CallsPerMinute, int TokenVersion)
{
    public const int UsualCalls = 6_000;

    private const int MostCalls = 1_000_000;
    private const int MostOrigins = 20;

    /// <summary>What is wrong with a request for a key; null: nothing is.</summary>
    internal static Failure? Check(NewApiKey request)
    {
        if (!request.Scopes.Contains(Scopes.Ingest))
            return request.Origins.Count == 0 ? null : Failure.Invalid("origins", $"Only a key of the scope '{Scopes.Ingest}' has origins.");
        if (request.Scopes.Count > 1)
            return Failure.Invalid("scopes", $"A key of the scope '{Scopes.Ingest}' stands in pages, where anybody reads it: it has no other scope.");
        if (request.Sandbox)
            return Failure.Invalid("scopes", $"A key of the scope '{Scopes.Ingest}' is never a sandbox key: events change data.");
        return CheckPages(request.Origins, request.CallsPerMinute);
    }

    /// <summary>What is wrong with the pages that may use a key, and how often; null: nothing is.</summary>
    internal static Failure? CheckPages(IReadOnlyList<string> origins, int callsPerMinute)
    {
        if (origins.Count is 0 or > MostOrigins)
            return Failure.Invalid("origins", $"Name the pages that may use the key, 1 to {MostOrigins}, such as https://shop.example.");
        if (origins.FirstOrDefault(o => Origin(o) is null) is { } wrong)
            return Failure.Invalid("origins", $"'{(wrong.Length > 80 ? wrong[..80] + "…" : wrong)}' is no origin. It is https:// (or http://) and the host, with its port if it has one, and nothing after it.");
        return callsPerMinute is < 1 or > MostCalls ? Failure.Invalid("callsPerMinute", $"Calls a minute are 1 to {MostCalls}.") : null;
    }

    /// <summary>As they are stored.</summary>
    internal static string Stored(IReadOnlyList<string> origins) => string.Join(' ', origins.Select(Origin).Distinct());

    /// <summary>As browsers write it; null: it is none.</summary>
    internal static string? Origin(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri.PathAndQuery == "/" && uri.Fragment == "" && uri.UserInfo == "" && uri.Host.Length > 0 && !uri.Host.Contains('*', StringComparison.Ordinal)
            ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped).ToLowerInvariant() : null;
}
