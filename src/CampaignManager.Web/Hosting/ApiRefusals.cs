using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace CampaignManager.Web.Hosting;

/// <summary>What any route may answer beside what it says itself, told to the document in one place, in the one shape of refusals.</summary>
internal static class ApiRefusals
{
    private const string ProblemJson = "application/problem+json";

    private static readonly int[] Always =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden,
        StatusCodes.Status429TooManyRequests, StatusCodes.Status500InternalServerError,
    ];

    /// <summary>Call on the group of all routes.</summary>
    public static void DescribeRefusals(this RouteGroupBuilder api) => ((IEndpointConventionBuilder)api).Finally(endpoint =>
    {
        var told = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().ToList();
        var shaped = told.Where(t => t.Type is { } type && type.IsAssignableTo(typeof(ApiProblem))).Select(t => t.StatusCode).ToHashSet();
        foreach (var plain in told.Where(t => t.Type == typeof(ProblemDetails)))
            endpoint.Metadata.Remove(plain);
        foreach (var status in told.Where(t => t.StatusCode >= StatusCodes.Status400BadRequest).Select(t => t.StatusCode)
            .Concat(Always).Concat(Of(endpoint)).Distinct().Where(s => !shaped.Contains(s)))
        {
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ApiProblem), [ProblemJson]));
        }
    });

    private static IEnumerable<int> Of(EndpointBuilder endpoint)
    {
        if (endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 })
            yield return StatusCodes.Status404NotFound;
        // An Idempotency-Key may come with another body.
        if (endpoint.Metadata.OfType<IHttpMethodMetadata>().Any(m => !m.HttpMethods.Contains(HttpMethods.Get)))
            yield return StatusCodes.Status409Conflict;
        if (endpoint.Metadata.OfType<IAcceptsMetadata>().Any())
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }
    }
}
