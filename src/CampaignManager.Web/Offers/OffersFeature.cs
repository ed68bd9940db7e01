using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Offers;

public sealed class OffersFeature : Feature
{
    public override void MapApi(IEndpointRouteBuilder api)
    {
        api.MapOffersApi();
        api.MapRedemptionsApi();
        api.MapDecisionsApi();
    }
}
