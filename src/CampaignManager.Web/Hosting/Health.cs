using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Uplift.Models;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Hosting;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it can do its work, and where not, which part of it.</summary>
public static class Health
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database").AddCheck<LakeCheck>("lake").AddCheck<ModelsCheck>("models")
            .AddCheck<JobsCheck>("jobs");
        return services;
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    /// <summary>Names and states only: whoever asks need not have signed in. The reasons are in the log.</summary>
    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new { Status = Word(report.Status), Checks = report.Entries.ToDictionary(e => e.Key, e => Word(e.Value.Status)) }, context.RequestAborted);

    private static string Word(HealthStatus status) => status == HealthStatus.Healthy ? "ready" : "not ready";

    private static HealthCheckResult Result(bool ready) => ready ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();

    private sealed class DatabaseCheck(IDbContextFactory<AppDbContext> contexts, IOptions<DatabaseOptions> options) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            if (!await database.Database.CanConnectAsync(cancellationToken))
                return Result(false);
            // It opens on a full disk, too. PostgreSQL's disk is its own affair.
            if (!options.Value.IsPostgreSql)
                FolderProbe.Write(Path.GetDirectoryName(Path.GetFullPath(options.Value.Path))!);
            return Result(true);
        }
    }

    /// <summary>A folder that cannot be written throws, which counts as not ready and is logged with its reason.</summary>
    private sealed class LakeCheck(DataLake lake) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            lake.Probe();
            return Task.FromResult(Result(true));
        }
    }

    private sealed class ModelsCheck(IOptions<ModelOptions> options) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            FolderProbe.Write(Path.GetFullPath(options.Value.Path));
            return Task.FromResult(Result(true));
        }
    }

    private sealed class JobsCheck(JobWorkers workers, TimeProvider time) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(Result(workers.AreAlive(time.GetUtcNow().UtcDateTime)));
    }
}
