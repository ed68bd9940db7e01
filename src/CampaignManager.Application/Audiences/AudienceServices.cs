using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Audiences;

public static class AudienceServices
{
    public static IServiceCollection AddAudiences(this IServiceCollection services)
    {
        services.AddSingleton<SegmentService>();
        services.AddSingleton<CustomerScores>();
        services.AddSingleton<CustomerRanking>();
        services.AddSingleton<SegmentList>();
        services.AddSingleton<SegmentMembers>();
        services.AddSingleton<AudienceService>();
        services.AddSingleton<CustomerLookup>();
        services.AddSingleton<AudienceNames>();
        services.AddSingleton<AudienceSizes>();
        services.AddSingleton<AudienceProfiles>();
        services.AddSingleton<AudienceValues>();
        return services.AddSingleton<AudienceReach>();
    }
}
