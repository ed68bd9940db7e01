using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Events;

/// <summary>What a shop tells as it happens: by its server, and by its pages.</summary>
public sealed class EventsFeature : Feature
{
    public override void MapApi(IEndpointRouteBuilder api) => api.MapEventsApi();
}
