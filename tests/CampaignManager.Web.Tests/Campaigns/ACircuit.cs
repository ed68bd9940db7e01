using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Uplift;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Web.Access;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Campaigns.Wizard;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Campaigns;

/// <summary>Pages rendered for a person, over the services of a whole app with its own database.</summary>
internal sealed class ACircuit : BunitContext
{
    // Patience costs nothing where all goes well, and a busy machine is no failure.
    static ACircuit() => DefaultWaitTimeout = TimeSpan.FromSeconds(60);

    public ACircuit(WebApp app, Actor person, Action<IServiceCollection>? more = null)
    {
        Services.AddMudServices();
        Services.AddWords().AddFeatures(Features.All);
        Services.AddScoped<CurrentActor>();
        more?.Invoke(Services);
        Share<CampaignService>(app);
        Share<CampaignTransitions>(app);
        Share<CampaignChangeService>(app);
        Share<EpochService>(app);
        Share<CampaignList>(app);
        Share<CampaignHistory>(app);
        Share<CampaignImportService>(app);
        Share<CatalogueService>(app);
        Share<SegmentList>(app);
        Share<AudienceReach>(app);
        Share<AudienceService>(app);
        Share<AudienceSizes>(app);
        Share<AudienceNames>(app);
        Share<AudienceProfiles>(app);
        Share<AudienceValues>(app);
        Share<SegmentMembers>(app);
        Share<CampaignsNaming>(app);
        Share<DraftAutosave>(app);
        Share<DraftOwners>(app);
        Share<CampaignOverlaps>(app);
        Share<CampaignChecks>(app);
        Share<SettingsService>(app);
        Share<PredictionService>(app);
        Share<ResultService>(app);
        Share<SuggestionService>(app);
        Share<AllSuggestions>(app);
        Share<BudgetSplitService>(app);
        Share<ModelHealth>(app);
        Share<ModelService>(app);
        Share<ModelComparisons>(app);
        Share<DriftService>(app);
        Share<ProductSearch>(app);
        Share<TestCartService>(app);
        Share<CartCustomers>(app);
        Share<AuditLog>(app);
        Share<CartExampleService>(app);
        Share<ReplayService>(app);
        Share<ExperimentAdvisor>(app);
        Share<JobService>(app);
        Share<JobNotifier>(app);
        Share<CodeList>(app);
        Share<CodeService>(app);
        Share<TimeProvider>(app);
        JSInterop.Mode = JSRuntimeMode.Loose;
        var authorization = this.AddAuthorization();
        authorization.SetAuthorized(person.Name);
        authorization.SetRoles([.. person.Roles]);
        authorization.SetClaims(new Claim(ClaimTypes.NameIdentifier, person.Id), new Claim("display_name", person.Name));
        authorization.SetPolicies([Policies.Staff, .. person.Roles, .. person.Is(Roles.Admin) ? new[] { Policies.Customers } : []]);
        Render<MudPopoverProvider>();
        Dialogs = Render<MudDialogProvider>();
    }

    public IRenderedComponent<MudDialogProvider> Dialogs { get; }

    private void Share<T>(WebApp app)
        where T : class => Services.AddSingleton(app.Services.GetRequiredService<T>());
}
