using CampaignManager.Application.ShopData.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.ShopData;

public static class ShopDataServices
{
    public static IServiceCollection AddShopData(this IServiceCollection services) => services.AddSingleton<IPersonKeys, PersonKeys>().AddSingleton<CallerIds>();
}
