using System.Diagnostics;
using System.Globalization;
using CampaignManager.Application.Lake;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>A process of its own that changes a lake is killed again and again, wherever it is just then, and each time another one goes on.</summary>
public sealed class KilledLakeTests : IDisposable
{
    private const int Kills = 30;
    private const string FolderName = "KILLED_LAKE_FOLDER", SeedName = "KILLED_LAKE_SEED";

    private readonly string folder = Directory.CreateTempSubdirectory("killed-lake-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Process_KilledAtThirtyRandomMoments_NothingHalfNothingDoubledNothingLeft()
    {
        var lake = new KilledLake(folder);
        var killed = new Dictionary<KilledLake.Work, int>();
        for (var kill = 0; kill < Kills; kill++)
        {
            Assert.Equal(128 + 9, await RunAsync(seed: kill));

            lake.Lake.Sweep();
            var (begun, done) = lake.Read();
            var found = lake.Found();
            // Between two steps nothing is begun.
            Assert.Contains(found, new[] { KilledLake.Expected(done), KilledLake.Expected(begun) });
            Assert.Empty(lake.Strangers());
            Assert.All(lake.Lake.Catalogue().Files, f => Assert.Equal(f.Bytes, new FileInfo(lake.Lake.PathTo(f.Path)).Length));
            if (begun > done)
                killed[KilledLake.WorkOf(done)] = killed.GetValueOrDefault(KilledLake.WorkOf(done)) + 1;
        }

        Assert.True(killed.GetValueOrDefault(KilledLake.Work.Import) > 0 && killed.GetValueOrDefault(KilledLake.Work.Compact) > 0, string.Join(", ", killed));
        var last = lake.Read();
        if (last.Begun > last.Done)
            await lake.DoAsync(last.Done, Stop);
        Assert.Equal(KilledLake.Expected(last.Begun), lake.Found());
        // What readers could still have had open goes when its time has come.
        new DataLake(Options.Create(new LakeOptions { Path = lake.Lake.Root, Buckets = 2 }), new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(2))).Sweep();
        Assert.All(lake.Lake.Catalogue().Dropped, d => Assert.False(File.Exists(lake.Lake.PathTo(d.Path))));
        Assert.Equal(KilledLake.Expected(last.Begun), lake.Found());
    }

    /// <summary>The process that is killed: it goes on where the last one was, and ends itself by SIGKILL at a moment of its own.</summary>
    [Fact(Explicit = true)]
    public async Task Child_GoesOnUntilItIsKilled()
    {
        if (Environment.GetEnvironmentVariable(FolderName) is not { } there)
            return;
        var random = new Random(int.Parse(Environment.GetEnvironmentVariable(SeedName)!, CultureInfo.InvariantCulture));
        var lake = new KilledLake(there);
        lake.Lake.Sweep();
        using var self = Process.GetCurrentProcess();
        // Most die after some steps; some while they still mend what the last one left.
        var (steps, share) = (random.Next(3), random.NextDouble());
        using var death = new Timer(_ => self.Kill());
        var clock = Stopwatch.StartNew();
        for (var step = lake.Read().Done; ; step++)
        {
            if (steps-- == 0)
                death.Change(TimeSpan.FromMilliseconds(2 * share * Math.Max(100, clock.ElapsedMilliseconds)), Timeout.InfiniteTimeSpan);
            clock.Restart();
            lake.Begin(step);
            await lake.DoAsync(step, Stop);
            lake.End();
        }
    }

    private async Task<int> RunAsync(int seed)
    {
        var assembly = typeof(KilledLakeTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [FolderName] = folder, [SeedName] = seed.ToString(CultureInfo.InvariantCulture) },
        };
        foreach (var argument in (string[])[assembly, "-explicit", "only", "-method", $"{typeof(KilledLakeTests).FullName}.{nameof(Child_GoesOnUntilItIsKilled)}", "-noLogo", "-noColor"])
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        try
        {
            var said = await Task.WhenAll(child.StandardOutput.ReadToEndAsync(Stop), child.StandardError.ReadToEndAsync(Stop));
            await child.WaitForExitAsync(Stop);
            Assert.True(child.ExitCode == 128 + 9, string.Concat(said));
            return child.ExitCode;
        }
        finally
        {
            if (!child.HasExited)
                child.Kill();
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
