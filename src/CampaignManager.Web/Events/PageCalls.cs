using CampaignManager.Application.Accounts;
using CampaignManager.Application.ShopData.Events;
using CampaignManager.Web.Hosting;
using Microsoft.Net.Http.Headers;

namespace CampaignManager.Web.Events;

/// <summary>
/// Events from pages of other origins: what browsers ask before (CORS), and the key in the address where a page that is being left can set no headers.
/// </summary>
public static class PageCalls
{
    private const string Path = Api.Prefix + "/events";
    private const string RememberSeconds = "600";

    private const string OtherOrigin = "origin-not-allowed";

    public const string KeyInAddress = "key";

    /// <summary>Stands before sign-in: a browser asks without a key, and refusals must be readable for the page, too.</summary>
    public static void UsePageCalls(this WebApplication app) => app.UseWhen(IsEvents, calls => calls.Use(async (http, next) =>
    {
        var keys = http.RequestServices.GetRequiredService<ApiKeyService>();
        var origin = http.Request.Headers.Origin.ToString();
        var isAllowed = origin != "" && (await keys.OriginsAsync(http.RequestAborted)).Contains(origin);
        if (origin != "")
            http.Response.OnStarting(() => Allow(http.Response.Headers, isAllowed ? origin : null));
        if (HttpMethods.IsOptions(http.Request.Method) && http.Request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod))
        {
            // A page that is refused here never sends its events: only this tells that it wanted to.
            if (!isAllowed)
                http.RequestServices.GetRequiredService<EventRefusals>().Add(RefusedFrom.Page, OtherOrigin);
            await AnswerAsync(http, isAllowed);
            return;
        }

        // Only what may stand in a page may stand in an address: those are written down on the way.
        if (http.Request.Headers.Authorization.Count == 0 && http.Request.Query[KeyInAddress].ToString() is var key
            && key.StartsWith(ApiKeyService.PublishableMark, StringComparison.Ordinal))
        {
            http.Request.Headers.Authorization = "Bearer " + key;
        }

        await next(http);
    }));

    private static bool IsEvents(HttpContext http) => http.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase, out var rest) && rest.Value is "" or "/";

    private static Task AnswerAsync(HttpContext http, bool isAllowed)
    {
        if (!isAllowed)
            return ApiProblems.Write(http, StatusCodes.Status403Forbidden, OtherOrigin, "No publishable key names this page's origin.");
        var headers = http.Response.Headers;
        headers.AccessControlAllowMethods = HttpMethods.Post;
        headers.AccessControlAllowHeaders = "authorization, content-type";
        headers.AccessControlMaxAge = RememberSeconds;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task Allow(IHeaderDictionary headers, string? origin)
    {
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (origin is null)
            return Task.CompletedTask;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = HeaderNames.RetryAfter;
        return Task.CompletedTask;
    }
}
