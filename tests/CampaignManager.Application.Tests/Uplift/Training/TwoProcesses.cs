using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

/// <summary>The same training in two processes of their own, one that may use one processor and one that may use two; made once for all learners.</summary>
public sealed class TwoProcesses : IAsyncLifetime
{
    /// <summary>Where a child process writes its scores; set for nobody else.</summary>
    public const string Variable = "CAMPAIGNMANAGER_SCORES_FOLDER";

    public static readonly IReadOnlyList<(string Learner, string Base)> Learners =
    [
        ("auto", "trees"), ("s", "trees"), ("s", "linear"), ("t", "lightgbm"), ("forest", "trees"), ("dragonnet", "trees"), ("response", "trees"),
    ];

    private readonly string root = Directory.CreateTempSubdirectory("cm-scores-").FullName;

    public byte[] Scores(int processors, string learner, string basis) => File.ReadAllBytes(Path.Combine(FolderOf(processors), FileOf(learner, basis)));

    public async ValueTask InitializeAsync()
    {
        foreach (var processors in new[] { 1, 2 })
        {
            Directory.CreateDirectory(FolderOf(processors));
            // This test project is its own runner: the child runs the one explicit test in ScoreWriter.
            var start = new ProcessStartInfo("dotnet", [typeof(TwoProcesses).Assembly.Location, "-noLogo", "-noColor", "-explicit", "only", "-class", typeof(ScoreWriter).FullName!])
            {
                RedirectStandardOutput = true,
                Environment = { [Variable] = FolderOf(processors), ["DOTNET_PROCESSOR_COUNT"] = processors.ToString(CultureInfo.InvariantCulture) },
            };
            using var child = Process.Start(start)!;
            var said = await child.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await child.WaitForExitAsync(CancellationToken.None);
            Assert.True(child.ExitCode == 0, said);
            Assert.Equal(processors.ToString(CultureInfo.InvariantCulture), await File.ReadAllTextAsync(Path.Combine(FolderOf(processors), "processors"), CancellationToken.None));
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return ValueTask.CompletedTask;
    }

    public static string FileOf(string learner, string basis) => $"{learner}-{basis}.bin";

    /// <summary>Predictions of every row, bit by bit.</summary>
    public static async Task<byte[]> TrainAsync(string learner, string basis)
    {
        var table = ATable.Experiment(rows: 2000, seed: 8, rowsPerCustomer: 2);
        var trained = await UpliftTraining.RunAsync(table, "converted", new TrainingPlan(learner, basis, Seed: 6), _ => Task.CompletedTask, CancellationToken.None);
        return [.. MemoryMarshal.AsBytes<double>(trained.Mu0[0]), .. MemoryMarshal.AsBytes<double>(trained.Mu1[0])];
    }

    private string FolderOf(int processors) => Path.Combine(root, processors.ToString(CultureInfo.InvariantCulture));
}
