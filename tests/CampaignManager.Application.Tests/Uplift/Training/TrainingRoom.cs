using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Tests.Uplift.Training;

/// <summary>The application's services on a folder of their own, with jobs run by hand.</summary>
internal sealed class TrainingRoom : IAsyncDisposable
{
    public static readonly Actor Admin = Actor.Of("a", "Ada", Roles.Admin);

    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-uplift-" + Guid.NewGuid().ToString("N"));
    private readonly ServiceProvider services;

    private TrainingRoom(Action<IServiceCollection>? more)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Path"] = Path.Combine(folder, "app.db"),
            ["Lake:Path"] = Path.Combine(folder, "lake"),
            ["Models:Path"] = Path.Combine(folder, "models"),
            ["Demo:Enabled"] = "false",
        }).Build();
        var collection = new ServiceCollection();
        collection.AddLogging().AddSingleton<IConfiguration>(configuration).AddCampaignManager(configuration);
        more?.Invoke(collection);
        services = collection.BuildServiceProvider();
    }

    public static async Task<TrainingRoom> OpenAsync(Action<IServiceCollection>? more = null)
    {
        var room = new TrainingRoom(more);
        Directory.CreateDirectory(room.folder);
        await using var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();
        return room;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>A new one, with what it needs from the room.</summary>
    public T Make<T>() => ActivatorUtilities.CreateInstance<T>(services);

    /// <summary>Lays a table into the lake as an import or the features job does.</summary>
    public async Task LayAsync(UpliftTable table, string relativeFolder)
    {
        var lake = Get<DataLake>();
        using var connection = lake.Open();
        using (var create = connection.CreateCommand())
        {
            create.CommandText = "CREATE TABLE t (\"row\" BIGINT, customer_id VARCHAR, campaign_id VARCHAR, arm INTEGER, propensity DOUBLE, split VARCHAR"
                + string.Concat(table.Outcomes.Keys.Select(o => $", y_{o} DOUBLE")) + string.Concat(table.Features.Select(f => $", {f.Name} {(f.Kind == FeatureKind.Categorical ? "VARCHAR" : "DOUBLE")}")) + ")";
            create.ExecuteNonQuery();
        }

        using (var appender = connection.CreateAppender("t"))
        {
            for (var i = 0; i < table.Count; i++)
            {
                var row = appender.CreateRow().AppendValue(table.Rows[i]).AppendValue(table.CustomerIds[i]).AppendValue(table.CampaignIds[i]).AppendValue(table.Arms[i]).AppendValue(table.Propensity[i]);
                row = table.Splits[i] is { } split ? row.AppendValue(split) : row.AppendNullValue();
                foreach (var y in table.Outcomes.Values)
                    row = row.AppendValue(y[i]);
                foreach (var feature in table.Features)
                {
                    var value = feature.Values[i];
                    row = float.IsNaN(value) ? row.AppendNullValue() : feature.Kind == FeatureKind.Categorical ? row.AppendValue(feature.Levels[(int)value]) : row.AppendValue((double)value);
                }

                row.EndRow();
            }
        }

        lake.WriteFile(connection, "SELECT * FROM t", Path.Combine(relativeFolder, UpliftTableManifest.TableFile));
        await lake.WriteTextAsync(table.Manifest.ToJson(), Path.Combine(relativeFolder, UpliftTableManifest.ManifestFile), CancellationToken.None);
    }

    public async Task<Guid> ExperimentAsync(UpliftTable table)
    {
        var id = Guid.NewGuid();
        await LayAsync(table, UpliftTableManifest.ExperimentFolder(id));
        return id;
    }

    /// <summary>Starts a run and executes it to its end.</summary>
    public async Task<JobRun> TrainAsync(TrainingRequest request)
    {
        var started = await Get<TrainingService>().StartAsync(request, Admin, CancellationToken.None);
        return await ExecuteAsync(started.Value);
    }

    public async Task<JobRun> ExecuteAsync(Guid runId, CancellationToken shutdown = default)
    {
        try
        {
            await Get<JobRunner>().ExecuteAsync(runId, shutdown);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            // The host went down, as the test wished.
        }

        return (await Get<JobService>().FindAsync(runId, CancellationToken.None))!;
    }

    public string ModelFile(Guid id, string file) => Path.Combine(folder, "models", id.ToString("N", CultureInfo.InvariantCulture), file);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
