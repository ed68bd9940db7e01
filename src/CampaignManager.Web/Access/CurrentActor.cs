using System.Security.Claims;
using CampaignManager.Application.Accounts;
using Microsoft.AspNetCore.Components.Authorization;

namespace CampaignManager.Web.Access;

/// <summary>The person of this circuit, as the services want them.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    public async Task<Actor> GetAsync() => Of((await authentication.GetAuthenticationStateAsync()).User);

    public static Actor Of(ClaimsPrincipal user)
    {
        var actor = Actor.Of(
            user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "",
            user.FindFirstValue(UserClaims.DisplayName) ?? user.Identity?.Name ?? "",
            user.FindAll(ClaimTypes.Role).Select(c => c.Value));
        // A key acts as an admin where it imports or trains: its own scopes say whether it sees customers.
        var isKey = user.Identity?.AuthenticationType == ApiKeyAuthentication.SchemeName;
        return actor with { SeesCustomers = user.HasClaim(Rights.ClaimType, Rights.Customers) || (!isKey && actor.Is(Roles.Admin)) };
    }
}
