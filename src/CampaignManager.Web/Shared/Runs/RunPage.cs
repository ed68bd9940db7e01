namespace CampaignManager.Web.Shared.Runs;

/// <summary>The page that shows runs of a kind better than the common one; a run's id follows the address.</summary>
public sealed record RunPage(string Kind, string Address);

public static class RunPages
{
    public static IServiceCollection AddRunPage(this IServiceCollection services, string kind, string address) =>
        services.AddSingleton(new RunPage(kind, address));

    /// <summary>Where a run is looked at.</summary>
    public static string AddressOf(this IEnumerable<RunPage> pages, string kind, Guid runId) =>
        (pages.FirstOrDefault(p => p.Kind == kind)?.Address ?? "/runs/") + runId;
}
