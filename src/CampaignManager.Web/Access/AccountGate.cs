using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.StaticAssets;

namespace CampaignManager.Web.Access;

/// <summary>Nothing opens before there is an admin, and nothing opens for a person whose password someone else has seen.</summary>
public static class AccountGate
{
    public const string SetupPath = "/account/setup";
    public const string PasswordPath = "/account/password";

    public static void UseAccountGate(this WebApplication app)
    {
        var setup = app.Services.GetRequiredService<SetupService>();
        app.Use((http, next) =>
        {
            var path = http.Request.Path;
            if (http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || path.StartsWithSegments("/account/preferences"))
                return next(http);
            if (setup.Needed && !IsMachine(path) && !path.StartsWithSegments(SetupPath))
                return Lead(http, SetupPath);
            if (!http.User.HasClaim(UserClaims.MustChangePassword, "true") || path.StartsWithSegments(PasswordPath) || path.StartsWithSegments("/account/sign-out"))
                return next(http);
            return path.StartsWithSegments("/api")
                ? ApiProblems.Write(http, StatusCodes.Status403Forbidden, "password-change-needed", "Choose your own password first.")
                : Lead(http, PasswordPath);
        });
    }

    /// <summary>What scripts and probes call has no sign-in page.</summary>
    private static bool IsMachine(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments("/healthz") || path.StartsWithSegments("/readyz") || path.StartsWithSegments("/openapi") || path.StartsWithSegments("/docs");

    private static Task Lead(HttpContext http, string where)
    {
        http.Response.Redirect(where);
        return Task.CompletedTask;
    }
}
