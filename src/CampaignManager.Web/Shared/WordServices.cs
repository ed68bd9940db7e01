using CampaignManager.Web.Shared.Runs;

namespace CampaignManager.Web.Shared;

public static class WordServices
{
    /// <summary>How the whole app puts codes, failures, names and runs into words.</summary>
    public static IServiceCollection AddWords(this IServiceCollection services) => services
        .AddLocalization()
        .AddScoped<ShopNames>()
        .AddScoped<CodedWords>()
        .AddScoped<FailureWords>()
        .AddScoped<JobWords>()
        .AddScoped<JobSentences>();
}
