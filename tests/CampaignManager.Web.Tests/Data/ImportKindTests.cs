using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Web.Data;
using CampaignManager.Web.Shared.Imports;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Data;

/// <summary>A kind of file that a feature brings by registration alone: the API and the pages of imports take it as it is.</summary>
public sealed class ImportKindTests(ImportKindTests.App app) : IClassFixture<ImportKindTests.App>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_KindNobodyKnows_NamesAllThereAre()
    {
        var refused = await PostAsync("recipes", "{}");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("experiment, orders, customers, products, events, campaigns, exposures, notes", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_NewKind_ItsOwnMappingIsReadWhateverTheOrderOfTheParts(bool kindFirst)
    {
        var known = await RunsAsync();

        var refused = await PostAsync("notes", """{"shade": "green"}""", kindFirst);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("No note is green.", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(known, await RunsAsync());
    }

    [Fact]
    public async Task Page_OfAnUploadOfANewKind_ShowsItsEditorAndTriesItsMapping()
    {
        var imports = app.Services.GetRequiredService<ImportService>();
        var mia = Actor.Of("m", "Mia", Roles.Marketer);
        var id = (await imports.UploadAsync(mia, "n.csv", new MemoryStream("a,b\n1,2\n"u8.ToArray()), Token, "notes")).Value;

        await using var circuit = new ACircuit(app, mia, services => services
            .AddImportPages<NotesPages>().AddSingleton(imports).AddSingleton(app.Services.GetRequiredService<ImportViews>())
            .AddSingleton(app.Services.GetRequiredService<DataSetService>()));
        var page = circuit.Render<ImportMappingPage>(p => p.Add(m => m.Id, id));

        page.WaitForElement("#notes-editor");
        page.WaitForAssertion(() => Assert.Contains("Shade", page.Find(".check th").TextContent, StringComparison.Ordinal));
        Assert.Contains("A doubt about 7 rows", page.Find(".check").TextContent, StringComparison.Ordinal);
    }

    private async Task<List<Guid>> RunsAsync()
    {
        await using var context = await app.Contexts.CreateDbContextAsync(Token);
        return await context.Set<ImportRun>().OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(Token);
    }

    private async Task<HttpResponseMessage> PostAsync(string kind, string mapping, bool kindFirst = true)
    {
        var key = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("imports", [Scopes.Data]), Actor.System, Token);
        var client = app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        var form = new MultipartFormDataContent();
        var file = new StringContent("a,b\n1,2\n", Encoding.UTF8, "text/csv");
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        if (kindFirst)
            form.Add(new StringContent(kind), "kind");
        form.Add(file, "file", "n.csv");
        form.Add(new StringContent(mapping), "mapping");
        if (!kindFirst)
            form.Add(new StringContent(kind), "kind");
        return await client.PostAsync("/api/v1/imports", form, Token);
    }

    public sealed class App : WebApp
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddImportKind<Notes>().AddImportPages<NotesPages>());
        }
    }

    private sealed class Notes : IImportKind
    {
        public string Name => "notes";

        public string JobKind => ImportDataSetJob.Kind;

        public ImportMapping Guess(FileInspection file, string fileName, string currency, string? encoding) => new NotesMapping("blue");

        public Outcome<ImportMapping> Parse(string json) => JsonDocument.Parse(json).RootElement.GetProperty("shade").GetString() is "green"
            ? Failure.Invalid("mapping.shade", "No note is green.")
            : new NotesMapping("blue");

        public Failure? Check(ImportMapping mapping, string path, string currency) => null;

        public Outcome<ImportTrial> Try(ImportMapping mapping, string path, string currency, CancellationToken cancel) =>
            new ImportTrial(new ImportTally(0, 0), [new ColumnValue(((NotesMapping)mapping).Shade, 7)], [], true);
    }

    private sealed record NotesMapping(string Shade) : ImportMapping
    {
        public override string ToJson() => $$"""{"shade": "{{Shade}}"}""";
    }

    private sealed class NotesPages : ImportPages
    {
        public override string Kind => "notes";

        public override string Label => "Notes";

        public override Type Editor => typeof(NotesEditor);
    }

    private sealed class NotesEditor : ImportMappingEditor
    {
        protected override Task OnInitializedAsync() => Changed.InvokeAsync(
            new MappingDraft(Look.Mapping) { Groups = "Shade", Doubt = trial => $"A doubt about {trial.Groups[0].Rows} rows" });

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, "<p id=\"notes-editor\">notes</p>");
    }
}
