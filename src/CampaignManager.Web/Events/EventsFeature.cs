using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Events;

/// <summary>What a shop tells as it happens: by its server, and by its pages.</summary>
public sealed class EventsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services.AddSingleton<PageLimit>().AddTexts<EventsTexts>();

    public override void MapApi(IEndpointRouteBuilder api) => api.MapEventsApi();
}
