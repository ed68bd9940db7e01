using CampaignManager.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Offers.Replay;

public static class ReplayServices
{
    /// <summary>The last days' orders priced with a campaign.</summary>
    public static IServiceCollection AddReplay(this IServiceCollection services)
    {
        services.AddSingleton<ReplayService>().AddSingleton<OfferSampler>();
        services.AddJob<ReplayCampaignJob>(ReplayCampaignJob.Declared);
        return services;
    }
}
