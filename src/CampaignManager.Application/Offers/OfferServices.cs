using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Offers;

public static class OfferServices
{
    public static IServiceCollection AddOffers(this IServiceCollection services)
    {
        services.AddSingleton<LiveOffers>();
        services.AddSingleton<HeldUsage>();
        services.AddSingleton<CartCustomers>();
        services.AddSingleton<QuoteService>();
        services.AddSingleton<CustomerCampaigns>();
        services.AddSingleton<RedemptionService>();
        services.AddSingleton<RedemptionLife>();
        services.AddSingleton<RefundService>();
        services.AddSingleton<CodeService>();
        services.AddSingleton<CodeList>();
        services.AddJob<ExpireReservationsJob>(ExpireReservationsJob.Declared);
        services.AddJob<ReconcileUsageJob>(ReconcileUsageJob.Declared);
        services.AddSchedulable(ReconcileUsageJob.Kind, new { });
        services.AddHostedService<CodeForms>();
        services.AddHostedService<ReservationClock>();
        return services;
    }
}
