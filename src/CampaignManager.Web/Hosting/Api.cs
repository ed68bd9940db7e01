using CampaignManager.Application.Data;
using CampaignManager.Web.Accounts;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Scalar.AspNetCore;

namespace CampaignManager.Web.Hosting;

/// <summary>The HTTP API's frame: each feature maps its own routes below /api/v1.</summary>
public static class Api
{
    public const string Prefix = "/api/v1";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddOpenApi("v1");
        services.AddHealthChecks().AddDbContextCheckOfOurs();
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/docs").AllowAnonymous();
        // Each feature adds one line here: app.MapGroup(Prefix).MapCampaigns(); ...
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/readyz").AllowAnonymous();
    }

    private static IHealthChecksBuilder AddDbContextCheckOfOurs(this IHealthChecksBuilder checks) => checks.AddCheck<DatabaseCheck>("database");

    private sealed class DatabaseCheck(Microsoft.EntityFrameworkCore.IDbContextFactory<AppDbContext> contexts) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            return await database.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
        }
    }
}
