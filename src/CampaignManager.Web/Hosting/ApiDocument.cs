using System.Text.Json.Nodes;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Accounts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace CampaignManager.Web.Hosting;

/// <summary>The OpenAPI document and the pages people read it on; both need no key and no other site.</summary>
public static class ApiDocument
{
    private const string Bearer = "bearer";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "CampaignManager API",
                Version = "v1",
                Description = "For shops, data pipelines and scripts. Money is a decimal number in the currency's major unit, times are ISO 8601. "
                    + "Errors are problem+json (RFC 9457) with `code` and, where fields are wrong, `errors` by JSON path. Lists take `page`, `pageSize`, `sort` and `q`.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                Description = "An API key, made on the page API keys or by `create-api-key`.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeOperation);
        options.AddSchemaTransformer(ListClosedSet);
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/docs", scalar =>
        {
            scalar.Title = "CampaignManager API";
            scalar.OpenApiRoutePattern = "/openapi/{documentName}.json";
            scalar.DefaultFonts = false;
            scalar.Telemetry = false;
            scalar.HideClientButton = true;
            scalar.HideModels = true;
            scalar.DisableAgent();
            scalar.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            scalar.AddPreferredSecuritySchemes(Bearer);
        }).AllowAnonymous();
    }

    private static Task ListClosedSet(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (ClosedSets.NamesOf(context.JsonTypeInfo.Type) is { } names)
        {
            schema.Type = JsonSchemaType.String | (Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is null ? 0 : JsonSchemaType.Null);
            schema.Enum = [.. names.Select(n => JsonValue.Create(n))];
        }

        return Task.CompletedTask;
    }

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var scope = context.Description.ActionDescriptor.EndpointMetadata.OfType<ScopeRequirement>().LastOrDefault()?.Scope;
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
        ];
        if (scope is not null)
            operation.Description = $"{operation.Description} Needs a key with the scope `{scope}`.".TrimStart();
        if (context.Description.HttpMethod is "POST" or "PUT" or "PATCH" or "DELETE")
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotentCalls.Header,
                In = ParameterLocation.Header,
                Description = "The same key with the same body is answered once and repeated for 24 hours; with another body it is 409.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
            });
        }

        return Task.CompletedTask;
    }
}
