using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Customers;
using CampaignManager.Application.Data;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Experiments.Enrolment;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Application.Overview;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData;
using CampaignManager.Application.ShopData.Events;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Incoming;
using CampaignManager.Application.ShopData.Quality;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift;
using CampaignManager.Application.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CampaignManager.Application;

public static class ApplicationServices
{
    /// <summary>Everything with side effects but HTML.</summary>
    public static IServiceCollection AddCampaignManager(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SettingsService>();
        return services
            .AddData(configuration)
            .AddJobs(configuration)
            .AddAccountServices(configuration)
            .AddNotifications()
            .AddLake(configuration)
            .AddImports(configuration)
            .AddShopData()
            .AddBehaviour()
            .AddAudiences()
            .AddTrainingData()
            .AddShopImports()
            .AddIncoming(configuration)
            .AddEvents(configuration)
            .AddDataQuality(configuration)
            .AddDemo(configuration)
            .AddUplift(configuration)
            .AddCampaigns()
            .AddTestCarts()
            .AddOffers()
            .AddEnrolment(configuration)
            .AddWebhooks(configuration)
            .AddOverview()
            .AddFirstSteps()
            .AddPrediction()
            .AddReplay()
            .AddCustomers();
    }
}
