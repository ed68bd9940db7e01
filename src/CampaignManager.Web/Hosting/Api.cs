using System.Text.Json.Serialization;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Access;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Hosting;

/// <summary>The HTTP API's frame: features map their own routes below /api/v1.</summary>
public static class Api
{
    public const string Prefix = "/api/v1";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddApiDocument();
        services.AddApiLimits();
        services.AddHealth();
        // A body that cannot be read becomes an exception in every environment, so that one handler can name the field.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            // Numbers as numbers: the document and the refusals stay clear.
            json.NumberHandling = JsonNumberHandling.Strict;
            json.Encoder = RulesJson.Options.Encoder;
            json.AllowOutOfOrderMetadataProperties = RulesJson.Options.AllowOutOfOrderMetadataProperties;
            json.RespectNullableAnnotations = RulesJson.Options.RespectNullableAnnotations;
            json.Converters.Add(new ExactDecimal());
            foreach (JsonConverter converter in RulesJson.Options.Converters)
                json.Converters.Add(converter);
        });
        return services;
    }

    /// <summary>Stands after authorization: limits and repeated calls are counted by key.</summary>
    public static void UseApi(this WebApplication app)
    {
        // Its bookkeeping is a part of a quote's time that a shop without a limit need not pay.
        if (app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.RateLimitPerMinute > 0)
            app.UseRateLimiter();
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api"), api =>
        {
            api.UseSandboxGate();
            api.UsePublishableGate();
            api.UseMiddleware<IdempotentCalls>();
        });
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapApiDocument();
        var api = app.MapApiGroup();
        foreach (var feature in app.Services.GetServices<Feature>())
            feature.MapApi(api);
        app.MapUnknown();
    }

    /// <summary>What no feature takes, said in the API's own words: the host's fallback would send a script to the sign-in page.</summary>
    public static void MapUnknown(this IEndpointRouteBuilder app) =>
        app.Map("/api/{**rest}", UnknownAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    /// <summary>The group demands the API's scheme by itself: a feature that forgets its scope is still not open to a cookie's changing calls.</summary>
    public static RouteGroupBuilder MapApiGroup(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Prefix);
        api.RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyAuthentication.SchemeName).RequireAuthenticatedUser())
            .RequireRateLimiting(ApiLimits.Policy)
            .DisableAntiforgery();
        api.DescribeRefusals();
        return api;
    }

    /// <summary>
    /// An address whose id is none (<c>/campaigns/abc</c>) is nobody's: routes are asked with what they demand of their parts.
    /// </summary>
    private static bool Takes(RouteEndpoint endpoint, HttpContext http, ParameterPolicyFactory policies)
    {
        var values = new RouteValueDictionary();
        return endpoint.RoutePattern.RawText?.StartsWith(Prefix, StringComparison.Ordinal) == true
            && new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(http.Request.Path, values)
            && endpoint.RoutePattern.Parameters.All(part => part.ParameterPolicies.Select(policy => policies.Create(part, policy))
                .OfType<IRouteConstraint>()
                .All(constraint => constraint.Match(http, null, part.Name, values, RouteDirection.IncomingRequest)));
    }

    private static Task UnknownAsync(HttpContext http, EndpointDataSource endpoints, ParameterPolicyFactory policies)
    {
        var methods = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => Takes(e, http, policies))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        if (methods.Length == 0)
            return ApiProblems.Write(http, StatusCodes.Status404NotFound, "not-found", "There is no such address in this API. /docs lists them all.");
        if (methods.Contains(http.Request.Method))
            return ApiProblems.Write(http, StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", ApiProblems.WrongMediaType);
        http.Response.Headers.Allow = string.Join(", ", methods);
        return ApiProblems.Write(http, StatusCodes.Status405MethodNotAllowed, "method-not-allowed", $"This address takes {string.Join(", ", methods)}.");
    }
}
