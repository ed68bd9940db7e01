using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Net.Http.Headers;
using Scalar.AspNetCore;

namespace CampaignManager.Web.Hosting;

/// <summary>
/// What browsers are told of every answer: no script but the app's own files runs, nothing frames it, no cache keeps what people's browsers
/// or proxies in between have no business with, and no address it leads to is another host's.
/// </summary>
public static class SecurityHeaders
{
    // Styles within elements are how MudBlazor and the charts place things; they run nothing.
    private const string Policy = "default-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
        + "connect-src 'self'; font-src 'self' data:; img-src 'self' data: blob:; "
        + "manifest-src 'self'; style-src 'self' 'unsafe-inline'; script-src ";

    private const string PagePolicy = Policy + "'self'";

    /// <summary>An answer for programs shows nothing: where a browser opens one all the same, nothing within it runs and nothing frames it.</summary>
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            Write(http);
            return Task.CompletedTask;
        });
        return next(http);
    });

    private static void Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (http.Request.Path.StartsWithSegments("/api"))
        {
            headers.ContentSecurityPolicy = DataPolicy;
            headers.CacheControl = "no-store";
            return;
        }

        // The pages of the API's document start by a script within the page, which has a nonce of its own.
        var nonce = http.Items[ScalarOptions.NonceHttpContextItemKey] as string;
        headers.ContentSecurityPolicy = nonce is null ? PagePolicy : $"{PagePolicy} 'nonce-{nonce}'";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (!IsAsset(http))
            headers.CacheControl = "no-store";
        if (headers.Location.ToString() is { Length: > 0 } location)
            headers.Location = WithoutHost(location, http.Request);
    }

    private static bool IsAsset(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        || http.Request.Path.StartsWithSegments("/_framework") || http.Request.Path.StartsWithSegments("/_content");

    /// <summary>
    /// A caller's Host says where it believes to be, and anybody can say anything: where to go next is said by path alone.
    /// </summary>
    private static string WithoutHost(string location, HttpRequest request)
    {
        var here = $"{request.Scheme}://{request.Host.Value}";
        return location.StartsWith(here + "/", StringComparison.OrdinalIgnoreCase) ? location[here.Length..] : location;
    }

    /// <summary>An open page's connection carries its person's rights: no other site may open one in their browser.</summary>
    public static void UseOwnConnectionsOnly(this WebApplication app) => app.Use((http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments("/_blazor") || IsOwn(http.Request))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] == "cross-site")
            return false;
        var origin = request.Headers[HeaderNames.Origin].ToString();
        if (origin == "")
            return true;
        // A proxy may end HTTPS: then ports that are left out differ in what they mean, and are the same.
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && from.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && PortOf(from.IsDefaultPort ? null : from.Port) == PortOf(request.Host.Port);

        static int? PortOf(int? port) => port is 80 or 443 ? null : port;
    }
}
