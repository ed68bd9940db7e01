using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Customers;

public static class CustomerServices
{
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddSingleton<CustomerList>();
        services.AddSingleton<CustomerSearch>();
        services.AddSingleton<CustomerProfiles>();
        services.AddSingleton<CustomerStandings>();
        return services.AddSingleton<CustomerTimeline>();
    }
}
