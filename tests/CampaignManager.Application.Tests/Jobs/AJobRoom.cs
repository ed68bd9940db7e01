using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using Hangfire;
using Hangfire.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Jobs;

/// <summary>Jobs and schedules over a real SQLite file, a clock that tests set, Hangfire without a server: runs are executed by hand.</summary>
internal sealed class AJobRoom : IAsyncDisposable
{
    public const string Kind = "count-up";

    public static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);
    public static readonly Actor Max = Actor.Of("max", "Max", Roles.Manager);
    public static readonly Actor Ada = Actor.Of("ada", "Ada", Roles.Admin);

    private readonly string folder = Directory.CreateTempSubdirectory("cm-jobs-").FullName;
    private readonly ServiceProvider services;

    private AJobRoom(string now, DatabaseOptions? database)
    {
        Time = Clocks.At(now);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Path"] = Path.Combine(folder, "app.db"),
            ["Database:Provider"] = database?.Provider ?? DatabaseOptions.Sqlite,
            ["Database:ConnectionString"] = database?.ConnectionString,
        }).Build();
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddData(configuration)
            .AddJobs(configuration)
            .AddSingleton(Job)
            .AddJob<CountUpJob>(new JobKind(Kind))
            .AddJob<StallingJob>(new JobKind(StallingJob.Kind))
            .AddJob<PartedJob>(new JobKind(PartedJob.Kind))
            .AddJobPart<SquarePart>(PartedJob.Work)
            .AddSingleton(Stall)
            .AddSchedulable<CountUp>(Kind, (_, wanted, _) => Task.FromResult<Outcome<CountUp>>(
                Refusal is { } why ? Failure.Invalid("to", why) : wanted.To is < 0 ? Failure.Invalid("to", "Up, not down.") : wanted with { To = wanted.To ?? 3 }))
            .BuildServiceProvider();
    }

    /// <summary>What the job says when its schedule falls due; null lets it run.</summary>
    public string? Refusal { get; set; }

    public FakeTimeProvider Time { get; }

    public JobTrace Job { get; } = new();

    /// <summary>Where the stalling job and the parts wait.</summary>
    public Stall Stall { get; } = new();

    /// <param name="now">By the clock of the process.</param>
    /// <param name="database">Several rooms over one PostgreSQL database are several nodes; null is a SQLite file of its own.</param>
    public static async Task<AJobRoom> OpenAsync(string now = "2026-06-01T00:00:00Z", DatabaseOptions? database = null)
    {
        var room = new AJobRoom(now, database);
        if (database is not null)
        {
            await room.Get<DatabasePreparation>().RunAsync(CancellationToken.None, room.Get<JobQueue>().PrepareAsync);
            return room;
        }

        await using var context = await room.ContextAsync();
        await context.Database.EnsureCreatedAsync();
        return room;
    }

    public static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public Task<AppDbContext> ContextAsync() => Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();

    public static ScheduleDraft Draft(string name = "Nightly", string cron = "0 3 * * *", string zone = "UTC", string kind = Kind, string arguments = "{}") =>
        new(name, kind, arguments, cron, zone);

    public async Task<Guid> ScheduleAsync(string cron = "0 3 * * *", string zone = "UTC", string name = "Nightly") =>
        (await Get<ScheduleService>().CreateAsync(Draft(name, cron, zone), Ada, CancellationToken.None)).Value;

    public Task<Guid?> FireAsync(Guid schedule) => Get<ScheduleRunner>().FireDueAsync(schedule, CancellationToken.None);

    public Task ExecuteAsync(Guid run, CancellationToken shutdown = default) => Get<JobRunner>().ExecuteAsync(run, shutdown);

    public async Task<List<JobRun>> RunsAsync()
    {
        await using var context = await ContextAsync();
        return await context.JobRuns.AsNoTracking().OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync();
    }

    public List<RecurringJobDto> Recurring()
    {
        using var connection = Get<JobStorage>().GetConnection();
        return connection.GetRecurringJobs();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}

public sealed record CountUp(int? To = null);

/// <summary>What the test's job did, and where it waits when the test says so.</summary>
internal sealed class JobTrace
{
    public List<int> Counted { get; } = [];

    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the job waits for its token; null counts to the end.</summary>
    public int? StopAt { get; set; }
}

internal sealed class CountUpJob(JobTrace trace) : IJob
{
    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var to = context.Arguments<CountUp>().To!.Value;
        for (var i = 1; i <= to; i++)
        {
            await context.ReportAsync(JobStage.Training, (double)i / to, cancellationToken);
            trace.Counted.Add(i);
            if (i != trace.StopAt)
                continue;
            trace.Reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return new CountUp(to);
    }
}
