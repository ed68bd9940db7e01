using System.ComponentModel.DataAnnotations;
using System.Net;
using CampaignManager.Web.Access;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Hosting;

/// <summary>Section <c>Proxy</c>.</summary>
public sealed record ProxyOptions : IValidatableObject
{
    /// <summary>
    /// Whose <c>X-Forwarded-For </c>, <c>-Proto </c> and <c>-Host </c> are believed: addresses and networks, separated by commas. Loopback
    /// always is.
    /// </summary>
    public string Trusted { get; init; } = "";

    internal IEnumerable<string> Entries => Trusted.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var entry in Entries.Where(e => !IPAddress.TryParse(e, out _) && !System.Net.IPNetwork.TryParse(e, out _)))
            yield return new ValidationResult(
                $"Proxy:Trusted must list addresses or networks such as 10.0.0.7 or 10.0.0.0/8; '{entry}' is neither.");
    }
}

/// <summary>
/// Behind a reverse proxy: who calls, by which scheme and for which host is what the proxy says, if it is one that is trusted.
/// </summary>
public static class Proxy
{
    public static IServiceCollection AddProxy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProxyOptions>().Bind(configuration.GetSection("Proxy")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((forwarded, proxy) =>
        {
            forwarded.ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            foreach (var entry in proxy.Value.Entries)
            {
                if (IPAddress.TryParse(entry, out var address))
                    forwarded.KnownProxies.Add(address);
                else if (System.Net.IPNetwork.TryParse(entry, out var network))
                    forwarded.KnownIPNetworks.Add(network);
            }
        });
        // In Production the app stands behind HTTPS: whatever cookie it sets goes over nothing else.
        services.AddOptions<CookiePolicyOptions>().Configure<IWebHostEnvironment>((cookies, environment) =>
            cookies.Secure = environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always);
        return services;
    }

    public static void UseProxy(this WebApplication app)
    {
        app.UseForwardedHeaders();
        // A call with a key is given no cookie.
        app.UseWhen(http => !ApiKeyAuthentication.IsMeantBy(http.Request), people => people.UseCookiePolicy());
    }
}
