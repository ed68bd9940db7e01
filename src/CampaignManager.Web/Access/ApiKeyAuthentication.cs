using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Encodings.Web;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Access;

/// <summary>
/// The API's one scheme: <c>Authorization: Bearer key</c>. Reading calls also take the sign-in cookie, so that pages can link to downloads;
/// changing calls never do, so no foreign site can make them in a person's name. Refusals are problem+json, never a redirect.
/// </summary>
public sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyService keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string ScopeClaim = "scope";
    public const string SandboxClaim = "sandbox";
    private const string Bearer = "Bearer ";

    // A checkout asks hundreds of times a second with one key: who that is, is put together once for as long as the service remembers it.
    private static readonly ConditionalWeakTable<KnownApiKey, ClaimsPrincipal> Principals = [];

    /// <summary>Whether a call shows a key, of whatever worth.</summary>
    public static bool IsMeantBy(HttpRequest request) => request.Path.StartsWithSegments("/api")
        && request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return await TicketAsync(Request, keys) is { } ticket
                ? AuthenticateResult.Success(ticket)
                : AuthenticateResult.Fail("The API key is unknown or revoked.");
        }

        if (!HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method))
            return AuthenticateResult.NoResult();
        var cookie = await Context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        return cookie is { Succeeded: true, Principal: { } person }
            ? AuthenticateResult.Success(new AuthenticationTicket(person, Scheme.Name))
            : AuthenticateResult.NoResult();
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        Response.Headers.WWWAuthenticate = "Bearer";
        var sentence = result.Failure?.Message ?? "Send an API key: 'Authorization: Bearer <key>'.";
        await ApiProblems.Write(Context, StatusCodes.Status401Unauthorized, "unauthorized", sentence);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiProblems.Write(Context, StatusCodes.Status403Forbidden, "forbidden", $"This key does not have the scope '{ScopeOf(Context)}' that this call needs.");

    // Of several the first that the key does not have.
    private static string ScopeOf(HttpContext http) =>
        (http.GetEndpoint()?.Metadata.GetOrderedMetadata<ScopeRequirement>() ?? []).OrderBy(s => ScopeHandler.MayCall(http.User, s)).FirstOrDefault()?.Scope ?? "";

    /// <summary>The key of a call that shows one; null: it is unknown or revoked.</summary>
    internal static Task<KnownApiKey?> KeyAsync(HttpRequest request, ApiKeyService keys) =>
        keys.RecogniseAsync(request.Headers.Authorization.ToString()[Bearer.Length..].Trim(), request.HttpContext.RequestAborted);

    /// <summary>Who the key of a call is; null: it is unknown or revoked.</summary>
    internal static async ValueTask<AuthenticationTicket?> TicketAsync(HttpRequest request, ApiKeyService keys)
    {
        var key = await KeyAsync(request, keys);
        return key is null ? null : new AuthenticationTicket(Principals.GetValue(key, PrincipalOf), SchemeName);
    }

    private static ClaimsPrincipal PrincipalOf(KnownApiKey key)
    {
        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, $"key:{key.Id}"));
        identity.AddClaim(new Claim(ClaimTypes.Name, key.Name));
        identity.AddClaims(key.Scopes.Select(scope => new Claim(ScopeClaim, scope)));
        identity.AddClaims(Scopes.RolesOf(key.Scopes).Select(role => new Claim(ClaimTypes.Role, role)));
        if (key.Scopes.Any(scope => scope is Scopes.Customers or Scopes.Everything))
            identity.AddClaim(new Claim(Rights.ClaimType, Rights.Customers));
        if (key.Sandbox)
            identity.AddClaim(new Claim(SandboxClaim, "true"));
        return new ClaimsPrincipal(identity);
    }
}

/// <summary>The scope a group of routes needs; also its metadata, for refusals and the OpenAPI document.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Instead">Another that opens them as well; null where none does.</param>
public sealed record ScopeRequirement(string Scope, string? Instead = null) : IAuthorizationRequirement;

/// <summary>A key has the scope or all of them; a person's role decides what they may read.</summary>
public sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        var allowed = context.User.Identity?.AuthenticationType == ApiKeyAuthentication.SchemeName
            ? MayCall(context.User, requirement)
            : requirement.Scope == Scopes.Customers ? CurrentActor.Of(context.User).SeesCustomers
            : Roles.All.Any(role => context.User.IsInRole(role) && Scopes.MayRead(role, requirement.Scope));
        if (allowed)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <summary>Whether a key's own scopes open a route.</summary>
    internal static bool MayCall(ClaimsPrincipal key, ScopeRequirement requirement) =>
        key.HasClaim(c => c.Type == ApiKeyAuthentication.ScopeClaim && (c.Value == requirement.Scope || c.Value == requirement.Instead || c.Value == Scopes.Everything));
}

public static class ApiAccess
{
    // The host looks for this mark, and puts the middleware before all others where it does not find it.
    private const string AuthenticationIsSet = "__AuthenticationMiddlewareSet";

    /// <summary>Reads the sign-in cookie, but for calls with a key: those are no person's, and a checkout asks often.</summary>
    public static void UseSignIn(this WebApplication app)
    {
        ((IApplicationBuilder)app).Properties[AuthenticationIsSet] = true;
        app.UseWhen(http => !ApiKeyAuthentication.IsMeantBy(http.Request), people => people.UseAuthentication());
    }

    /// <summary>Opens these routes to keys with the scope (and, for reading, to people whose role may).</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope, string? instead = null)
        where TBuilder : IEndpointConventionBuilder
    {
        if (!Scopes.All.Contains(scope))
            throw new ArgumentException($"There is no scope '{scope}'.", nameof(scope));
        var requirement = new ScopeRequirement(scope, instead);
        builder.RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyAuthentication.SchemeName).RequireAuthenticatedUser().AddRequirements(requirement));
        builder.WithMetadata(requirement);
        return builder;
    }

    /// <summary>Who calls, as the services want them: the key by its name with the roles of its scopes, or the signed-in person.</summary>
    public static Actor ApiActor(this HttpContext http) => CurrentActor.Of(http.User);

    /// <summary>Whether the call came with a sandbox key.</summary>
    public static bool IsSandbox(this HttpContext http) => http.User.HasClaim(ApiKeyAuthentication.SandboxClaim, "true");
}
