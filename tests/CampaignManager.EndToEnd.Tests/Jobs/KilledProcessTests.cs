using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.EndToEnd.Tests.Jobs;

/// <summary>
/// The built app as a process of its own, killed in the middle of a job and started again on the same folder. Its shop is the running shop's twin, so
/// that what it ends with can be compared with what was made in one go.
/// </summary>
public sealed class KilledProcessTests(RunningShop shop) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("cm-killed-").FullName;
    private Process? process;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Kill_WhileBuildingAndWhileTraining_TheNextStartsEndInTheSameModel()
    {
        var whole = await shop.ModelAsync();
        await StartAsync();
        var building = await UntilAsync(DemoShopService.JobKind, run => run is { State: JobState.Running, Progress: > 0.02 });
        await KillAsync();
        Assert.Equal((building.Id, JobState.Running, 1), await LeftAsync(DemoShopService.JobKind));

        await StartAsync();
        var training = await UntilAsync(TrainModelJob.Kind, run => run.State == JobState.Running && run.Stage == JobStage.Training.Name());
        Assert.Equal((building.Id, JobState.Succeeded, 2), await LeftAsync(DemoShopService.JobKind));
        await KillAsync();
        Assert.Equal((training.Id, JobState.Running, 1), await LeftAsync(TrainModelJob.Kind));
        Assert.False(Directory.Exists(ModelFolder(training.Id)), "The model was there before the process was killed.");

        await StartAsync();
        await UntilAsync(TrainModelJob.Kind, run => run.State is JobState.Succeeded or JobState.Failed);
        Assert.Equal((training.Id, JobState.Succeeded, 2), await LeftAsync(TrainModelJob.Kind));
        await SameAsync(whole, training.Id, ModelManifest.ModelFile);
        await SameAsync(whole, training.Id, PlannerFile.Name);
    }

    private string ModelFolder(Guid id) => Path.Combine(folder, "models", id.ToString("N"));

    private async Task SameAsync(Guid whole, Guid resumed, string file)
    {
        var expected = await File.ReadAllTextAsync(shop.Services.GetRequiredService<ModelStore>().PathTo(whole, file), Stop);
        var found = await File.ReadAllTextAsync(Path.Combine(ModelFolder(resumed), file), Stop);
        // The one thing that may differ is the model's own id.
        Assert.True(expected == found.Replace(resumed.ToString(), whole.ToString(), StringComparison.Ordinal), $"{file} is not the same.");
    }

    private async Task StartAsync()
    {
        var built = await shop.Services.GetRequiredService<DemoShopService>().CurrentRunAsync(Stop);
        var twin = JsonSerializer.Deserialize<BuildDemoShop>(built!.Arguments, JsonSerializerOptions.Web)!;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["OMP_WAIT_POLICY"] = "PASSIVE" },
        };
        foreach (var argument in (string[])
        [
            typeof(Program).Assembly.Location, "--urls", "http://127.0.0.1:0",
            "--Demo:Customers", twin.Customers.ToString(CultureInfo.InvariantCulture), "--Demo:EndDate", twin.End.ToString("O", CultureInfo.InvariantCulture),
            "--Database:Path", Path.Combine(folder, "app.db"), "--Lake:Path", Path.Combine(folder, "lake"), "--Models:Path", Path.Combine(folder, "models"),
        ])
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        // Nobody reads a full pipe: the child would stand still.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync(Stop);
        process.Dispose();
        process = null;
    }

    private async Task<JobRun> UntilAsync(string kind, Func<JobRun, bool> reached)
    {
        JobRun? run = null;
        await shop.UntilAsync(async () =>
        {
            Assert.False(process!.HasExited, "The app ended by itself.");
            run = await RunAsync(kind);
            return run is not null && reached(run);
        }, kind, TimeSpan.FromMilliseconds(20));
        return run!;
    }

    private async Task<(Guid Id, JobState State, int Attempt)> LeftAsync(string kind) => await RunAsync(kind) is { } run ? (run.Id, run.State, run.Attempt) : default;

    private async Task<JobRun?> RunAsync(string kind)
    {
        var options = new DatabaseOptions { Path = Path.Combine(folder, "app.db") };
        if (!File.Exists(options.Path))
            return null;
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, options);
        await using var context = new AppDbContext(builder.Options);
        try
        {
            return await context.JobRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Kind == kind, Stop);
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The child is still making the tables.
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
