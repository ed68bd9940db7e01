using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Offers.TestCarts;

public static class TestCartServices
{
    public static IServiceCollection AddTestCarts(this IServiceCollection services)
    {
        services.AddSingleton<ProductSearch>();
        services.AddSingleton<TestCartService>();
        services.AddSingleton<CartExampleService>();
        return services;
    }
}
