using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns.TestCarts;

public sealed class TestCartsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<TestCartTexts>()
        .AddCampaignTab<TestCartTab, CampaignTexts>(40, "test", "Tab.test", c => new()
        {
            [nameof(TestCartTab.Campaign)] = c.Campaign,
            [nameof(TestCartTab.Actor)] = c.Actor,
        });
}
