using System.Globalization;
using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Web.Data;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>Data that were not randomised are told from experiments wherever somebody picks data.</summary>
public sealed class ObservationalDataTests : PageOverServices
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public ObservationalDataTests()
    {
        Person.SetAuthorized("Ada").SetRoles(Roles.Admin);
    }

    [Theory]
    [InlineData("en", "Observational", "Observational: these customers were not assigned at random.")]
    [InlineData("zh-CN", "观察性", "观察性数据：客户并非随机分组。")]
    public async Task TrainingDialog_SaysSoOfTheDataChosen(string language, string tag, string sentence)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        var (chosen, randomised) = (await LayAsync("Letters we chose", randomised: false), await LayAsync("Letters", randomised: true));
        var dialogs = Context.Render<MudDialogProvider>();
        Context.Render<MudPopoverProvider>();
        await OpenAsync(chosen);
        Assert.StartsWith(sentence, dialogs.WaitForElement("#train-observational", Patience).TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains(dialogs.FindAll(".mud-select-input"), i => i.TextContent == $"Letters we chose · {tag}" || i.GetAttribute("value") == $"Letters we chose · {tag}");
        await dialogs.InvokeAsync(() => dialogs.FindAll(".mud-dialog-actions button")[0].Click());
        await OpenAsync(randomised);
        dialogs.WaitForElement(".mud-dialog .mud-select", Patience);
        Assert.Empty(dialogs.FindAll("#train-observational"));

        Task OpenAsync(Guid id) => dialogs.InvokeAsync(() => Context.Services.GetRequiredService<IDialogService>().ShowAsync<TrainModelDialog>("", new DialogParameters<TrainModelDialog> { { d => d.ExperimentId, id } }));
    }

    [Fact]
    public void ExperimentList_MarksThem()
    {
        var list = Context.Render<ExperimentList>(p => p.Add(l => l.Rows, new Paged<DataSetView>([View("Letters", true), View("Letters we chose", false)], 2)).Add(l => l.PageSize, 10));
        Assert.Equal(["Letters", "Letters we choseObservational"], list.FindAll("tbody .cell-main").Select(c => c.TextContent.Trim()));
    }

    private static DataSetView View(string name, bool randomised) => new(Guid.NewGuid(), Guid.NewGuid(), name, 10, ["none", "letter"], ["visit"], 3, 100, "Ada", DateTime.UnixEpoch, randomised);

    private async Task<Guid> LayAsync(string name, bool randomised)
    {
        var id = Guid.NewGuid();
        var manifest = new UpliftTableManifest(name, ["none", "letter"], [new UpliftOutcome("visit", UpliftOutcome.Binary)], Randomised: randomised);
        await Context.Services.GetRequiredService<DataLake>().WriteTextAsync(
            manifest.ToJson(), Path.Combine(UpliftTableManifest.ExperimentFolder(id), UpliftTableManifest.ManifestFile), Xunit.TestContext.Current.CancellationToken);
        return id;
    }
}
