using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Access;

/// <summary>A publishable key stands in pages, where anybody reads it: it opens what names its scope, and nothing else, not even who it is.</summary>
public static class PublishableGate
{
    public static void UsePublishableGate(this IApplicationBuilder api) => api.Use((http, next) =>
        !http.User.HasClaim(ApiKeyAuthentication.ScopeClaim, Scopes.Ingest) || IsOpen(http.GetEndpoint())
            ? next(http)
            : ApiProblems.Write(http, StatusCodes.Status403Forbidden, "forbidden", "A publishable key opens POST /events and nothing else."));

    // What is no address of the API says so itself.
    private static bool IsOpen(Endpoint? endpoint) => endpoint is not RouteEndpoint { RoutePattern.RawText: { } path }
        || !path.StartsWith(Api.Prefix, StringComparison.Ordinal)
        || endpoint.Metadata.GetOrderedMetadata<ScopeRequirement>().Any(s => s.Scope == Scopes.Ingest || s.Instead == Scopes.Ingest);
}
