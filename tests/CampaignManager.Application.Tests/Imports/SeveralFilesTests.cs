using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Imports;

namespace CampaignManager.Application.Tests.Imports;

/// <summary>An import may be made of several files: kept in their order, found together, gone together.</summary>
public sealed class SeveralFilesTests : IAsyncDisposable
{
    private readonly AnImportRoom room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string[] Uploads => [.. Directory.GetFiles(room.Lake.PathTo("uploads")).Select(Path.GetFileName).OfType<string>()];

    [Fact]
    public async Task AddFile_TwoAtOnce_BothAreThereAfterTheFirst()
    {
        var id = await FirstAsync("orders");

        await Task.WhenAll(AddAsync(id, "b.csv"), AddAsync(id, "c.csv"));

        var files = (await room.FindAsync(id)).Files;
        Assert.Equal("a.csv", files[0].FileName);
        Assert.Equal(["b.csv", "c.csv"], files.Skip(1).Select(f => f.FileName).Order());
        Assert.Equal(3, Uploads.Length);
    }

    [Fact]
    public async Task Start_SeveralOfAKindOfOne_IsRefused()
    {
        var id = await FirstAsync("experiment");
        await AddAsync(id, "b.csv");

        var refused = await room.Imports.StartAsync(AnImportRoom.Marketer, id, null, Stop);

        Assert.Equal(["file"], refused.Failure!.Errors!.Keys);
    }

    [Fact]
    public async Task AddFile_OnceStarted_IsRefusedAndLeavesNothing()
    {
        var id = await FirstAsync("orders");
        Assert.True((await room.Imports.StartAsync(AnImportRoom.Marketer, id, new ShopMapping(), Stop)).Succeeded);

        var late = await room.Imports.AddFileAsync(AnImportRoom.Marketer, id, "b.csv", new MemoryStream("x\n1\n"u8.ToArray()), Stop);

        Assert.Equal("import-started", late.Failure!.Code);
        Assert.Single(Uploads);
    }

    [Fact]
    public async Task Discard_ImportOfSeveral_TakesAllFilesAway()
    {
        var id = await FirstAsync("orders");
        await AddAsync(id, "b.csv");
        var other = await FirstAsync("orders");

        await room.Imports.DiscardAsync(AnImportRoom.Marketer, id, Stop);

        Assert.Equal([$"{other:N}.upload"], Uploads);
    }

    [Fact]
    public async Task Prune_ImportOfSeveralThatIsOld_TakesAllFilesAway()
    {
        var id = await FirstAsync("orders");
        await AddAsync(id, "b.csv");
        await room.MakeOlderAsync(id, TimeSpan.FromDays(30));
        foreach (var file in Directory.GetFiles(room.Lake.PathTo("uploads")))
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);

        await room.Pruning.PruneAsync(Stop);

        Assert.Empty(Uploads);
    }

    [Fact]
    public async Task Answer_ImportThatAsksNothing_IsAConflict()
    {
        var id = await FirstAsync("orders");
        var refused = await room.Imports.AnswerAsync(AnImportRoom.Marketer, id, new Dictionary<string, string> { ["zone-needed"] = "UTC" }, Stop);
        Assert.Equal("import-asks-nothing", refused.Failure!.Code);
        Assert.Equal("import-not-to-undo", (await room.Imports.UndoAsync(AnImportRoom.Marketer, id, Stop)).Failure!.Code);
    }

    private async Task<Guid> FirstAsync(string kind) =>
        (await room.Imports.UploadAsync(AnImportRoom.Marketer, "a.csv", new MemoryStream("x\n1\n"u8.ToArray()), Stop, kind)).Value;

    private async Task AddAsync(Guid id, string name) =>
        Assert.True((await room.Imports.AddFileAsync(AnImportRoom.Marketer, id, name, new MemoryStream("x\n1\n"u8.ToArray()), Stop)).Succeeded);

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
