using System.Security.Claims;
using CampaignManager.Application.Accounts;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Access;

/// <summary>An open page lives for hours without a request, so it asks by itself whether its person may still be here.</summary>
public sealed class CircuitRevalidation(ILoggerFactory loggers, IServiceScopeFactory scopes, IOptions<IdentityOptions> options)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override TimeSpan RevalidationInterval => Interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await IsValidAsync(authenticationState.User, scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>(), options.Value);
    }

    public static async Task<bool> IsValidAsync(ClaimsPrincipal person, UserManager<AppUser> users, IdentityOptions options) =>
        await users.GetUserAsync(person) is { Disabled: false } user
        && person.FindFirstValue(options.ClaimsIdentity.SecurityStampClaimType) == await users.GetSecurityStampAsync(user);
}
