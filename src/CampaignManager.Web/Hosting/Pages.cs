using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Localization;
using CampaignManager.Web.Shared;
using Hangfire;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using MudBlazor;
using MudBlazor.Services;

namespace CampaignManager.Web.Hosting;

public static class Pages
{
    public static readonly string[] Cultures = ["en", "zh-CN"];

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.AddWords();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.VisibleStateDuration = 5000;
            options.SnackbarConfiguration.ShowTransitionDuration = 100;
        });
        services.AddTransient<MudLocalizer, MudTextsLocalizer>();
        return services;
    }

    /// <summary>Features register as what they are, so that the frame finds them without their names.</summary>
    public static IServiceCollection AddFeatures(this IServiceCollection services, IEnumerable<Feature> features)
    {
        foreach (var feature in features)
        {
            services.AddSingleton(feature);
            feature.AddServices(services);
        }

        return services;
    }

    public static void MapFeatureRoutes(this WebApplication app)
    {
        foreach (var feature in app.Services.GetServices<Feature>())
            feature.MapRoutes(app);
    }

    public static void UseFaults(this WebApplication app)
    {
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        // A wrong address typed into the browser gets a page; the API answers with problem+json, assets with nothing.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((http, next) =>
        {
            var wantsPage = HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
            if (!wantsPage || http.Request.Path.StartsWithSegments(Api.Prefix))
                http.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            return next(http);
        });
        if (!app.Environment.IsDevelopment())
            app.UseHsts();
    }

    /// <summary>The culture comes from the cookie that signing in sets, else from the browser.</summary>
    public static void UseTexts(this WebApplication app)
    {
        var options = new RequestLocalizationOptions()
            .AddSupportedCultures(Cultures)
            .AddSupportedUICultures(Cultures)
            .SetDefaultCulture("en");
        options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        app.UseRequestLocalization(options);
    }

    public static void UseStaticWebRoot(this WebApplication app)
    {
        // In Development they would be read anew at every request and sent uncompressed; a build lays them out anyway.
        app.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        // The build packs what is ours; what packages bring has no packed form at its fingerprinted address, so it is packed when first asked for.
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/_content"), packages => packages.UseResponseCompression());
        app.MapStaticAssets().AllowAnonymous();
    }

    public static void MapPages(this WebApplication app) => app.MapRazorComponents<App>().AddInteractiveServerRenderMode();

    public static void UseJobsDashboard(this WebApplication app) =>
        app.MapHangfireDashboard("/jobs", new DashboardOptions { Authorization = [], AppPath = "/", DisplayStorageConnectionString = false })
            .RequireAuthorization(Roles.Admin);

    /// <summary>The culture of the current circuit, as a BCP 47 name.</summary>
    public static string CultureName => CultureInfo.CurrentUICulture.Name;
}
