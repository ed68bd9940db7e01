using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace CampaignManager.Web.Hosting;

/// <summary>
/// A JSON body that may be left out. A body parameter would not do: routing sends a call without a Content-Type past every route that declares
/// one, to the answer for unknown addresses.
/// </summary>
public static class OptionalBody
{
    /// <summary>The body, or null when there is none.</summary>
    /// <exception cref="BadHttpRequestException">It is not this JSON.</exception>
    public static async Task<T?> BodyAsync<T>(this HttpContext http)
        where T : class
    {
        if (http.Request.ContentLength is 0 || (http.Request.ContentLength is null && string.IsNullOrEmpty(http.Request.ContentType)))
            return null;
        if (!http.Request.HasJsonContentType())
            throw new BadHttpRequestException(ApiProblems.WrongMediaType, StatusCodes.Status415UnsupportedMediaType);
        try
        {
            var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            return await http.Request.ReadFromJsonAsync<T>(options, http.RequestAborted);
        }
        catch (JsonException wrong)
        {
            throw new BadHttpRequestException("The body is not right.", wrong);
        }
    }

    /// <summary>Tells the document about the body.</summary>
    public static RouteHandlerBuilder TakesOptional<T>(this RouteHandlerBuilder route) => route.AddOpenApiOperationTransformer(async (operation, context, stop) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = false,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(T), null, stop) },
            },
        });
}
