using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.Tests.Imports;

namespace CampaignManager.Application.Tests.ShopData.Imports;

/// <summary>
/// An export that is complete for its time: what it lacks is listed, goes when confirmed, and comes back when that is undone.
/// </summary>
public sealed class CompleteExportsTests : IAsyncDisposable
{
    private readonly AnImportRoom room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CompleteExports Exports => room.Get<CompleteExports>();

    [Fact]
    public async Task Missing_LaterExportOfTheSameTime_ListsWhatItLacksAndChangesNothing()
    {
        await ImportAsync(1, 2, 3, 4, 5, 9);
        var later = await ImportAsync(1, 3, 5);

        var missing = (await Exports.MissingAsync(AnImportRoom.Marketer, later, Stop)).Value;

        // The ninth lies behind the export's last order: it tells nothing of it.
        Assert.Equal(("tills", 2L), (missing.Source, missing.Count));
        Assert.Equal(["2", "4"], missing.First.Select(m => m.OrderId));
        Assert.Equal((1000L, "EUR"), (missing.First[0].TotalMinor, missing.First[0].Currency));
        Assert.Equal(6, Rows(LakeTable.Orders));
    }

    [Fact]
    public async Task Remove_Confirmed_TakesThemAwayAndUndoBringsThemBack()
    {
        await ImportAsync(1, 2, 3, 4, 5);
        var later = await ImportAsync(1, 3, 5);

        var removal = await RemoveAsync(later, 2);
        Assert.Equal((ImportState.Succeeded, 2L, true), (removal.State, removal.Findings!.Written, removal.CanUndo));
        Assert.Equal((3L, 3L), (Rows(LakeTable.Orders), Rows(LakeTable.OrderLines)));
        Assert.Equal(0, (await Exports.MissingAsync(AnImportRoom.Marketer, later, Stop)).Value.Count);

        await room.RunAgainAsync(removal.Id);
        Assert.Equal(3, Rows(LakeTable.Orders));

        await room.UndoAsync(removal.Id);
        Assert.Equal((5L, 5L), (Rows(LakeTable.Orders), Rows(LakeTable.OrderLines)));
    }

    [Fact]
    public async Task Remove_OrderThatIsImportedAgain_StandsAgain()
    {
        await ImportAsync(1, 2, 3);
        await RemoveAsync(await ImportAsync(1, 3), 1);
        await ImportAsync(2);
        Assert.Equal(3, Rows(LakeTable.Orders));
    }

    [Fact]
    public async Task Remove_OtherNumberThanListed_IsRefusedAndNothingGoes()
    {
        await ImportAsync(1, 2, 3);
        var later = await ImportAsync(1, 3);
        Assert.Equal("missing-changed", (await Exports.RemoveAsync(AnImportRoom.Marketer, later, 2, Stop)).Failure!.Code);

        // Something was added between the confirmation and the job.
        var id = (await Exports.RemoveAsync(AnImportRoom.Marketer, later, 1, Stop)).Value;
        await ImportAsync(2, 20);
        await ImportAsync(21);
        Assert.Equal(ImportState.Failed, (await room.RunAsync(id)).State);
        Assert.Equal(5, Rows(LakeTable.Orders));
    }

    [Fact]
    public async Task Missing_ByAManager_IsRefused() => Assert.Equal(
        FailureKind.Forbidden, (await Exports.MissingAsync(Actor.Of("x", "X", Roles.Manager), Guid.NewGuid(), Stop)).Failure!.Kind);

    public ValueTask DisposeAsync() => room.DisposeAsync();

    /// <summary>Orders by number; 20 and more were placed on the second day.</summary>
    private async Task<Guid> ImportAsync(params int[] orders)
    {
        var text = "order_id,order_date,customer_id,currency,sku,quantity,price,total\n" + string.Concat(orders.Select(o =>
            $"{o},2025-11-{(o < 20 ? o : 2):00} 1{o % 10}:00:00,c{o % 2},EUR,A,1,10.00,10.00\n"));
        var id = (await room.Imports.UploadAsync(
            AnImportRoom.Marketer, "orders.csv", new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Stop, "orders")).Value;
        var started = await room.Imports.StartAsync(AnImportRoom.Marketer, id, new ShopMapping { Zone = "UTC", Source = "tills" }, Stop);
        Assert.True(started.Succeeded, started.Failure?.ToString());
        Assert.Equal(ImportState.Succeeded, (await room.RunAsync(id)).State);
        return id;
    }

    private async Task<ImportView> RemoveAsync(Guid export, long confirmed)
    {
        var removal = await Exports.RemoveAsync(AnImportRoom.Marketer, export, confirmed, Stop);
        Assert.True(removal.Succeeded, removal.Failure?.ToString());
        return await room.RunAsync(removal.Value);
    }

    private long Rows(LakeTable table)
    {
        using var connection = room.Lake.Open(1);
        return connection.Scalar<long>($"SELECT count(*) FROM {room.Lake.Source(table)}");
    }
}
