using System.Security.Claims;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace CampaignManager.Web.Accounts;

/// <summary>What needs a real HTTP response: cookies cannot be set from a circuit.</summary>
public static class AccountApi
{
    public static void MapAccounts(this WebApplication app)
    {
        // Taking the form is what demands its antiforgery token.
        app.MapPost("/account/sign-out", async (IFormCollection _, SignInManager<AppUser> signIn) =>
        {
            await signIn.SignOutAsync();
            return Results.LocalRedirect("/account/sign-in");
        }).ExcludeFromDescription();

        app.MapPost("/account/sessions/end", EndSessionsAsync).ExcludeFromDescription();

        app.MapPost("/account/preferences", SavePreferencesAsync).ExcludeFromDescription().AllowAnonymous();
    }

    /// <summary>One session by its id; without one all of them, this one too.</summary>
    private static async Task<IResult> EndSessionsAsync(IFormCollection form, HttpContext http, SessionService sessions,
        SignInManager<AppUser> signIn)
    {
        if (Guid.TryParse(form["id"], out var id))
        {
            await sessions.EndAsync(id, http.ApiActor(), http.RequestAborted);
            return Results.LocalRedirect("/account/profile?saved=sessions");
        }

        await sessions.EndAllAsync(http.ApiActor(), http.RequestAborted);
        await signIn.SignOutAsync();
        return Results.LocalRedirect("/account/sign-in");
    }

    private static async Task<IResult> SavePreferencesAsync(
        [FromForm] string? culture, [FromForm] string? theme, [FromForm] string? returnUrl, HttpContext http, UserManager<AppUser> users)
    {
        var user = await users.GetUserAsync(http.User);
        if (culture is not null && Pages.Cultures.Contains(culture))
        {
            SetCultureCookie(http, culture);
            if (user is not null)
                user.Culture = culture;
        }

        if (theme is "light" or "dark" or "system")
        {
            SetThemeCookie(http, theme);
            if (user is not null)
                user.Theme = theme;
        }

        if (user is not null)
            await users.UpdateAsync(user);
        return string.IsNullOrEmpty(returnUrl) ? Results.NoContent() : Results.LocalRedirect(ReturnAddress.Of(returnUrl));
    }

    public static void SetCultureCookie(HttpContext http, string culture) => http.Response.Cookies.Append(
        CookieRequestCultureProvider.DefaultCookieName,
        CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
        Lasting);

    public static void SetThemeCookie(HttpContext http, string theme) => http.Response.Cookies.Append("theme", theme, Lasting);

    private static CookieOptions Lasting => new() { MaxAge = TimeSpan.FromDays(365), IsEssential = true, SameSite = SameSiteMode.Lax, HttpOnly = true };
}
