using System.Text;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData.DataSets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Imports;

/// <summary>Imports as jobs: started, cancelled, refused, run again; who may do so, and how much is taken.</summary>
public class ImportRunTests
{
    private const string Small = AnImportRoom.Small;

    [Fact]
    public async Task Import_RunTwice_GivesTheSameTableAndOneExperiment()
    {
        await using var room = new AnImportRoom();
        var first = await room.ImportAsync(Small + "mail,9,9,9,x\n", AnImportRoom.Mapping());
        var columns = "row customer_id arm propensity y_visit y_spend x_age c_city";
        var (table, files, manifest) = (room.Table(first, columns), room.LakeFiles(), (await room.ManifestAsync(first)).ToJson());

        var second = await room.RunAgainAsync(first.Id);

        Assert.Equal((first.ExperimentId, first.Kept, first.Rejected), (second.ExperimentId, second.Kept, second.Rejected));
        Assert.Equal(table, room.Table(second, columns));
        Assert.Equal(files, room.LakeFiles());
        Assert.Equal(manifest, (await room.ManifestAsync(second)).ToJson());
        Assert.Equal(1, (await room.Experiments.ListAsync(new PageRequest(), TestContext.Current.CancellationToken)).Total);
    }

    [Fact]
    public async Task Import_CancelledHalfWay_LeavesNothing()
    {
        // Progress is told by the clock: one that goes on by itself tells it in the middle on any machine, however fast it reads.
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        await using var room = new AnImportRoom(services => services.AddSingleton<TimeProvider>(clock));
        var id = await room.UploadAsync("arm,visit,spend\n" + string.Concat(Enumerable.Repeat("no,0,0\nmail,1,5\nmail,x,5\n", 150_000)));
        await room.StartAsync(id, AnImportRoom.Mapping());
        var run = (await room.FindAsync(id)).JobRunId!.Value;
        var reading = 0;
        using var watch = room.Get<JobNotifier>().Subscribe(changed =>
        {
            // The second report comes from the middle of the rows.
            if (changed == run && Interlocked.Increment(ref reading) == 3)
                room.Get<JobCancellations>().Cancel(run);
        });

        var import = await room.RunAsync(id);

        Assert.Equal(ImportState.Cancelled, import.State);
        Assert.InRange(import.Read, 0, 449_999);
        Assert.Empty(room.LakeFiles());
        Assert.Null(import.RejectsFile);
        Assert.Equal(0, (await room.Experiments.ListAsync(new PageRequest(), TestContext.Current.CancellationToken)).Total);
        Assert.True(import.CanRetry);
    }

    [Fact]
    public async Task Import_RefusedThenMappedAnew_Succeeds()
    {
        await using var room = new AnImportRoom();
        var refused = await room.ImportAsync(Small, AnImportRoom.Mapping(arms: ["call"]));
        Assert.Equal((ImportState.Failed, "arm-without-rows", "call"), (refused.State, refused.RefusalCode, refused.RefusalDetail));

        await room.StartAsync(refused.Id, AnImportRoom.Mapping());
        var import = await room.RunAsync(refused.Id);

        Assert.Equal((ImportState.Succeeded, null, 4L), (import.State, import.RefusalCode, import.Kept));
    }

    [Fact]
    public async Task Service_Manager_MayLookButNotImport()
    {
        await using var room = new AnImportRoom();
        var cancel = TestContext.Current.CancellationToken;
        var manager = Actor.Of("x", "Max", Roles.Manager);
        var id = await room.UploadAsync(Small);

        Assert.Equal(FailureKind.Forbidden, (await room.Imports.UploadAsync(manager, "a.csv", Stream.Null, cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Imports.StartAsync(manager, id, AnImportRoom.Mapping(), cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Imports.CancelAsync(manager, id, cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Imports.DiscardAsync(manager, id, cancel)).Failure!.Kind);
        Assert.Equal(1, (await room.List.ListAsync(new PageRequest(), cancel)).Total);
    }

    [Fact]
    public async Task Upload_OverTheLimit_IsRefusedAndLeavesNoFile()
    {
        await using var room = new AnImportRoom(("Imports:MaxUploadBytes", "1000"));

        var upload = await room.Imports.UploadAsync(AnImportRoom.Marketer, "big.csv", new MemoryStream(new byte[1001]), TestContext.Current.CancellationToken);

        Assert.Equal("file-too-large", upload.Failure!.Code);
        Assert.Empty(Directory.GetFiles(room.Lake.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Start_Twice_IsAConflict()
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(Small);
        await room.StartAsync(id, AnImportRoom.Mapping());

        var again = await room.Imports.StartAsync(AnImportRoom.Marketer, id, AnImportRoom.Mapping(), TestContext.Current.CancellationToken);

        Assert.Equal(FailureKind.Conflict, again.Failure!.Kind);
    }

    [Fact]
    public async Task Discard_Uploaded_RemovesFileAndRow()
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(Small);

        Assert.True((await room.Imports.DiscardAsync(AnImportRoom.Marketer, id, TestContext.Current.CancellationToken)).Succeeded);

        Assert.Null(await room.List.FindAsync(id, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(room.Lake.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Import_300ThousandRows_StreamsThroughBoundedParts()
    {
        await using var room = new AnImportRoom(("Lake:MemoryLimit", "200MB"));
        const int rows = 300_000;
        var text = new StringBuilder("arm,visit,spend,a,b,note\n");
        for (var i = 0; i < rows; i++)
            text.Append(i % 3 == 0 ? "no" : "mail").Append(i % 10 == 0 ? ",1,12.75," : ",0,0,").Append(i).Append(',').Append(i % 13).Append(",note number ").Append(i % 50).Append('\n');

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping());

        Assert.Equal((ImportState.Succeeded, (long)rows), (import.State, import.Kept));
        Assert.Equal(rows, room.Scalar<int>(import, "count(*)"));
        Assert.Equal((long)rows * (rows - 1) / 2, room.Scalar<long>(import, "sum(x_a)::BIGINT"));
        Assert.Equal(200_000.0 / rows, room.Scalar<double>(import, "max(propensity)"), 12);
    }
}
