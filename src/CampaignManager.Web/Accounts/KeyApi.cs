using System.Security.Claims;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Accounts;

/// <summary>Lets a script check its key before it does anything.</summary>
public static class KeyApi
{
    public static void MapKeyApi(this IEndpointRouteBuilder api) =>
        api.MapGroup("/me").WithTags("Accounts")
            .MapGet("/", (HttpContext http) => TypedResults.Ok(new WhoAmI(
                http.ApiActor().Name,
                http.User.FindAll(ApiKeyAuthentication.ScopeClaim).Select(c => c.Value).ToList(),
                http.ApiActor().Roles.Order(StringComparer.Ordinal).ToList(),
                http.IsSandbox())))
            .WithSummary("Whose key this is, and what it may do");

    /// <param name="Name">The key's or the person's name.</param>
    /// <param name="Scopes">The key's scopes; empty for a signed-in person.</param>
    /// <param name="Roles">The roles the services see.</param>
    /// <param name="Sandbox">A sandbox key redeems nothing for real.</param>
    public sealed record WhoAmI(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Roles, bool Sandbox);
}
