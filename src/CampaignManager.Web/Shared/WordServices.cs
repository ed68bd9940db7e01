using CampaignManager.Web.Shared.Runs;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared;

public static class WordServices
{
    /// <summary>How the whole app puts codes, failures, names and runs into words.</summary>
    public static IServiceCollection AddWords(this IServiceCollection services) => services
        .AddLocalization()
        .Replace(ServiceDescriptor.Transient(typeof(IStringLocalizer<>), typeof(CountedWords<>)))
        .AddScoped<ShopNames>()
        .AddScoped<CodedWords>()
        .AddScoped<FailureWords>()
        .AddScoped<JobWords>()
        .AddScoped<JobSentences>();
}
