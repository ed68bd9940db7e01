using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using CampaignManager.Web.Access;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Hosting;

/// <summary>Section <c>Api</c>.</summary>
public sealed record ApiOptions
{
    /// <summary>Calls a minute that one key may make; 0 means no limit.</summary>
    [Range(0, 1_000_000, ErrorMessage = "Api:RateLimitPerMinute must be 0 (no limit) or a number of calls up to 1000000.")]
    public int RateLimitPerMinute { get; init; }

    public const string Refuse = "refuse";

    public const string Warn = "warn";

    /// <summary>Whether carts with fields that do not exist are refused, or answered with a warning; null: as the shop's settings say.</summary>
    [AllowedValues(null, Refuse, Warn, ErrorMessage = "Api:UnknownFields must be refuse or warn, or be left out.")]
    public string? UnknownFields { get; init; }
}

/// <summary>So many calls a minute for each key; 429 says when to come again.</summary>
public static class ApiLimits
{
    public const string Policy = "api-key";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddApiLimits(this IServiceCollection services)
    {
        services.AddSingleton<CallFields>();
        services.AddOptions<ApiOptions>().BindConfiguration("Api").ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(Policy, PartitionOf);
            limiter.OnRejected = async (rejected, _) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
                rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                await ApiProblems.Write(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "too-many-calls", "This key has made too many calls. Retry-After says when to come again.");
            };
        });
        return services;
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext http)
    {
        var limit = http.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value.RateLimitPerMinute;
        var isKey = http.User.Identity?.AuthenticationType == ApiKeyAuthentication.SchemeName;
        return limit == 0 || !isKey
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetFixedWindowLimiter(
                http.User.FindFirstValue(ClaimTypes.NameIdentifier)!,
                _ => new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = Window, QueueLimit = 0 });
    }
}
