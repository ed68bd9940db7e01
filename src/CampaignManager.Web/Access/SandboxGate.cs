using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Access;

/// <summary>This route changes nothing real: a sandbox key may call it.</summary>
public sealed record SandboxMark;

/// <summary>
/// A sandbox key changes nothing but its own redemptions: a shop's developer who tries it out must not launch a campaign. Denied unless
/// marked, so that a route that comes later is closed by itself.
/// </summary>
public static class SandboxGate
{
    public const string Code = "sandbox-key";

    public static TBuilder OpenToSandbox<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new SandboxMark());

    public static void UseSandboxGate(this IApplicationBuilder api) => api.Use((http, next) =>
        http.IsSandbox() && IsChange(http.Request.Method) && http.GetEndpoint() is RouteEndpoint endpoint
            && endpoint.Metadata.GetMetadata<ScopeRequirement>() is not null && endpoint.Metadata.GetMetadata<SandboxMark>() is null
            ? ApiProblems.Write(http, StatusCodes.Status403Forbidden, Code,
                "A sandbox key changes nothing but its own redemptions. Use a live key.")
            : next(http));

    private static bool IsChange(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)
        && !HttpMethods.IsOptions(method);
}
