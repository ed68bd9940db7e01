using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.Tests.ShopData.Writing;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.Lake;

/// <summary>Whole quarters go, exactly those that were shown, with what hangs on them; no more, and never half.</summary>
public sealed class LakeRetentionTests : IDisposable
{
    private readonly AWriter a = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LakeRetention Retention => new(a.Lake, Clocks.At("2026-01-10T12:00:00Z"));

    [Theory]
    [InlineData(2026, 1, 1, 0, "2026-01-01")]
    [InlineData(2026, 1, 10, 1, "2025-10-01")]
    [InlineData(2026, 3, 31, 1, "2026-01-01")]
    [InlineData(2026, 3, 31, 4, "2025-10-01")]
    public void Cut_KeepsTheWholeQuarterOfTheOldestMonth(int year, int month, int day, int months, string cut) =>
        Assert.Equal(DateTime.Parse(cut, System.Globalization.CultureInfo.InvariantCulture), LakeRetention.Cut(new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc), months));

    [Fact]
    public async Task Prune_Orders_TakesWholeQuartersWithLinesAndRefundsAndShortensCoverage()
    {
        await WriteAsync();

        var due = Retention.Preview(LakeTable.Orders, 6)!;
        Assert.Equal((2, new DateTime(2025, 7, 1)), (due.Rows, due.Before));
        Assert.Equal(["2025Q1", "2025Q2"], due.Quarters);
        var gone = await Retention.PruneAsync(LakeTable.Orders, due.Before, Stop);

        Assert.Equal(due.Rows, gone);
        Assert.Equal(["C", "D"], a.Rows(LakeTable.Orders, "order_id"));
        Assert.Equal(["C", "D"], a.Rows(LakeTable.OrderLines, "order_id"));
        // A refund that came later goes with its order.
        Assert.Equal(["C"], a.Rows(LakeTable.Refunds, "order_id"));
        Assert.Equal(["2025-07-01 00:00:00"], a.Lake.Catalogue().Imports.SelectMany(i => i.Coverage).Where(c => c.What == "orders").Select(c => $"{c.From:yyyy-MM-dd HH:mm:ss}").Distinct());
        Assert.Null(Retention.Preview(LakeTable.Orders, 6));
        Assert.Equal(4, a.Rows(LakeTable.Events, "event_id").Count);
    }

    [Fact]
    public async Task Prune_FilesOfAnEarlierRelease_GoBySameRule()
    {
        a.A.Put(LakeTable.Events, "('e1', 'C', 'view', 'S', 1, 1, NULL, NULL, NULL, TIMESTAMP '2024-05-01'), ('e2', 'C', 'view', 'S', 1, 1, NULL, NULL, NULL, TIMESTAMP '2026-01-02')");

        var due = Retention.Preview(LakeTable.Events, 12)!;
        Assert.Equal((1, "2024Q2"), (due.Rows, Assert.Single(due.Quarters)));
        Assert.Equal(1, await Retention.PruneAsync(LakeTable.Events, due.Before, Stop));

        Assert.Equal(["e2"], a.Rows(LakeTable.Events, "event_id"));
    }

    [Theory]
    [InlineData("seal")]
    [InlineData("sealed")]
    [InlineData("listed")]
    public async Task Prune_DiesAtAStep_NothingOrAllHasGone(string at)
    {
        await WriteAsync();
        a.Lake.Step = step =>
        {
            if (step == at)
                throw new InvalidOperationException("dead");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => Retention.PruneAsync(LakeTable.Orders, new DateTime(2025, 7, 1), Stop));
        a.Lake.Step = null;

        a.Lake.Sweep();

        Assert.Equal(at == "seal" ? ["A", "B", "C", "D"] : ["C", "D"], a.Rows(LakeTable.Orders, "order_id"));
        Assert.Equal(at == "seal" ? 4 : 2, a.Rows(LakeTable.OrderLines, "order_id").Count);
    }

    [Fact]
    public async Task Prune_AnImportUndoneAfterwards_StillGoesWhole()
    {
        var id = Guid.NewGuid();
        await WriteAsync(id);
        await Retention.PruneAsync(LakeTable.Orders, new DateTime(2025, 7, 1), Stop);

        await a.Writer.UndoAsync(id, Stop);

        Assert.Empty(a.Rows(LakeTable.Orders, "order_id"));
    }

    public void Dispose() => a.Dispose();

    private Task WriteAsync(Guid? id = null)
    {
        (string Id, DateTime At)[] orders = [("A", new(2025, 2, 1)), ("B", new(2025, 6, 30, 23, 59, 59)), ("C", new(2025, 7, 1)), ("D", new(2026, 1, 5))];
        return a.WriteAsync(id ?? Guid.NewGuid(), Start, orders.SelectMany(o => (ReadRow[])
        [
            Order(o.Id, "C1", o.At) with { Refunds = o.Id == "D" ? [] : [new RefundRow("r" + o.Id, o.Id, null, o.At.AddDays(40), RefundTime.File, 100)] },
            View("v" + o.Id, "C1", o.At),
        ]));
    }
}
