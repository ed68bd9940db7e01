using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Layout;

/// <summary>A component that stands in the bar at the top of every page.</summary>
public sealed record BarItem(Type Component);

public static class BarItems
{
    public static IServiceCollection AddBarItem<TComponent>(this IServiceCollection services)
        where TComponent : IComponent => services.AddSingleton(new BarItem(typeof(TComponent)));
}
