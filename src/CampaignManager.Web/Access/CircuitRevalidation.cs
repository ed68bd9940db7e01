using System.Security.Claims;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Access;

/// <summary>
/// An open page lives for hours without a request, so it hears by itself when its session ends, and asks from time to time whether its
/// person may still be here.
/// </summary>
public sealed class CircuitRevalidation : RevalidatingServerAuthenticationStateProvider
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly IServiceScopeFactory scopes;
    private readonly ILogger<CircuitRevalidation> logger;
    private readonly IDisposable listening;

    public CircuitRevalidation(ILoggerFactory loggers, IServiceScopeFactory scopes, INews news)
        : base(loggers)
    {
        (this.scopes, logger) = (scopes, loggers.CreateLogger<CircuitRevalidation>());
        listening = news.Listen(SessionService.Ended, id => _ = HearAsync(id));
    }

    protected override TimeSpan RevalidationInterval => Interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await IsValidAsync(authenticationState.User, scope.ServiceProvider, cancellationToken);
    }

    public static async Task<bool> IsValidAsync(ClaimsPrincipal person, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (!await SessionCookie.IsAliveAsync(person, services.GetRequiredService<SessionService>(), cancellationToken))
            return false;
        var users = services.GetRequiredService<UserManager<AppUser>>();
        var stamp = services.GetRequiredService<IOptions<IdentityOptions>>().Value.ClaimsIdentity.SecurityStampClaimType;
        return await users.GetUserAsync(person) is { Disabled: false } user
            && person.FindFirstValue(stamp) == await users.GetSecurityStampAsync(user);
    }

    protected override void Dispose(bool disposing)
    {
        listening.Dispose();
        base.Dispose(disposing);
    }

    /// <param name="id">The session that has ended; null when news may have been missed.</param>
    private async Task HearAsync(string? id)
    {
        try
        {
            var state = await GetAuthenticationStateAsync();
            var mine = state.User.FindFirstValue(SessionCookie.Claim);
            if (mine is null || (id is not null && id != mine))
                return;
            if (id is null && await ValidateAuthenticationStateAsync(state, CancellationToken.None))
                return;
            SetAuthenticationState(Task.FromResult(Nobody));
        }
        catch (InvalidOperationException)
        {
            // The page has not said yet whose it is, or is gone.
        }
        catch (Exception fault)
        {
            logger.LogWarning(fault, "An open page could not be asked whose it is; it asks again within {Interval}", Interval);
        }
    }
}
