using System.Reflection;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Engine.Offers;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Hosting;

/// <summary>A JSON body of which nothing is swallowed: fields that its type does not have stand beside it.</summary>
public sealed record Sent<T>(T Body, IReadOnlyList<RuleError> Unknown) : IEndpointParameterMetadataProvider
    where T : class
{
    /// <summary>The refusal of unknown fields; null when there are none.</summary>
    public Failure? Refusal => Unknown.Count == 0 ? null : Failure.Invalid(Unknown.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray()));

    public static async ValueTask<Sent<T>?> BindAsync(HttpContext http, ParameterInfo _)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!http.Request.HasJsonContentType())
            throw new BadHttpRequestException(ApiProblems.WrongMediaType, StatusCodes.Status415UnsupportedMediaType);
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            var json = await http.Request.ReadFromJsonAsync<JsonElement>(options, http.RequestAborted);
            var body = json.Deserialize<T>(options) ?? throw new BadHttpRequestException("This call needs a JSON body.");
            return new Sent<T>(body, UnknownFields.Find(json, typeof(T), options));
        }
        catch (JsonException wrong)
        {
            throw new BadHttpRequestException("The body is not right.", wrong);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
    }
}
