using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Experiments.Enrolment;

public static class EnrolmentServices
{
    /// <summary>Who is in which experiment.</summary>
    public static IServiceCollection AddEnrolment(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ExposureStore>();
        services.AddSingleton<NeverEnrolled>();
        services.AddSingleton<QuoteEnrolment>();
        services.AddSingleton<EnrolAtQuote>(s => s.GetRequiredService<QuoteEnrolment>().EnrolAsync);
        services.AddSingleton<EnrolAtIssue>(s => async (campaign, customer, cancel) =>
        {
            var offers = await s.GetRequiredService<LiveOffers>().CurrentAsync(cancel);
            return await s.GetRequiredService<QuoteEnrolment>().EnterForCodeAsync(offers.ById.GetValueOrDefault(campaign.ToString()), offers, customer, cancel);
        });
        services.AddSingleton<AudienceEnrolment>();
        services.AddSingleton<ExposureCompaction>();
        services.AddSingleton<EpochTurns>();
        services.AddSingleton<EpochService>();
        services.AddSingleton<GlobalHoldoutTurns>();
        services.AddSingleton<ExposureAudit>();
        services.AddSingleton<LeakCount>();
        services.AddSingleton(s => new DecisionService(
            s.GetRequiredService<LiveOffers>(), s.GetRequiredService<CustomerCampaigns>(), s.GetRequiredService<QuoteEnrolment>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<NewShop>(s => s.GetRequiredService<SettingsService>().OfNewShopAsync);
        services.AddJob<CompactExposuresJob>(CompactExposuresJob.Declared);
        services.AddJob<EnrolCustomersJob>(EnrolCustomersJob.Declared);
        return configuration["Role"] == "web" ? services : services.AddHostedService<EnrolmentClock>();
    }
}
