using CampaignManager.Web.Accounts;
using CampaignManager.Web.Audiences;
using CampaignManager.Web.Behaviour;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Campaigns.Codes;
using CampaignManager.Web.Campaigns.Predict;
using CampaignManager.Web.Campaigns.Replay;
using CampaignManager.Web.Campaigns.Results;
using CampaignManager.Web.Campaigns.Suggestions;
using CampaignManager.Web.Campaigns.TestCarts;
using CampaignManager.Web.Customers;
using CampaignManager.Web.Data;
using CampaignManager.Web.Events;
using CampaignManager.Web.FirstSteps;
using CampaignManager.Web.Health;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Jobs;
using CampaignManager.Web.Notifications;
using CampaignManager.Web.Offers;
using CampaignManager.Web.Overview;
using CampaignManager.Web.Settings;
using CampaignManager.Web.Uplift;
using CampaignManager.Web.Webhooks;

namespace CampaignManager.Web;

/// <summary>Every feature of the app, in the order of its links in the menu. A new one adds its line here and touches nothing else that is shared.</summary>
public static class Features
{
    public static IReadOnlyList<Feature> All { get; } =
    [
        new OverviewFeature(),
        new CampaignsFeature(),
        new PredictFeature(),
        new ResultsFeature(),
        new SuggestionsFeature(),
        new ReplayFeature(),
        new TestCartsFeature(),
        new CodesFeature(),
        new OffersFeature(),
        new AudiencesFeature(),
        new CustomersFeature(),
        new FirstStepsFeature(),
        new DataFeature(),
        new BehaviourFeature(),
        new EventsFeature(),
        new UpliftFeature(),
        new JobsFeature(),
        new SettingsFeature(),
        new WebhooksFeature(),
        new NotificationsFeature(),
        new AccountsFeature(),
        new HealthFeature(),
    ];
}
