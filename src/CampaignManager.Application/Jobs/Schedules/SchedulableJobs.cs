using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Jobs.Schedules;

/// <summary>A job that may come round by itself.</summary>
/// <param name="Kind">The kind it is registered under.</param>
/// <param name="PrepareAsync">
/// Makes the run's arguments of the schedule's JSON, or says what is wrong with it: asked when a schedule is saved and again whenever it falls due,
/// because the data may have changed in between.
/// </param>
public sealed record SchedulableJob(string Kind, Func<IServiceProvider, string, CancellationToken, Task<Outcome<object>>> PrepareAsync);

/// <summary>The jobs an admin can choose from.</summary>
public sealed class SchedulableJobs(IEnumerable<SchedulableJob> jobs, IServiceProvider services)
{
    public IReadOnlyList<string> Kinds { get; } = [.. jobs.Select(j => j.Kind)];

    public async Task<Outcome<object>> PrepareAsync(string kind, string arguments, CancellationToken cancellationToken)
    {
        if (jobs.FirstOrDefault(j => j.Kind == kind) is not { } job)
            return Failure.Invalid("kind", $"There is no job '{kind}' that can be scheduled.");
        try
        {
            return await job.PrepareAsync(services, arguments, cancellationToken);
        }
        catch (JsonException)
        {
            return Failure.Invalid("arguments", "The arguments are not what this job expects.");
        }
    }
}

public static class SchedulableJobServices
{
    /// <summary>Lets admins schedule a job that has nothing to choose.</summary>
    public static IServiceCollection AddSchedulable(this IServiceCollection services, string kind, object arguments) =>
        services.AddSingleton(new SchedulableJob(kind, (_, _, _) => Task.FromResult(Outcome<object>.Of(arguments))));

    /// <summary>Lets admins schedule a job whose arguments they choose.</summary>
    public static IServiceCollection AddSchedulable<TArguments>(
        this IServiceCollection services, string kind, Func<IServiceProvider, TArguments, CancellationToken, Task<Outcome<TArguments>>> completeAsync)
        where TArguments : class => services.AddSingleton(new SchedulableJob(kind, async (provider, json, cancellationToken) =>
    {
        var wanted = JsonSerializer.Deserialize<TArguments>(json, JsonSerializerOptions.Web) ?? throw new JsonException();
        var complete = await completeAsync(provider, wanted, cancellationToken);
        return complete.Succeeded ? Outcome<object>.Of(complete.Value) : complete.Failure;
    }));
}
