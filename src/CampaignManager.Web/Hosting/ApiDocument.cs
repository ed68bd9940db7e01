using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace CampaignManager.Web.Hosting;

/// <summary>The OpenAPI document and the pages people read it on; both need no key and no other site.</summary>
public static class ApiDocument
{
    private const string Bearer = "bearer";

    private const string OnceText =
        "The same key with the same body is answered once and repeated for 24 hours; with another body it is 409.";

    private const string VersionText =
        "The version that was read, as its `ETag` has it; another by now is 412. Left out, it is not looked at.";

    private static readonly Dictionary<string, string> TagTexts = new()
    {
        ["Accounts"] = "Whose key a call came with.",
        ["Audiences"] = "The segments that campaigns may name, and who is in them.",
        ["Campaigns"] = "Drafts, their life and history; predictions, suggestions, replays; campaigns as files.",
        ["Coupons"] = "Codes: issued in batches, searched, revoked.",
        ["Customers"] = "Single customers, pseudonymous: who they are to the shop and what they did.",
        ["Data"] = "Files of behaviour and of experiments.",
        ["Experiments"] = "What imported experiments have shown.",
        ["First steps"] = "What a shop's data let be said, and its first experiment.",
        ["Models"] = "Training, versions of models, scores.",
        ["Offers"] = "What carts cost, and orders' claims on campaigns.",
        ["Settings"] = "The shop's own settings.",
        ["Privacy"] = "People who ask to be erased.",
        ["Webhooks"] = "Who is told of what, and what came of it.",
    };

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.CreateSchemaReferenceId = json =>
            OpenApiOptions.CreateDefaultSchemaReferenceId(json) is { } id ? Named(json.Type, id) : null;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "CampaignManager API",
                Version = "v1",
                Description = "For shops, data pipelines and scripts. Money is a decimal number in the currency's major unit, times are ISO 8601. "
                    + "Errors are problem+json (RFC 9457) with `code` and, where fields are wrong, `errors` by JSON path. Lists take `page`, `pageSize`, `sort` and `q`.",
            };
            // Clients put the paths behind it, which begin with a slash.
            foreach (var server in document.Servers ?? [])
                server.Url = server.Url?.TrimEnd('/');
            foreach (var tag in document.Tags ?? (ISet<OpenApiTag>)new HashSet<OpenApiTag>())
                tag.Description = TagTexts.GetValueOrDefault(tag.Name ?? "");
            ApiSchemas.FreeWhatMayBeLeftOut(document);
            ApiSchemas.SayWhichFiguresMayBeMissing(document);
            ApiSchemas.NameFilesWhereTheyAreSent(document);
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                Description = "An API key, made on the page API keys or by `create-api-key`. What it opens is its scopes:\n\n"
                    + string.Join("\n", Scopes.All.Select(scope => $"- `{scope}`: {Scopes.Opens(scope)}")),
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(ApiSchemas.DescribeAsync);
        options.AddOperationTransformer(DescribeOperation);
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
            scalar.WithNonce();
            scalar.HideClientButton = true;
            scalar.HideModels = true;
            scalar.DisableAgent();
            scalar.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            scalar.AddPreferredSecuritySchemes(Bearer);
        }).AllowAnonymous();
    }

    /// <summary>A record within a record is named after it: Bin alone says nothing.</summary>
    private static string Named(Type type, string id) =>
        type is { IsGenericType: false, DeclaringType: { IsAbstract: false } outer } && id == type.Name ? outer.Name + id : id;

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var method = context.Description.HttpMethod!;
        operation.OperationId ??= OperationNames.Of(method, "/" + context.Description.RelativePath);
        var needed = context.Description.ActionDescriptor.EndpointMetadata.OfType<ScopeRequirement>().ToList();
        List<string> scopes = needed.Any(s => s.Scope == Scopes.Everything) ? [Scopes.Everything] : [.. needed.Select(s => s.Scope).Distinct()];
        var scheme = new OpenApiSecuritySchemeReference(Bearer, context.Document);
        operation.Security = [new OpenApiSecurityRequirement { [scheme] = scopes }];
        if (needed is [{ Instead: { } instead }])
            operation.Security.Add(new OpenApiSecurityRequirement { [scheme] = [instead] });
        if (scopes.Count > 0)
        {
            var named = needed is [{ Instead: { } other }] ? $"`{scopes[0]}` or `{other}`" : string.Join(" and ", scopes.Select(s => $"`{s}`"));
            operation.Description = $"{operation.Description} Needs a key with the {(scopes.Count > 1 ? "scopes" : "scope")} {named}.".TrimStart();
        }

        if (method is "POST" or "PUT" or "PATCH" or "DELETE")
            Header(operation, IdempotentCalls.Header, OnceText, 200);
        if (operation.Responses?.ContainsKey("412") == true)
            Header(operation, "If-Match", VersionText);
        return Task.CompletedTask;
    }

    private static void Header(OpenApiOperation operation, string name, string description, int? longest = null) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = longest },
        });
}
