using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Imports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Demo;

public static class DemoServices
{
    public static IServiceCollection AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DemoOptions>().Bind(configuration.GetSection("Demo")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DemoShopService>();
        services.AddTransient<DemoCampaignRows>();
        services.AddJob<BuildDemoShopJob>(BuildDemoShopJob.Declared);
        services.AddJob<RemoveDemoShopJob>(RemoveDemoShopJob.Declared);
        services.AddSingleton<DemoDataPresent>(s => stop => s.GetRequiredService<DemoShopService>().IsPresentAsync(stop));
        services.AddHostedService<StartDemoShop>();
        return services;
    }
}
