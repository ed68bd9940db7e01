using System.Text;
using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Web.Data;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Data;

/// <summary>The mapping step: the guess shown, each change turned into a mapping, what is missing said.</summary>
public sealed class MappingFormTests(WebApp app) : BunitContext, IClassFixture<WebApp>
{
    private const string Table = "uid,group,clicked,revenue,exposed,age,zip\n1,A,0,0,0,30,75001\n2,B,1,9.5,1,31,75002\n3,B,0,0,1,33,75002\n4,A,1,2,0,35,75001\n";

    [Fact]
    public async Task Form_Guess_GivesEachColumnItsPart()
    {
        var (form, _) = await FormAsync(Table);

        Assert.Equal(
            ["uid Customer", "group Treatment", "clicked YesNo", "revenue Money", "exposed Ignored", "age Feature", "zip Feature"],
            new[] { "uid", "group", "clicked", "revenue", "exposed", "age", "zip" }.Select(c => $"{c} {form[c]}"));
        // A or B: which is control is a person's to say.
        Assert.Equal("", form.Control);
    }

    [Fact]
    public async Task Form_Changes_BecomeTheMapping()
    {
        var (form, _) = await FormAsync(Table);

        form.SetControl("A");
        form.Set("zip", ColumnPart.Category);
        form.Currency = "EUR";
        var mapping = form.ToMapping();

        Assert.Equal(("group", "A", "uid"), (mapping.Treatment.Column, mapping.Treatment.Control, mapping.CustomerId));
        Assert.Equal(["B"], mapping.Treatment.Arms);
        Assert.Equal([new OutcomeMapping("clicked", "binary"), new OutcomeMapping("revenue", "money", "EUR")], mapping.Outcomes);
        Assert.Equal(["age", "zip"], mapping.Features!);
        Assert.Equal(["zip"], mapping.Categorical);
    }

    [Fact]
    public async Task Form_SecondTreatmentOrCustomer_TakesThePlaceOfTheFirst()
    {
        var (form, _) = await FormAsync(Table);

        form.Set("exposed", ColumnPart.Treatment);

        Assert.Equal((ColumnPart.Treatment, ColumnPart.Feature), (form["exposed"], form["group"]));
        Assert.Equal(("0", "1"), (form.Control, Assert.Single(form.Arms)));
    }

    [Fact]
    public async Task Form_DecidedMapping_ComesBackAsItWas()
    {
        var (form, look) = await FormAsync(Table);
        form.SetControl("B");
        form.Set("age", ColumnPart.Ignored);
        form.GivenPropensity = 0.4;
        var decided = form.ToMapping();

        Assert.Equal(decided.ToJson(), new MappingForm(look.File, decided, "CNY").ToMapping().ToJson());
    }

    [Fact]
    public async Task Step_NoControlChosen_SaysSoAndAsksForIt()
    {
        var (form, look) = await FormAsync(Table);
        var step = await RenderStepAsync(form, look);

        Assert.Contains("Choose the value that means", step.Markup);
        Assert.Equal(7, step.FindAll("tbody tr").Count);
    }

    [Fact]
    public async Task Step_ControlChosen_TellsThePageOfTheChange()
    {
        var (form, look) = await FormAsync(Table);
        var changes = 0;
        var step = await RenderStepAsync(form, look, () => changes++);

        var control = step.FindComponents<MudSelect<string>>().Single(s => s.Instance.Label == "Control arm");
        await step.InvokeAsync(() => control.Instance.ValueChanged.InvokeAsync("A"));

        Assert.Equal(("A", 1), (form.Control, changes));
        Assert.DoesNotContain("Choose the value that means", step.Markup);
    }

    [Fact]
    public async Task Step_SwitchedToNotRandomised_SaysWhatThatMeansAndForgetsTheNumber()
    {
        var (form, look) = await FormAsync(Table);
        form.GivenPropensity = 0.4;
        var step = await RenderStepAsync(form, look);
        Assert.NotEmpty(step.FindAll("#map-propensity"));

        await Switch(step).InvokeAsync(() => Switch(step).Instance.ValueChanged.InvokeAsync(false));

        Assert.Empty(step.FindAll("#map-propensity"));
        Assert.Contains("is marked “observational”", step.Markup, StringComparison.Ordinal);
        var mapping = form.ToMapping();
        Assert.Equal((false, null), (mapping.Randomised, mapping.Propensity));
        Assert.False(new MappingForm(look.File, mapping, "CNY").Randomised);

        await Switch(step).InvokeAsync(() => Switch(step).Instance.ValueChanged.InvokeAsync(true));
        Assert.Equal((true, new PropensityMapping(0.4, null)), (form.ToMapping().Randomised, form.ToMapping().Propensity));
    }

    [Fact]
    public async Task Step_NotRandomisedWithAPropensityColumn_AsksForAnotherPart()
    {
        var (form, look) = await FormAsync(Table);
        form.Set("exposed", ColumnPart.Propensity);
        form.Randomised = false;
        var step = await RenderStepAsync(form, look);
        Assert.Contains("Give its column another part", step.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_OneArmOnly_SaysSoInsteadOfAskingForAControlThatIsNotThere()
    {
        var (form, look) = await FormAsync("group,clicked,age\nB,1,30\nB,0,31\n");
        form.Set("group", ColumnPart.Treatment);
        var step = await RenderStepAsync(form, look);

        Assert.Contains("'group' has one value only", step.Find("#map-one-arm").TextContent, StringComparison.Ordinal);
        Assert.Empty(step.FindAll("#map-control"));
    }

    [Fact]
    public async Task Step_OutcomeTheSameForEveryone_IsSaidBeforeTheImport()
    {
        var (form, look) = await FormAsync("group,clicked,age\nA,0,30\nB,0,31\nB,0,33\n");
        form.Set("clicked", ColumnPart.YesNo);
        var step = await RenderStepAsync(form, look);

        Assert.Contains("'clicked' is the same for everyone", step.Markup, StringComparison.Ordinal);
    }

    private static IRenderedComponent<MudSwitch<bool>> Switch(IRenderedComponent<MappingStep> step) => step.FindComponent<MudSwitch<bool>>();

    private async Task<(MappingForm Form, ImportLook Look)> FormAsync(string table)
    {
        var imports = app.Services.GetRequiredService<ImportService>();
        var marketer = Actor.Of("m", "Mia", Roles.Marketer);
        var id = (await imports.UploadAsync(marketer, "t.csv", new MemoryStream(Encoding.UTF8.GetBytes(table)), CancellationToken.None)).Value;
        var look = (await imports.InspectAsync(marketer, id, CancellationToken.None)).Value;
        return (new MappingForm(look.File, look.DataSet(), "CNY"), look);
    }

    private async Task<IRenderedComponent<MappingStep>> RenderStepAsync(MappingForm form, ImportLook look, Action? changed = null)
    {
        await Task.CompletedTask;
        Services.AddMudServices();
        Services.AddWords();
        JSInterop.Mode = JSRuntimeMode.Loose;
        Render<MudPopoverProvider>();
        return Render<MappingStep>(p => p.Add(s => s.Form, form).Add(s => s.File, look.File).Add(s => s.Changed, () => changed?.Invoke()));
    }
}
