using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;

namespace CampaignManager.Web.Access;

public static class AccountServices
{
    /// <summary>Identity with cookies; every route wants a signed-in user unless it says otherwise; one policy per role.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, IWebHostEnvironment environment, IConfiguration configuration)
    {
        services.AddIdentity<AppUser, IdentityRole>(options =>
            {
                options.Password.RequiredLength = 10;
                options.Password.RequireNonAlphanumeric = false;
                options.Lockout.MaxFailedAccessAttempts = 5;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version2;
            })
            .AddEntityFrameworkStores<AppDbContext>()
            .AddDefaultTokenProviders()
            .AddPasswordValidator<CommonPasswords>()
            .AddClaimsPrincipalFactory<UserClaims>();
        // A disabled account or taken-away role ends requests and open pages within this time.
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = CircuitRevalidation.Interval;
            options.OnRefreshingPrincipal = SessionCookie.CarryOverAsync;
        });
        services.AddScoped<AuthenticationStateProvider, CircuitRevalidation>();
        services.ConfigureApplicationCookie(options =>
        {
            options.LoginPath = "/account/sign-in";
            options.AccessDeniedPath = "/account/denied";
            options.ExpireTimeSpan = SessionService.Lasts;
            options.KeepSessions();
            options.SlidingExpiration = true;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
        });
        var authorization = services.AddAuthorizationBuilder();
        foreach (var role in Roles.All)
            authorization.AddPolicy(role, policy => policy.RequireAuthenticatedUser().RequireRole(role));
        authorization.AddPolicy(Policies.Staff, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.All));
        authorization.AddPolicy(Policies.Lead, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Manager, Roles.Admin));
        authorization.AddPolicy(Policies.Customers, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => CurrentActor.Of(context.User).SeesCustomers));
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
        services.AddTransient<IPolicyEvaluator, KeyPolicyEvaluator>();

        services.AddOptions<KeyManagementOptions>()
            .Configure<MasterKey>((options, key) => options.XmlEncryptor = new MasterKeyEncryptor(key));
        services.AddSingleton<KeyFiles>();
        var keys = Path.Combine(
            Path.GetDirectoryName(
                Path.GetFullPath(configuration["Database:Path"] is { Length: > 0 } path ? path : "data/campaign-manager.db"))!, "keys");
        services.AddDataProtection().SetApplicationName("CampaignManager").PersistKeysToFileSystem(new DirectoryInfo(keys));
        services.AddOptions<SignInLimitOptions>().Bind(configuration.GetSection("SignIn")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SignInLimit>();
        services.AddScoped<PasswordSignIn>();
        services.AddSingleton<AccountPreparation>();
        services.AddScoped<CurrentActor>();
        return services;
    }
}
