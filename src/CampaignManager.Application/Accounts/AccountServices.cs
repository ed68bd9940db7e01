using CampaignManager.Application.Idempotency;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Accounts;

public static class AccountServices
{
    /// <summary>People and keys, and what a key's call leaves behind. Identity itself is the host's, because it needs cookies.</summary>
    public static IServiceCollection AddAccountServices(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<PersonTokens>();
        services.AddSingleton<IdempotencyService>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<UserService>();
        services.AddSingleton<UserList>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<ProfileService>();
        services.AddSingleton<SetupService>();
        return services;
    }
}
