using CampaignManager.Application.Campaigns;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns.Predict;

public sealed class PredictFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<PredictionTexts>()
        .AddCampaignTab<PredictTab, CampaignTexts>(20, "predict", "Tab.predict", c => new()
        {
            [nameof(PredictTab.CampaignId)] = c.Campaign.Id,
            [nameof(PredictTab.Version)] = c.Campaign.Version,
            [nameof(PredictTab.Editable)] = c.Editable,
            [nameof(PredictTab.Over)] = c.Campaign.Status is CampaignStatus.Ended or CampaignStatus.Archived,
            [nameof(PredictTab.Changed)] = c.Changed,
        });
}
