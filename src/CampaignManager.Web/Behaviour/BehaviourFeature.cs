using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Behaviour;

/// <summary>What features of customers mean and how they are spread; reached from the page of data.</summary>
public sealed class BehaviourFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services.AddScoped<FeatureValues>().AddTexts<BehaviourTexts>();
}
