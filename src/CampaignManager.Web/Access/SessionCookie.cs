using System.Security.Claims;
using CampaignManager.Application.Accounts;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace CampaignManager.Web.Access;

/// <summary>
/// The cookie names a session that the server keeps: begun at signing in, asked for at every request, ended at signing out.
/// </summary>
public static class SessionCookie
{
    public const string Claim = "session";

    public static void KeepSessions(this CookieAuthenticationOptions options)
    {
        var stamp = options.Events.OnValidatePrincipal;
        options.Events.OnSigningIn = StartAsync;
        options.Events.OnSigningOut = EndAsync;
        options.Events.OnValidatePrincipal = async context =>
        {
            if (await IsAliveAsync(context.Principal, Sessions(context.HttpContext), context.HttpContext.RequestAborted))
                await stamp(context);
            else
                context.RejectPrincipal();
        };
    }

    /// <summary>Identity puts together a new person when it looks at the stamp: the session goes with them.</summary>
    public static Task CarryOverAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.CurrentPrincipal?.FindFirst(Claim) is { } session)
            context.NewPrincipal?.Identities.First().AddClaim(session.Clone());
        return Task.CompletedTask;
    }

    public static Guid? SessionOf(ClaimsPrincipal? person) =>
        Guid.TryParseExact(person?.FindFirstValue(Claim), "N", out var id) ? id : null;

    public static async Task<bool> IsAliveAsync(ClaimsPrincipal? person, SessionService sessions, CancellationToken cancellationToken) =>
        SessionOf(person) is { } id && person!.FindFirstValue(ClaimTypes.NameIdentifier) is { } user
            && await sessions.IsAliveAsync(id, user, cancellationToken);

    private static async Task StartAsync(CookieSigningInContext context)
    {
        var http = context.HttpContext;
        var user = context.Principal!.FindFirstValue(ClaimTypes.NameIdentifier)!;
        // A cookie that is only written anew (a changed profile) goes on with the session it had.
        var same = http.User.FindFirstValue(ClaimTypes.NameIdentifier) == user ? SessionOf(http.User) : null;
        if (same is not { } id || !await Sessions(http).IsAliveAsync(id, user, http.RequestAborted))
        {
            var device = DeviceName.Of(http.Request.Headers.UserAgent.ToString());
            id = await Sessions(http).StartAsync(user, device, http.Connection.RemoteIpAddress?.ToString(), http.RequestAborted);
        }

        context.Principal!.Identities.First().AddClaim(new Claim(Claim, id.ToString("N")));
    }

    private static async Task EndAsync(CookieSigningOutContext context)
    {
        if (SessionOf(context.HttpContext.User) is not { } id)
            return;
        await Sessions(context.HttpContext).EndAsync(id, CancellationToken.None);
        // Not before the browser has the answer: the page that asked would be led away from it.
        context.HttpContext.Response.OnCompleted(() =>
        {
            Sessions(context.HttpContext).Tell([id]);
            return Task.CompletedTask;
        });
    }

    private static SessionService Sessions(HttpContext http) => http.RequestServices.GetRequiredService<SessionService>();
}
