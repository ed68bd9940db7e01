using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>A version of an experiment is held against another one only when somebody picks it.</summary>
public sealed class DriftPanelTests : PageOverServices
{
    public DriftPanelTests() => Person.SetAuthorized("Ada").SetRoles(Roles.Admin);

    [Theory]
    [InlineData(true, "Pick an experiment")]
    [InlineData(false, "There is nothing newer to hold this version against.")]
    public async Task Experiment_NothingIsAlarmedByItself(bool another, string sentence)
    {
        if (another)
            await LayAsync();
        Context.Render<MudBlazor.MudPopoverProvider>();
        var manifest = AManifest.Of(new UpliftOutcome("visit", UpliftOutcome.Binary), 0.01) with { ExperimentId = Guid.NewGuid() };
        var panel = Context.Render<DriftPanel>(p => p.Add(d => d.Manifest, manifest));
        panel.WaitForAssertion(() => Assert.Contains(sentence, panel.Find("#drift").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.Empty(panel.FindAll(".mud-alert, .mud-skeleton"));
        Assert.Equal(another, panel.FindAll(".drift-against").Count > 0);
    }

    private async Task LayAsync()
    {
        var (lake, folder) = (Context.Services.GetRequiredService<DataLake>(), UpliftTableManifest.ExperimentFolder(Guid.NewGuid()));
        using var connection = lake.Open(threads: 1);
        lake.WriteFile(connection, "SELECT 1.0 AS x_a", Path.Combine(folder, UpliftTableManifest.TableFile));
        var manifest = new UpliftTableManifest("Letters", ["none", "letter"], [new UpliftOutcome("visit", UpliftOutcome.Binary)]);
        await lake.WriteTextAsync(manifest.ToJson(), Path.Combine(folder, UpliftTableManifest.ManifestFile), Xunit.TestContext.Current.CancellationToken);
    }
}
