using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Shared;

/// <summary>What a feature has to say on the page Health: a component without parameters, which shows nothing when all is well.</summary>
public sealed record HealthPanel(Type Component);

public static class HealthPanels
{
    public static IServiceCollection AddHealthPanel<TComponent>(this IServiceCollection services)
        where TComponent : IComponent => services.AddSingleton(new HealthPanel(typeof(TComponent)));
}
