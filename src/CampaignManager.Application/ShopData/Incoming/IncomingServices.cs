using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.ShopData.Incoming;

public static class IncomingServices
{
    /// <summary>Data that come by themselves: files from a folder, rows from the shop's database.</summary>
    public static IServiceCollection AddIncoming(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IncomingOptions>().Bind(configuration.GetSection("Import")).ValidateDataAnnotations()
            .Validate(o => o.Zone.Length == 0 || TimeZoneInfo.TryFindSystemTimeZoneById(o.Zone, out _),
                "Import:Zone is no time zone. Name it as Europe/London.")
            .Validate(o => o.Currency.Length == 0 || Engine.Money.Currency.TryGet(o.Currency, out _),
                "Import:Currency is no ISO 4217 currency.")
            .Validate(o => o.Folder.Length == 0 || Path.IsPathFullyQualified(o.Folder),
                "Import:Folder must be a whole path, as /srv/shop/inbox.")
            .ValidateOnStart();
        services.AddSingleton<WatchedFolder>();
        services.AddSingleton<IncomingImports>();
        services.AddSingleton<SqlConnections>();
        services.AddSingleton<SqlPulls>();
        services.AddSingleton<FolderClock>();
        services.AddJob<TakeFilesJob>(TakeFilesJob.Declared).AddJob<PullSqlJob>(PullSqlJob.Declared);
        services.AddSchedulable<PullSql>(PullSqlJob.Kind, (provider, pull, cancellationToken) =>
            provider.GetRequiredService<SqlPulls>().CompleteAsync(pull, cancellationToken));
        return configuration["Role"] == "web" ? services : services.AddHostedService(s => s.GetRequiredService<FolderClock>());
    }
}
