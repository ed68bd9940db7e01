using System.Text;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData.DataSets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignManager.Application.Tests.Imports;

/// <summary>Database, lake and services in a folder of their own. Nothing executes jobs by itself: a test runs them in its own time.</summary>
internal sealed class AnImportRoom : IAsyncDisposable
{
    /// <summary>Four customers of two arms, with a number and a city that are not always known.</summary>
    public const string Small = "arm,visit,spend,age,city\nno,0,0,30,Paris\nmail,1,12.5,41,Rome\nno,1,3,,Paris\nmail,0,0,25,\n";

    private readonly string folder = Directory.CreateTempSubdirectory("imports-").FullName;
    private readonly ServiceProvider services;

    public AnImportRoom(params (string Key, string Value)[] settings)
        : this(null, settings)
    {
    }

    /// <param name="more">Further services.</param>
    /// <param name="settings">Of the app.</param>
    public AnImportRoom(Action<IServiceCollection>? more, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)))
        {
            ["Database:Path"] = Path.Combine(folder, "app.db"),
            ["Lake:Path"] = Path.Combine(folder, "lake"),
            ["Role"] = "web",
        }).Build();
        // Hangfire keeps the newest host's log factory for the whole process; this one outlives its host.
        var all = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton<IHostEnvironment>(new HostingEnvironment()).AddSingleton<IConfiguration>(configuration).AddCampaignManager(configuration);
        more?.Invoke(all);
        services = all.BuildServiceProvider();
        using var context = services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContext();
        context.Database.EnsureCreated();
        Directory.CreateDirectory(Lake.Root);
    }

    public static Actor Marketer { get; } = Actor.Of("m", "Mia", Roles.Marketer);

    public DataLake Lake => services.GetRequiredService<DataLake>();

    public ImportViews List => services.GetRequiredService<ImportViews>();

    public ImportPruning Pruning => services.GetRequiredService<ImportPruning>();

    public ImportService Imports => services.GetRequiredService<ImportService>();

    public DataSetService Experiments => services.GetRequiredService<DataSetService>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task<Guid> UploadAsync(byte[] file, string name = "file.csv") =>
        (await Imports.UploadAsync(Marketer, name, new MemoryStream(file), TestContext.Current.CancellationToken)).Value;

    public Task<Guid> UploadAsync(string text) => UploadAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Uploads, starts and runs to the end.</summary>
    public async Task<ImportView> ImportAsync(byte[] file, DataSetMapping mapping, string name = "file.csv")
    {
        var id = await UploadAsync(file, name);
        await StartAsync(id, mapping);
        return await RunAsync(id);
    }

    public Task<ImportView> ImportAsync(string text, DataSetMapping mapping) => ImportAsync(Encoding.UTF8.GetBytes(text), mapping);

    public async Task StartAsync(Guid id, DataSetMapping mapping)
    {
        var started = await Imports.StartAsync(Marketer, id, mapping, TestContext.Current.CancellationToken);
        Assert.True(started.Succeeded, started.Failure?.ToString());
    }

    public async Task<ImportView> RunAsync(Guid id)
    {
        var view = await FindAsync(id);
        await Get<JobRunner>().ExecuteAsync(view.JobRunId!.Value, CancellationToken.None);
        return await FindAsync(id);
    }

    /// <summary>Takes an import back, to the end of its job.</summary>
    public async Task<ImportView> UndoAsync(Guid id)
    {
        var started = await Imports.UndoAsync(Marketer, id, TestContext.Current.CancellationToken);
        Assert.True(started.Succeeded, started.Failure?.ToString());
        await Get<JobRunner>().ExecuteAsync((await FindAsync(id)).UndoRunId!.Value, CancellationToken.None);
        return await FindAsync(id);
    }

    /// <summary>The job once more, as after a crash that lost the end of the run.</summary>
    public async Task<ImportView> RunAgainAsync(Guid id)
    {
        var run = (await FindAsync(id)).JobRunId!.Value;
        await using var context = await Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        await context.JobRuns.Where(r => r.Id == run).ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Queued));
        return await RunAsync(id);
    }

    public async Task<ImportView> FindAsync(Guid id) => (await List.FindAsync(id, TestContext.Current.CancellationToken))!;

    /// <summary>As if it had been uploaded earlier.</summary>
    public async Task MakeOlderAsync(Guid id, TimeSpan by)
    {
        await using var context = await Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        var at = (await FindAsync(id)).UploadedAt - by;
        await context.ImportRuns.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.UploadedAt, at));
    }

    public async Task<DataSetManifest> ManifestAsync(ImportView import) =>
        (await Experiments.ManifestAsync(import.ExperimentId!.Value, TestContext.Current.CancellationToken))!;

    /// <summary>Values of the table in its rows' order, as text.</summary>
    public List<string> Table(ImportView import, string columns)
    {
        using var connection = Lake.Open(1);
        return connection.Query(
            $"SELECT concat_ws('|', {string.Join(", ", columns.Split(' ').Select(c => $"coalesce({c}::VARCHAR, 'null')"))}) FROM {TableOf(import)} ORDER BY row", r => r.GetString(0));
    }

    public T Scalar<T>(ImportView import, string sql)
    {
        using var connection = Lake.Open(1);
        return connection.Scalar<T>($"SELECT {sql} FROM {TableOf(import)}");
    }

    /// <summary>Everything in the lake but the uploads themselves.</summary>
    public string[] LakeFiles() => [.. Directory.GetFiles(Lake.Root, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Lake.Root, f)).Where(f => !f.StartsWith("uploads", StringComparison.Ordinal)
            // What holds this process's spilled blocks stays as long as it lives.
            && !(f.StartsWith(".staging/spill-", StringComparison.Ordinal) && f.EndsWith("/lock", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];

    public string TableOf(ImportView import) => Lake.SourceOf($"{DataSetManifest.FolderOf(import.ExperimentId!.Value)}/table.parquet");

    public static DataSetMapping Mapping(string control = "no", string[]? arms = null, string? customer = null, PropensityMapping? propensity = null) => new()
    {
        Name = "test",
        CustomerId = customer,
        Treatment = new TreatmentMapping("arm", control, arms ?? ["mail"]),
        Outcomes = [new OutcomeMapping("visit", "binary"), new OutcomeMapping("spend", "money", "USD")],
        Propensity = propensity,
    };

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
