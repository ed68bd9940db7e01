using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Shared.Runs;

/// <summary>
/// Edits what a schedule of a kind of job asks for: a component with the parameters <c>Arguments</c>, <c>ArgumentsChanged</c> and <c>Refused</c>.
/// A kind without one has nothing to choose.
/// </summary>
public sealed record ScheduleEditor(string Kind, Type Component);

public static class ScheduleEditors
{
    public static IServiceCollection AddScheduleEditor<TComponent>(this IServiceCollection services, string kind)
        where TComponent : IComponent => services.AddSingleton(new ScheduleEditor(kind, typeof(TComponent)));
}
