using System.Net;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Tests.Offers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace CampaignManager.Web.Tests.Clients;

/// <summary>The document is good for the generators that callers use: what they make of it compiles, and prices a cart.</summary>
public sealed class GeneratedClientTests : IAsyncLifetime
{
    private const string TenOff = """{ "name": "Ten off", "offer": { "type": "amountOff", "amount": 10, "per": "order" } }""";

    private readonly OfferShop shop = new();
    private readonly string folder = Directory.CreateTempSubdirectory("cm-clients-").FullName;
    private string document = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        shop.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        shop.StartServer();
        document = await shop.CreateClient().GetStringAsync("/openapi/v1.json", Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "v1.json"), document, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Document_Linted_HasNothingWrong()
    {
        var rules = Path.Combine(NpmTools.Folder, "redocly.yaml");
        var found = await NpmTools.RunAsync(folder, "@redocly/cli/bin/cli.js", "lint", "v1.json", "--config", rules, "--format", "json");
        var totals = JsonNode.Parse(found)!["totals"]!;
        Assert.True((0, 0) == ((int)totals["errors"]!, (int)totals["warnings"]!), found);
    }

    [Fact]
    public async Task TypeScriptClient_Generated_PricesACart()
    {
        await NpmTools.RunAsync(folder, "openapi-typescript/bin/cli.js", "v1.json", "--output", "api.d.ts");
        foreach (var file in (string[])["price.ts", "globals.d.ts", "tsconfig.json"])
            File.Copy(Path.Combine(NpmTools.Folder, file), Path.Combine(folder, file));
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{ "type": "module" }""", Cancel);
        await NpmTools.RunAsync(folder, "typescript/bin/tsc", "--project", ".");

        await shop.LiveAsync(TenOff);
        var address = shop.ClientOptions.BaseAddress.ToString().TrimEnd('/');
        var printed = await NpmTools.NodeAsync(folder, "price.js", address, await KeyAsync());
        Assert.Equal("CNY 110.00, 10.00 off\ninvalid: cart.lines[0].quantity\n", printed);
    }

    [Fact]
    public async Task CSharpClient_Generated_PricesACart()
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "ShopClient",
            InjectHttpClient = true,
            UseBaseUrl = false,
            CSharpGeneratorSettings =
            {
                Namespace = "Generated", GenerateNullableReferenceTypes = true,
                // From 9 on it writes enums by the names that the document has.
                JsonLibrary = CSharpJsonLibrary.SystemTextJson, JsonLibraryVersion = 10,
            },
        };
        var client = new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(document, Cancel), settings).GenerateFile();
        await shop.LiveAsync(TenOff);
        var price = (Func<HttpClient, Task<string>>)Delegate.CreateDelegate(
            typeof(Func<HttpClient, Task<string>>), Compiled(client, Caller).GetType("Generated.Caller")!.GetMethod("PriceAsync")!);
        Assert.Equal("CNY 110.00, 10.00 off; invalid: cart.lines[0].quantity", await price(await shop.KeyAsync(Scopes.Offers)));
    }

    /// <summary>What somebody writes against the client: amounts are decimals, the quote and a refusal are typed.</summary>
    private const string Caller = """
        using System.Globalization;
        using System.Linq;
        using System.Net.Http;
        using System.Threading.Tasks;
        namespace Generated;
        public static class Caller
        {
            public static async Task<string> PriceAsync(HttpClient http)
            {
                var client = new ShopClient(http);
                CartInput Cart(decimal quantity) => new()
                {
                    Currency = "CNY",
                    Lines = [new CartLineInput { Id = "1", Sku = "S-1", Categories = ["shoes"], Quantity = quantity, UnitPrice = 60m }],
                };
                var asked = new QuoteInput { Cart = Cart(2), Explain = QuoteInputExplain.Shopper };
                QuoteResource quote = await client.QuoteCartAsync(null, asked);
                decimal off = quote.Lines.Sum(line => line.Discount);
                try
                {
                    await client.QuoteCartAsync(null, new QuoteInput { Cart = Cart(0) });
                }
                catch (ApiException<ApiProblem> refused)
                {
                    ApiProblem problem = refused.Result;
                    return string.Create(CultureInfo.InvariantCulture, $"{quote.Currency} {quote.Total:0.00}, {off:0.00} off; ")
                        + $"{problem.Code}: {string.Join(",", problem.Errors!.Keys)}";
                }

                return "not refused";
            }
        }
        """;

    private static System.Reflection.Assembly Compiled(params string[] sources)
    {
        var assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "generated-client",
            sources.Select(s => CSharpSyntaxTree.ParseText(s, new CSharpParseOptions(LanguageVersion.Latest), cancellationToken: Cancel)),
            assemblies.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var made = compilation.Emit(image, cancellationToken: Cancel);
        Assert.True(made.Success, string.Join("\n", made.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(Shown)));
        image.Position = 0;
        return new AssemblyLoadContext("generated-client", isCollectible: true).LoadFromStream(image);
    }

    private static string Shown(Diagnostic wrong) =>
        $"{wrong}: {wrong.Location.SourceTree?.GetText(Cancel).Lines[wrong.Location.GetLineSpan().StartLinePosition.Line]}";

    private async Task<string> KeyAsync()
    {
        var keys = shop.Services.GetRequiredService<ApiKeyService>();
        return (await keys.CreateAsync(new NewApiKey("ts", [Scopes.Offers]), Actor.System, Cancel)).Value.Key;
    }
}
