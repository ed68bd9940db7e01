using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Incoming;
using CampaignManager.Application.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.ShopData.Incoming;

/// <summary>Files laid into a folder come in once, when they are whole, and lie afterwards where it says what became of them.</summary>
public sealed class WatchedFolderTests : IAsyncDisposable
{
    private readonly string inbox = Directory.CreateTempSubdirectory("inbox-").FullName;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
    private readonly AnImportRoom room;

    public WatchedFolderTests() => room = new AnImportRoom(
        services => services.AddSingleton<TimeProvider>(clock),
        ("Import:Folder", inbox), ("Import:QuietSeconds", "30"), ("Import:Zone", "UTC"), ("Import:Currency", "EUR"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FolderClock Clock => room.Get<FolderClock>();

    [Fact]
    public async Task Look_FileThatStillGrows_IsLeftUntilItIsQuiet()
    {
        Lay("orders.csv", Orders(3));
        Assert.Null(await LookAsync(0));
        Lay("orders.csv", Orders(4));
        Assert.Null(await LookAsync(31));
        Assert.Null(await LookAsync(20));
        Assert.NotNull(await LookAsync(11));
    }

    [Fact]
    public async Task Look_WholeFile_IsImportedByItsTemplateAndMovedToDone()
    {
        Lay("orders.csv", Orders(5));
        Lay("half.csv.part", "x");
        await TakeAsync();
        var import = await EndAsync();
        Assert.Equal((ImportState.Succeeded, "orders", "Plain orders", 5L), (import.State, import.Kind, import.Findings!.Template, import.Read));
        Assert.Null(await LookAsync(1));
        Assert.Equal(["done/orders.csv", "half.csv.part"], Lying());
    }

    [Fact]
    public async Task Look_FolderOfFilesThatBelongTogether_IsOneImport()
    {
        Directory.CreateDirectory(Path.Combine(inbox, "november"));
        Lay("november/orders.csv", "order_id,customer_id,order_status,order_purchase_timestamp\no1,c1,delivered,2025-11-01 10:00:00\n");
        Lay("november/items.csv", "order_id,order_item_id,product_id,price,freight_value\no1,1,p1,10.00,2.00\n");
        await TakeAsync();
        var import = await EndAsync();
        Assert.Equal((ImportState.Succeeded, 2, "Olist orders"), (import.State, import.Files.Count, import.Findings!.Template));
        await LookAsync(1);
        Assert.Equal(["done/november/items.csv", "done/november/orders.csv"], Lying());
    }

    [Fact]
    public async Task Look_FileNobodyKnows_IsRefusedWithItsReason()
    {
        Lay("colours.csv", "colour,size\nred,9\n");
        await TakeAsync();
        Assert.Equal(["refused/colours.csv", "refused/colours.csv.reason.txt"], Lying());
        var refused = Assert.Single(room.Get<WatchedFolder>().Refused(5));
        Assert.Equal(("colours.csv", "no-template"), (refused.Name, refused.Code));
        Assert.StartsWith("No template fits colours.csv", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_ImportThatIsRefused_MovesItsFileToRefused()
    {
        Lay("orders.csv", "order_id,order_date,total\n1,Monday,5.00\n2,Tuesday,6.00\n");
        await TakeAsync();
        Assert.Equal(ImportState.Failed, (await EndAsync()).State);
        await LookAsync(1);
        Assert.Equal("no-time", Assert.Single(room.Get<WatchedFolder>().Refused(5)).Code);
    }

    [Fact]
    public async Task Take_ByTwoNodes_HappensOnce()
    {
        Lay("orders.csv", Orders(5));
        var (one, other) = (room.Get<WatchedFolder>(), new WatchedFolder(room.Get<IOptions<IncomingOptions>>(), clock));
        var entry = Assert.Single(one.Entries());
        using var start = new Barrier(2);
        var took = await Task.WhenAll(new[] { one, other }.Select(f => Task.Run(
            () =>
            {
                start.SignalAndWait(Stop);
                return f.Take(entry, Guid.NewGuid());
            }, Stop)));
        Assert.Single(took, t => t);
        Assert.Single(one.Taken());
    }

    [Fact]
    public async Task Look_OfTwoNodesAtOnce_StartsOneRun()
    {
        Lay("orders.csv", Orders(5));
        var other = new FolderClock(
            room.Get<IDbContextFactory<AppDbContext>>(), new WatchedFolder(room.Get<IOptions<IncomingOptions>>(), clock), room.List,
            room.Get<JobService>(), room.Get<IOptions<IncomingOptions>>(), clock, NullLogger<FolderClock>.Instance);
        await Clock.LookAsync(Stop);
        await other.LookAsync(Stop);
        clock.Advance(TimeSpan.FromSeconds(31));
        var runs = await Task.WhenAll(Clock.LookAsync(Stop), other.LookAsync(Stop));
        Assert.Single(runs, r => r is not null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Look_AfterAWorkerDiedHalfWay_TakesTheFileAgainOnce(bool uploaded)
    {
        Lay("orders.csv", Orders(5));
        var id = Guid.NewGuid();
        var folder = room.Get<WatchedFolder>();
        Assert.True(folder.Take(Assert.Single(folder.Entries()), id));
        // Killed after the move, or in the middle of the upload, or before the import was started.
        if (uploaded)
            await room.Imports.UploadAsync(AnImportRoom.Marketer, "orders.csv", File.OpenRead(folder.Taken()[0].Files[0]), Stop, "orders", id);
        else
            await File.WriteAllTextAsync(
                Path.Combine(Directory.CreateDirectory(room.Lake.PathTo("uploads")).FullName, $"{id:N}.upload"), "order_id,or", Stop);

        var run = await LookAsync(1);
        Assert.NotNull(run);
        await room.Get<JobRunner>().ExecuteAsync(run.Value, Stop);
        Assert.Null(await LookAsync(30));

        Assert.Equal((ImportState.Succeeded, id, 5L), (await EndAsync() is var import ? import.State : default, import.Id, import.Read));
        await LookAsync(1);
        Assert.Equal(["done/orders.csv"], Lying());
    }

    [Fact]
    public async Task Look_SameNameTwice_KeepsBothInDone()
    {
        for (var i = 0; i < 2; i++)
        {
            Lay("orders.csv", Orders(5 + i));
            await TakeAsync();
            await EndAsync();
            await LookAsync(1);
        }

        Assert.Equal(2, Lying().Count(f => f.StartsWith("done/orders", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        await room.DisposeAsync();
        Directory.Delete(inbox, recursive: true);
    }

    private static string Orders(int count) => "order_id,order_date,customer_id,sku,quantity,price,total\n"
        + string.Concat(Enumerable.Range(1, count).Select(i => $"{i},2025-11-0{i} 10:00:00,c{i % 2},A,1,10.00,10.00\n"));

    private void Lay(string name, string text) => File.WriteAllText(Path.Combine(inbox, name), text);

    private async Task<Guid?> LookAsync(int after)
    {
        clock.Advance(TimeSpan.FromSeconds(after));
        return await Clock.LookAsync(Stop);
    }

    private async Task TakeAsync()
    {
        await LookAsync(1);
        var run = await LookAsync(31);
        Assert.NotNull(run);
        await room.Get<JobRunner>().ExecuteAsync(run.Value, Stop);
    }

    /// <summary>Runs the newest import to its end.</summary>
    private async Task<ImportView> EndAsync()
    {
        var import = (await room.List.ListAsync(new PageRequest(1, 10, null), Stop)).Items[0];
        return await room.RunAsync(import.Id);
    }

    private List<string> Lying() => [.. Directory.GetFiles(inbox, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(inbox, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
