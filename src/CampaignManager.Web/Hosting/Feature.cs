namespace CampaignManager.Web.Hosting;

/// <summary>
/// What a feature brings to the app: its services with its words, links, tabs and whatever else other rooms take in by registration,
/// and its addresses. The list in <c>Features.cs</c> is the one place that names it; the frame knows features by this class only.
/// </summary>
public abstract class Feature
{
    /// <summary>Services, and by the extensions of the rooms that take them: texts, navigation, run pages, campaign tabs.</summary>
    public virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Routes below /api/v1.</summary>
    public virtual void MapApi(IEndpointRouteBuilder api)
    {
    }

    /// <summary>Routes beside the API and the pages, such as downloads.</summary>
    public virtual void MapRoutes(WebApplication app)
    {
    }
}
