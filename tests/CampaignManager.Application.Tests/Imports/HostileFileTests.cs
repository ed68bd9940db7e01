using System.IO.Compression;
using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData.DataSets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Tests.Imports;

/// <summary>Files made to hold up the server, or to fill it: refused in a sentence, bounded, and stopped when somebody cancels.</summary>
public sealed class HostileFileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("arm,visit\nno,0\n")]
    public async Task Inspect_PackedBlankLines_RefusesWithoutUnpackingThemAll(string before)
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(Packed(before, "\n\n\n\n\n\n\n\n", times: 2_000_000));
        var look = await room.Imports.InspectAsync(AnImportRoom.Marketer, id, Cancel);
        Assert.Equal("blank-lines", look.Failure!.Code);
    }

    [Fact]
    public async Task Import_PackedBlankLines_EndsWithTheSentence()
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync(Packed("arm,visit,spend\nno,0,1\nmail,1,2\n", "\n\n\n\n\n\n\n\n", times: 2_000_000),
            AnImportRoom.Mapping());
        Assert.Equal("blank-lines", import.RefusalCode);
    }

    [Fact]
    public async Task Inspect_LargePackedFile_LooksAtABoundedPart()
    {
        await using var room = new AnImportRoom();
        var row = "no,0," + new string('x', 1_000_000) + "\n";
        var id = await room.UploadAsync(Packed("arm,visit,note\n", row, times: 100));
        var file = (await room.Imports.InspectAsync(AnImportRoom.Marketer, id, Cancel)).Value.File;
        Assert.False(file.Whole);
        Assert.InRange(file.RowsSeen, 1, FileInspection.BytesLookedAt / 1_000_000 + 1);
    }

    [Fact]
    public async Task Start_WhileAnotherFileIsLookedInto_DoesNotWait()
    {
        using var looking = new ManualResetEventSlim();
        await using var room = new AnImportRoom(services => services.AddSingleton<IImportKind>(new SlowKind(looking)));
        var slow = (await room.Imports.UploadAsync(AnImportRoom.Marketer, "slow.csv",
            new MemoryStream(Encoding.UTF8.GetBytes(AnImportRoom.Small)), Cancel, SlowKind.Kind)).Value;
        var starting = room.Imports.StartAsync(AnImportRoom.Marketer, slow, null, Cancel);
        await room.StartAsync(await room.UploadAsync(AnImportRoom.Small), AnImportRoom.Mapping());
        Assert.False(starting.IsCompleted);
        looking.Set();
        await starting;
    }

    [Fact]
    public void Read_Cancelled_IsHeardWithinABlockThatHoldsNoRow()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Packed("a,b\n1,2\n", "\n\n\n\n\n\n\n\n", times: 500_000));
            using var stop = new CancellationTokenSource();
            using var table = CsvTable.Open(path, new ImportOptions(), null, stop.Token);
            Assert.True(table.Read());
            stop.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => table.Read());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Query_WithinACancelledRun_StopsWithoutBeingGivenItsToken()
    {
        await using var room = new AnImportRoom();
        using var stop = new CancellationTokenSource();
        var asked = Task.Run(() =>
        {
            new RunClaim(null!, Guid.NewGuid(), 1) { Stop = stop.Token }.Enter();
            using var connection = room.Lake.Open(threads: 1);
            stop.CancelAfter(TimeSpan.FromMilliseconds(50));
            return connection.Query("SELECT sum(a.i * b.i) FROM range(10_000_000) a(i), range(10_000_000) b(i)", r => r.GetDouble(0));
        }, Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WaitAsync(TimeSpan.FromMinutes(1), Cancel));
    }

    [Fact]
    public async Task Import_ManyColumns_TakesThemAllInOnePass()
    {
        await using var room = new AnImportRoom();
        var columns = Enumerable.Range(0, 600).Select(i => $"n{i}").ToArray();
        var text = new StringBuilder("arm,visit," + string.Join(',', columns) + "\n");
        for (var row = 0; row < 24; row++)
            text.Append(row % 2 == 0 ? "no," : "mail,").Append(row % 3 == 0 ? "1," : "0,")
                .AppendJoin(',', columns.Select((_, i) => i % 3 == 0 ? "" : $"{row * i % 7}")).Append('\n');
        var import = await room.ImportAsync(text.ToString(), new DataSetMapping
        {
            Treatment = new TreatmentMapping("arm", "no", ["mail"]),
            Outcomes = [new OutcomeMapping("visit", "binary")],
        });
        Assert.Null(import.Error);
        var manifest = await room.ManifestAsync(import);
        // A third of them are empty.
        Assert.Equal(400, manifest.Features.Count);
        Assert.Equal(200, manifest.Warnings.Count(w => w.Code == "empty-feature"));
        Assert.All(manifest.Features, f => Assert.Equal(0, f.Missing));
        Assert.Equal(["7", "7"], new[] { "x_n1", "x_n2" }.Select(c => room.Scalar<long>(import, $"count(DISTINCT {c})").ToString()));
    }

    [Theory]
    [InlineData(2001, "too-many-columns")]
    [InlineData(2000, null)]
    public async Task Inspect_WideFile_TakesTwoThousandColumns(int columns, string? code)
    {
        await using var room = new AnImportRoom();
        var header = string.Join(',', Enumerable.Range(0, columns).Select(i => $"n{i}"));
        var id = await room.UploadAsync($"{header}\n{string.Join(',', Enumerable.Repeat("1", columns))}\n");
        Assert.Equal(code, (await room.Imports.InspectAsync(AnImportRoom.Marketer, id, Cancel)).Failure?.Code);
    }

    [Fact]
    public async Task Inspect_FirstLineOfTenMegabytes_RefusesInASentence()
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(new string('x', 10_000_000) + ",b\n1,2\n");
        Assert.Equal("header-too-long", (await room.Imports.InspectAsync(AnImportRoom.Marketer, id, Cancel)).Failure!.Code);
    }

    [Theory]
    [InlineData("""{"name": "\ud800"}""")]
    [InlineData("""{"\udc00": 1}""")]
    [InlineData("""{"customerId": "a\ud83d"}""")]
    public void Mapping_HalfACharacter_IsRefused(string json) => Assert.Equal(["mapping"], MappingJson.Parse(json).Failure!.Errors!.Keys);

    [Fact]
    public async Task Prune_WithoutAnyUpload_RemovesWhatIsOver()
    {
        await using var room = new AnImportRoom(("Imports:KeepUploadDays", "3"));
        var done = await room.ImportAsync(AnImportRoom.Small + "mail,9,9,9,x\n", AnImportRoom.Mapping());
        var folder = room.Lake.PathTo("uploads");
        var cutOff = Path.Combine(folder, $"{Guid.NewGuid():N}.upload");
        await File.WriteAllTextAsync(cutOff, "half of a file", Cancel);
        Assert.Equal(0, await room.Pruning.PruneAsync(Cancel));
        Assert.Equal(3, Directory.GetFiles(folder).Length);

        Age(folder, TimeSpan.FromDays(2));
        Assert.Equal(1, await room.Pruning.PruneAsync(Cancel));
        Assert.False(File.Exists(cutOff));
        await room.MakeOlderAsync(done.Id, TimeSpan.FromDays(4));
        Age(folder, TimeSpan.FromDays(4));
        Assert.Equal(2, await room.Pruning.PruneAsync(Cancel));
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void DiskFull_WhatTheSystemSaysOfAFullDisk_IsKnown()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        var fault = Assert.ThrowsAny<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            full.Write(new byte[10]);
        });
        Assert.True(DiskFull.IsMeantBy(fault));
        Assert.True(DiskFull.IsMeantBy(new InvalidOperationException("x", fault)));
        Assert.False(DiskFull.IsMeantBy(
            new IOException("The process cannot access the file because it is being used by another process.")));
    }

    private static void Age(string folder, TimeSpan by)
    {
        foreach (var file in Directory.GetFiles(folder))
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime - by);
    }

    private static byte[] Packed(string before, string repeated, int times)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(before));
            var block = Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Repeat(repeated, Math.Max(1, Math.Min(times, 65536 / repeated.Length)))));
            for (long written = 0; written < (long)times * repeated.Length; written += block.Length)
                gzip.Write(block);
        }

        return bytes.ToArray();
    }

    /// <summary>Looks into a file for as long as the test wants.</summary>
    private sealed class SlowKind(ManualResetEventSlim until) : IImportKind
    {
        public const string Kind = "slow";

        private readonly DataSetImport real = new(Options.Create(new ImportOptions()));

        public string Name => Kind;

        public string JobKind => real.JobKind;

        public ImportMapping Guess(FileInspection file, string fileName, string currency, string? encoding)
        {
            until.Wait(Cancel);
            return real.Guess(file, fileName, currency, encoding);
        }

        public Outcome<ImportMapping> Parse(string json) => real.Parse(json);

        public Failure? Check(ImportMapping mapping, string path, string currency) => real.Check(mapping, path, currency);

        public Outcome<ImportTrial> Try(ImportMapping mapping, string path, string currency, CancellationToken cancel) =>
            real.Try(mapping, path, currency, cancel);
    }
}
