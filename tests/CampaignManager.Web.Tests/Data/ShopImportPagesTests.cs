using System.Text;
using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Web.Data;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Data;

/// <summary>The steps of bringing a shop's files in, each on its page.</summary>
public sealed class ShopImportPagesTests(WebApp app) : IClassFixture<WebApp>
{
    private const string Tills = """
        { "source": "tills", "shape": { "type": "repeated" }, "zone": "Europe/Berlin", "currency": "EUR",
          "order": { "id": "bon", "at": "zeit", "customer": { "column": "mail", "treat": "pseudonym", "as": "email" }, "total": "summe" },
          "line": { "sku": "artikel", "quantity": "menge", "price": { "column": "preis", "means": "unit" } }, "drop": ["name"] }
        """;

    private static readonly Actor Mia = Actor.Of("m", "Mia", Roles.Marketer);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ImportViews List => app.Services.GetRequiredService<ImportViews>();

    private ImportService Imports => app.Services.GetRequiredService<ImportService>();

    [Fact]
    public async Task Mapping_OwnTemplate_ShowsRowsAsStoredAndHidesWhatNamesPersons()
    {
        var id = await UploadAsync(Orders(linePrices: false));
        await using var circuit = Circuit(Mia);

        var page = await StepAsync(circuit, id);

        page.WaitForAssertion(() => Assert.Contains("B-1", page.Find(".stored-rows").TextContent, StringComparison.Ordinal));
        var stored = page.Find(".stored-rows").TextContent;
        Assert.Contains("•••", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("@shop.test", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Erika", page.Markup, StringComparison.Ordinal);
        Assert.False(page.Find("#start-import").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Question_OrdersThatDoNotAddUp_IsAskedAndAnswered()
    {
        var id = await UploadAsync(Orders(linePrices: true));
        await using var circuit = Circuit(Mia);
        var page = await StepAsync(circuit, id);

        page.WaitForElement("#question-orders-do-not-add-up");
        Assert.True(page.Find("#start-import").HasAttribute("disabled"));
        page.FindAll("#question-orders-do-not-add-up button").First(b => b.TextContent.Contains("line's total", StringComparison.Ordinal)).Click();

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#question-orders-do-not-add-up")));
        page.WaitForAssertion(() => Assert.False(page.Find("#start-import").HasAttribute("disabled")));
        Assert.Contains("100", page.Find("#reconciled").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatWaits_AsksOnItsPageAndGoesOnOnceAnswered()
    {
        var id = await UploadAsync(Orders(linePrices: true));
        await StartAsync(id);
        await using var circuit = Circuit(Mia);

        var page = circuit.Render<ImportRunPage>(p => p.Add(r => r.Id, id));
        page.WaitForElement("#question-orders-do-not-add-up button").Click();

        await EndedAsync(id, ImportState.Succeeded);
        page.WaitForElement("#undo-import");
        Assert.Contains("Written", page.Find(".tiles").TextContent, StringComparison.Ordinal);
        // Who the customers are has changed.
        await using var context = await app.Contexts.CreateDbContextAsync(Stop);
        Assert.True(await context.Set<JobRun>().AnyAsync(r => r.Kind == "compute-features", Stop));
    }

    [Fact]
    public async Task Undo_Confirmed_TakesTheImportBackAndSaysSo()
    {
        var id = await UploadAsync(Orders(linePrices: false));
        await StartAsync(id);
        await EndedAsync(id, ImportState.Succeeded);
        await using var circuit = Circuit(Mia);
        var page = circuit.Render<ImportRunPage>(p => p.Add(r => r.Id, id));

        page.WaitForElement("#undo-import").Click();
        circuit.Dialogs.WaitForElement("#dialog-confirm").Click();

        page.WaitForElement("#was-undone");
        Assert.Empty(page.FindAll("#undo-import"));
        Assert.Equal(ImportState.Undone, (await List.FindAsync(id, Stop))!.State);
    }

    [Fact]
    public async Task Complete_ExportThatLacksAnOrder_ListsItAndRemovesItOnceConfirmed()
    {
        var all = Orders(linePrices: false);
        var kiosk = Tills.Replace("tills", "kiosk", StringComparison.Ordinal);
        foreach (var csv in (string[])[all, string.Join('\n', all.Split('\n').Where(l => !l.StartsWith("B-7,", StringComparison.Ordinal)))])
        {
            var id = await UploadAsync(csv);
            var started = await Imports.StartAsync(
                Mia, id, app.Services.GetRequiredService<ImportKindList>().ParseMapping("orders", kiosk).Value, Stop);
            Assert.True(started.Succeeded, started.Failure?.ToString());
            await EndedAsync(id, ImportState.Succeeded);
        }

        var later = (await List.ListAsync(new PageRequest(1, 1, null), Stop)).Items[0].Id;
        await using var circuit = Circuit(Mia);
        var page = circuit.Render<ImportRunPage>(p => p.Add(r => r.Id, later));
        page.WaitForElement("#look-missing").Click();
        page.WaitForAssertion(() => Assert.Equal(["B-7"], page.FindAll("#missing-orders td.cell-main").Select(c => c.TextContent)));
        page.Find("#remove-missing").Click();
        circuit.Dialogs.WaitForElement("#dialog-confirm").Click();

        var shown = circuit.Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>();
        page.WaitForAssertion(() => Assert.Contains("/data/imports/", shown.Uri, StringComparison.Ordinal));
        var removal = (await List.ListAsync(new PageRequest(1, 1, null), Stop)).Items[0].Id;
        await EndedAsync(removal, ImportState.Succeeded);
        Assert.Equal(1, (await List.FindAsync(removal, Stop))!.Findings!.Written);
    }

    [Fact]
    public async Task DryRun_Done_WritesNothingAndOffersTheImport()
    {
        var id = await UploadAsync(Orders(linePrices: false));
        await StartAsync(id, dryRun: true);
        await EndedAsync(id, ImportState.Succeeded);
        await using var circuit = Circuit(Mia);

        var page = circuit.Render<ImportRunPage>(p => p.Add(r => r.Id, id));

        page.WaitForElement("#was-dry");
        page.WaitForElement("#import-now");
        Assert.Empty(page.FindAll("#undo-import"));
        Assert.Equal(0, (await List.FindAsync(id, Stop))!.Findings!.Written);
    }

    [Fact]
    public async Task Templates_CopyOfABuiltInOne_IsSavedAndListed()
    {
        await using var circuit = Circuit(Mia);
        var page = circuit.Render<TemplatesPage>();

        page.WaitForElement("button[aria-label='Copy: Shopify orders']").Click();
        page.WaitForElement("#template-name").Input("Our Shopify");
        page.Find("#save-template").Click();

        page.WaitForAssertion(() => Assert.Contains(page.FindAll("td.cell-main"), c => c.TextContent == "Our Shopify"));
    }

    [Fact]
    public void Columns_ChangedOne_KeepsWhatElseTheTemplateSays()
    {
        var columns = TemplateColumns.Of(Tills);

        var changed = TemplateColumns.Of(columns.With("line", "price", "betrag"));

        Assert.Equal(("betrag", "mail"), (changed["line", "price"], changed["order", "customer"]));
        Assert.Contains("\"means\": \"unit\"", changed.Text, StringComparison.Ordinal);
        Assert.Null(TemplateColumns.Of(changed.With("order", "total", null))["order", "total"]);
    }

    private async Task<IRenderedComponent<ShopImportStep>> StepAsync(ACircuit circuit, Guid id)
    {
        await SayAsync(id);
        return circuit.Render<ShopImportStep>(p => p.Add(s => s.Id, id));
    }

    private async Task SayAsync(Guid id)
    {
        var json = app.Services.GetRequiredService<ImportKindList>().ParseMapping("orders", Tills).Value.ToJson();
        await using var context = await app.Contexts.CreateDbContextAsync(Stop);
        await context.Set<ImportRun>().Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Mapping, json), Stop);
    }

    private async Task StartAsync(Guid id, bool dryRun = false)
    {
        var started = await Imports.StartAsync(Mia, id, app.Services.GetRequiredService<ImportKindList>().ParseMapping("orders", Tills).Value, Stop, dryRun);
        Assert.True(started.Succeeded, started.Failure?.ToString());
        await EndedAsync(id, null);
    }

    private async Task EndedAsync(Guid id, ImportState? state)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        ImportView? view = null;
        for (var i = 0; i < 1200 && await timer.WaitForNextTickAsync(Stop); i++)
        {
            view = await List.FindAsync(id, Stop);
            if (view!.State is not (ImportState.Queued or ImportState.Running) && (state is null || view.State == state))
                return;
        }

        Assert.Fail($"The import is {view?.State}: {view?.Error}");
    }

    private async Task<Guid> UploadAsync(string csv) =>
        (await Imports.UploadAsync(Mia, "tills.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv)), Stop, "orders")).Value;

    private static string Orders(bool linePrices)
    {
        var csv = new StringBuilder("bon,zeit,mail,name,summe,artikel,menge,preis\n");
        for (var i = 1; i <= 30; i++)
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"B-{i},2025-05-{(i % 28) + 1:00} 10:{i:00}:00,c{i % 7}@shop.test,Erika {i},20.00,A-{i % 5},2,{(linePrices ? 20 : 10)}.00\n");
        return csv.ToString();
    }

    private ACircuit Circuit(Actor person) => new(app, person, services =>
    {
        Share<ImportService>(services);
        Share<ImportViews>(services);
        Share<ShopImportService>(services);
        Share<ImportTemplateService>(services);
        Share<CompleteExports>(services);
        Share<DataSetService>(services);
        Share<DemoShopService>(services);
        services.AddSingleton(app.Services.GetRequiredService<DemoDataPresent>());
    });

    private void Share<T>(IServiceCollection services)
        where T : class => services.AddSingleton(app.Services.GetRequiredService<T>());
}
