using System.Text.Json.Serialization;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Accounts;
using CampaignManager.Web.Audiences;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Campaigns.Codes;
using CampaignManager.Web.Campaigns.Replay;
using CampaignManager.Web.Campaigns.Suggestions;
using CampaignManager.Web.Data;
using CampaignManager.Web.Offers;
using CampaignManager.Web.Settings;
using CampaignManager.Web.Uplift;
using CampaignManager.Web.Webhooks;
using Microsoft.AspNetCore.Routing.Template;

namespace CampaignManager.Web.Hosting;

/// <summary>The HTTP API's frame: each feature maps its own routes below /api/v1.</summary>
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
        app.UseRateLimiter();
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api"), api => api.UseMiddleware<IdempotentCalls>());
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapApiDocument();
        MapFeatures(app.MapApiGroup());
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
            .DisableAntiforgery()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        return api;
    }

    /// <summary>Each feature adds one line: <c>api.MapCampaignsApi();</c>.</summary>
    private static void MapFeatures(IEndpointRouteBuilder api)
    {
        api.MapKeyApi();
        api.MapUpliftApi();
        api.MapCampaignsApi();
        api.MapCampaignTransferApi();
        api.MapSuggestionsApi();
        api.MapReplayApi();
        api.MapAudiencesApi();
        api.MapSettingsApi();
        api.MapImportsApi();
        api.MapOffersApi();
        api.MapRedemptionsApi();
        api.MapCodesApi();
        api.MapWebhooksApi();
    }

    private static Task UnknownAsync(HttpContext http, EndpointDataSource endpoints)
    {
        var methods = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.StartsWith(Prefix, StringComparison.Ordinal) == true
                && new TemplateMatcher(new RouteTemplate(e.RoutePattern), []).TryMatch(http.Request.Path, []))
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
