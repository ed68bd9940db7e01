using System.Globalization;
using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Imports;

namespace CampaignManager.Application.Tests.ShopData.Imports;

/// <summary>From upload to the lake: what is asked, written once, rejected, mended and taken back.</summary>
public sealed class ImportShopFilesJobTests : IAsyncDisposable
{
    private const string Header = "bon,zeit,mail,name,summe,artikel,menge,preis";

    private const string Tills = """
        { "source": "tills", "zone": "Europe/Berlin", "currency": "EUR", "own": { "shape": { "type": "repeated" }, "drop": ["name"],
          "order": { "id": "bon", "at": "zeit", "customer": { "column": "mail", "treat": "pseudonym", "as": "email" }, "total": "summe" },
          "line": { "sku": "artikel", "quantity": "menge", "price": { "column": "preis", "means": "unit" } } } }
        """;

    private readonly AnImportRoom room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_GoodFile_IsInTheLakeWithoutNamesAndWithItsReport()
    {
        var import = await ImportAsync(Orders(40));

        Assert.Equal((ImportState.Succeeded, 40, 0), (import.State, import.Read, import.Rejected));
        Assert.Equal((1.0, "tills", "Own columns"), (import.Findings!.Reconciled, import.Findings.Source, import.Findings.Template));
        Assert.Equal(("orders", new DateTime(2025, 5, 1, 8, 0, 0)), (import.Findings.Coverage[0].Table, import.Findings.Coverage[0].From));
        Assert.Equal(40, Rows(LakeTable.Orders));
        Assert.DoesNotContain("Erika", Everything(), StringComparison.Ordinal);
        Assert.DoesNotContain("@shop.test", Everything(), StringComparison.Ordinal);
        Assert.True(import.CanUndo);
        Assert.Null(import.ExperimentId);
    }

    [Fact]
    public async Task Run_HeaderInsideTheFile_IsSkippedAndTold()
    {
        var import = await ImportAsync(Orders(20) + Header + "\n" + Orders(21).Split('\n')[^2] + "\n");

        Assert.Equal(21, Rows(LakeTable.Orders));
        Assert.Contains(new ImportWarning("header-again", "1"), import.Warnings);
    }

    [Fact]
    public async Task Run_SameFileTwice_WritesNothingTheSecondTime()
    {
        await ImportAsync(Orders(40));

        var again = await ImportAsync(Orders(40));

        Assert.Equal(0, again.Findings!.Written);
        Assert.True(again.Findings.Duplicates >= 40, $"{again.Findings.Duplicates} duplicates");
        Assert.Equal(40, Rows(LakeTable.Orders));
    }

    [Fact]
    public async Task Run_AgainAfterItsWorkerDied_TellsTheSameAndDoublesNothing()
    {
        var first = await ImportAsync(Orders(40));

        var again = await room.RunAgainAsync(first.Id);

        Assert.Equal((ImportState.Succeeded, first.Read, first.Findings!.Written), (again.State, again.Read, again.Findings!.Written));
        Assert.Equal(first.Findings.Figures["orders"].GetInt64(), again.Findings.Figures["orders"].GetInt64());
        Assert.Equal(40, Rows(LakeTable.Orders));
    }

    [Fact]
    public async Task Run_LinePricesReadAsUnits_WaitsWithNothingWrittenAndGoesOnOnceAnswered()
    {
        var waiting = await ImportAsync(Orders(40, linePrices: true));
        Assert.Equal((ImportState.Waiting, "orders-do-not-add-up"), (waiting.State, Assert.Single(waiting.Questions).Code));
        Assert.Equal(0, Rows(LakeTable.Orders));
        Assert.False(waiting.CanUndo);

        var wrong = await room.Imports.AnswerAsync(AnImportRoom.Marketer, waiting.Id, new Dictionary<string, string> { ["orders-do-not-add-up"] = "perhaps" }, Stop);
        Assert.Equal(["answers.orders-do-not-add-up"], wrong.Failure!.Errors!.Keys);
        var answered = await room.Imports.AnswerAsync(AnImportRoom.Marketer, waiting.Id, new Dictionary<string, string> { ["orders-do-not-add-up"] = "line" }, Stop);
        Assert.True(answered.Succeeded, answered.Failure?.ToString());
        var done = await room.RunAsync(waiting.Id);

        Assert.Equal((ImportState.Succeeded, 1.0), (done.State, done.Findings!.Reconciled));
        Assert.Equal(40, Rows(LakeTable.Orders));
    }

    [Fact]
    public async Task Run_Dry_CountsAllAndWritesNothingUntilStartedForGood()
    {
        var id = await UploadAsync(Orders(40));
        await room.Imports.StartAsync(AnImportRoom.Marketer, id, Mapping(), Stop, dryRun: true);
        var dry = await room.RunAsync(id);
        Assert.Equal((ImportState.Succeeded, true, 40, 0), (dry.State, dry.DryRun, dry.Read, dry.Findings!.Written));
        Assert.Equal(0, Rows(LakeTable.Orders));

        Assert.True((await room.Imports.StartAsync(AnImportRoom.Marketer, id, null, Stop)).Succeeded);
        var done = await room.RunAsync(id);

        Assert.False(done.DryRun);
        Assert.Equal(40, Rows(LakeTable.Orders));
    }

    [Fact]
    public async Task Rejects_MendedAndImportedAgain_OnlyTheMendedOrderIsNewAndMeetsItsPerson()
    {
        var file = Orders(120).Replace("B-7,2025-05-07 10:00:00", "B-7,gestern", StringComparison.Ordinal);
        var import = await ImportAsync(file);
        Assert.Equal((1, 119), (import.Rejected, Rows(LakeTable.Orders)));
        var rejects = await File.ReadAllTextAsync(import.RejectsFile!, Stop);
        Assert.DoesNotContain("Erika", rejects, StringComparison.Ordinal);
        Assert.DoesNotContain("@shop.test", rejects, StringComparison.Ordinal);
        Assert.Equal(6, Assert.Single(Assert.Single(import.Findings!.Examples).Value).Row);

        var mended = await ImportAsync(rejects.Replace("gestern", "2025-05-07 10:00:00", StringComparison.Ordinal));

        Assert.Equal(ImportState.Succeeded, mended.State);
        Assert.Equal(120, Rows(LakeTable.Orders));
        // Seven people order; the mended order's is one of them.
        Assert.Equal(7, Scalar($"SELECT count(DISTINCT customer_id) FROM {room.Lake.Source(LakeTable.Orders)}"));
    }

    [Fact]
    public async Task Undo_SecondImport_LeavesTheFirstOnesOrdersAsTheyWere()
    {
        await ImportAsync(Orders(40));
        var before = Totals();
        var corrected = await ImportAsync(Orders(50).Replace("B-3,2025-05-03 10:00:00,c3@shop.test,Erika 3,20.00,A-3,2,10.00", "B-3,2025-05-03 10:00:00,c3@shop.test,Erika 3,30.00,A-3,3,10.00", StringComparison.Ordinal));
        Assert.NotEqual(before, Totals());

        Assert.True((await room.Imports.UndoAsync(AnImportRoom.Marketer, corrected.Id, Stop)).Succeeded);
        var undoing = await room.FindAsync(corrected.Id);
        Assert.Equal((ImportState.Undoing, false), (undoing.State, undoing.CanUndo));
        Assert.Equal("import-not-to-undo", (await room.Imports.UndoAsync(AnImportRoom.Marketer, corrected.Id, Stop)).Failure!.Code);
        await room.Get<JobRunner>().ExecuteAsync(undoing.UndoRunId!.Value, CancellationToken.None);

        Assert.Equal(before, Totals());
        Assert.Equal(ImportState.Undone, (await room.FindAsync(corrected.Id)).State);
        Assert.Equal("import-not-to-undo", (await room.Imports.UndoAsync(AnImportRoom.Marketer, corrected.Id, Stop)).Failure!.Code);
    }

    [Fact]
    public async Task Undo_CancelledOrAgainAfterItsWorkerDied_LeavesAllOrNothing()
    {
        var import = await ImportAsync(Orders(40));
        await room.Imports.UndoAsync(AnImportRoom.Marketer, import.Id, Stop);
        var first = (await room.FindAsync(import.Id)).UndoRunId!.Value;
        Assert.True((await room.Imports.CancelAsync(AnImportRoom.Marketer, import.Id, Stop)).Succeeded);
        await room.Get<JobRunner>().ExecuteAsync(first, CancellationToken.None);
        Assert.Equal((ImportState.Succeeded, true), ((await room.FindAsync(import.Id)) is var left ? left.State : default, left.CanUndo));
        Assert.Equal(40, Rows(LakeTable.Orders));

        // Its worker died after the rows were gone and before it said so.
        await room.Get<ShopWriter>().UndoAsync(import.Id, Stop);
        var undone = await room.UndoAsync(import.Id);

        Assert.Equal((ImportState.Undone, 0), (undone.State, Rows(LakeTable.Orders)));
        Assert.NotEqual(first, undone.UndoRunId);
    }

    [Fact]
    public async Task Run_CancelledBeforeItsEnd_LeavesNothing()
    {
        var id = await UploadAsync(Orders(40));
        await room.Imports.StartAsync(AnImportRoom.Marketer, id, Mapping(), Stop);
        await room.Imports.CancelAsync(AnImportRoom.Marketer, id, Stop);

        var view = await room.RunAsync(id);

        Assert.Equal((ImportState.Cancelled, true), (view.State, view.CanRetry));
        Assert.Equal(0, Rows(LakeTable.Orders));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "no-template")]
    [InlineData("", "empty-file")]
    public async Task Run_WhatNoTemplateFits_IsRefusedWithItsCode(string csv, string code)
    {
        if (csv.Length == 0)
        {
            Assert.Equal(code, (await room.Imports.UploadAsync(AnImportRoom.Marketer, "o.csv", new MemoryStream([]), Stop, "orders")).Failure!.Code);
            return;
        }

        var id = await UploadAsync(csv);
        await room.Imports.StartAsync(AnImportRoom.Marketer, id, null, Stop);
        var failed = await room.RunAsync(id);
        Assert.Equal((ImportState.Failed, code), (failed.State, failed.RefusalCode));
    }

    private static string Orders(int count, bool linePrices = false)
    {
        var csv = new StringBuilder(Header).Append('\n');
        for (var i = 1; i <= count; i++)
        {
            var day = new DateTime(2025, 5, 1, 10, 0, 0).AddDays(i - 1);
            csv.Append(CultureInfo.InvariantCulture, $"B-{i},{day:yyyy-MM-dd HH:mm:ss},c{i % 7}@shop.test,Erika {i},20.00,A-{i % 5},2,{(linePrices ? 20 : 10)}.00\n");
        }

        return csv.ToString();
    }

    private static ImportMapping Mapping() => ShopMappingJson.Parse("orders", Tills).Value;

    private async Task<Guid> UploadAsync(string csv) =>
        (await room.Imports.UploadAsync(AnImportRoom.Marketer, "tills.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv)), Stop, "orders")).Value;

    private async Task<ImportView> ImportAsync(string csv)
    {
        var id = await UploadAsync(csv);
        var started = await room.Imports.StartAsync(AnImportRoom.Marketer, id, Mapping(), Stop);
        Assert.True(started.Succeeded, started.Failure?.ToString());
        var view = await room.RunAsync(id);
        Assert.True(view.State is ImportState.Succeeded or ImportState.Waiting, $"{view.State} {view.RefusalCode}: {view.Error}");
        return view;
    }

    private long Rows(LakeTable table) => Scalar($"SELECT count(*) FROM {room.Lake.Source(table)}");

    private string Totals()
    {
        using var connection = room.Lake.Open(1);
        return string.Join(' ', connection.Query(
            $"SELECT order_id || '=' || total_minor::VARCHAR FROM {room.Lake.Source(LakeTable.Orders)} ORDER BY order_id", r => r.GetString(0)));
    }

    private long Scalar(string sql)
    {
        using var connection = room.Lake.Open(1);
        return connection.Scalar<long>(sql);
    }

    private string Everything()
    {
        using var connection = room.Lake.Open(1);
        return string.Join('\n', LakeTable.All.Where(room.Lake.HasRows).SelectMany(t => connection.Query($"SELECT r::VARCHAR FROM {room.Lake.Source(t)} r", r => r.GetString(0))));
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
