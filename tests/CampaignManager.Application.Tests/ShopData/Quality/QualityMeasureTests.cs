using CampaignManager.Application.ShopData.Quality;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.Tests.ShopData.Writing;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.ShopData.Quality;

/// <summary>What is measured of a source: each figure on rows of which it is known.</summary>
public sealed class QualityMeasureTests : IDisposable
{
    private static readonly DateTime Newest = Start;

    private readonly AWriter a = new();

    [Fact]
    public async Task Orders_RegionMissingInTheLastWeeks_IsAShareAndOtherColumnsAreNotDelivered()
    {
        await PutAsync(o => o with { Region = o.At > Newest.AddDays(-28) && Number(o) % 10 < 3 ? null : "North" });

        Assert.Equal(0.3, Of("orders", QualityChecks.Missing, "region").Value, 0.05);
        Assert.Equal(QualityGrade.Warn, Of("orders", QualityChecks.Missing, "region").Grade);
        // Nobody delivers a channel: there is nothing to warn of.
        Assert.Equal((1, QualityGrade.Ok), (Of("orders", QualityChecks.Missing, "channel").Value, Of("orders", QualityChecks.Missing, "channel").Grade));
    }

    [Fact]
    public async Task Orders_TheSameUnderAnotherNumber_AreSaidTwice()
    {
        await PutAsync(o => o, more: i => i % 20 == 0 ? 2 : 1);

        var twice = Of("orders", QualityChecks.Duplicates);
        Assert.Equal((QualityGrade.Warn, 14), (twice.Grade, twice.Count));
    }

    [Fact]
    public async Task Orders_AFewInCentsOfAnotherUnit_AreOutliers()
    {
        await PutAsync(o => Number(o) % 30 == 0 ? Priced(o, 1_000_000) : o);

        var far = Of("orders", QualityChecks.Outliers, "total_minor");
        Assert.Equal((QualityGrade.Fail, 10), (far.Grade, far.Count));
        Assert.Equal(QualityGrade.Ok, Of("orders", QualityChecks.Gaps).Grade);
    }

    [Fact]
    public async Task Orders_AnotherMixOfRegions_Drifts_AndTheSameMixDoesNot()
    {
        await PutAsync(o => o with { Region = (Number(o) % 10 < (o.At > Newest.AddDays(-28) ? 8 : 3)) ? "North" : "South", Channel = Number(o) % 3 == 0 ? "web" : "app" });

        // p = (0.3, 0.7), q = (0.8, 0.2): 0.5 ln(8/3) + 0.5 ln(7/2) = 1.12, less chance.
        Assert.Equal(1.12, Of("orders", QualityChecks.Drift, "region").Value, 0.1);
        Assert.Equal(QualityGrade.Fail, Of("orders", QualityChecks.Drift, "region").Grade);
        Assert.Equal(QualityGrade.Ok, Of("orders", QualityChecks.Drift, "channel").Grade);
    }

    [Fact]
    public async Task Orders_TwoDaysWithout_AreGaps()
    {
        await PutAsync(o => o, keep: at => at.Date != Newest.Date.AddDays(-5) && at.Date != Newest.Date.AddDays(-6));

        Assert.Equal((2, QualityGrade.Warn), (Of("orders", QualityChecks.Gaps).Value, Of("orders", QualityChecks.Gaps).Grade));
    }

    [Fact]
    public async Task Orders_OneInTwentyDoesNotAddUp_IsTheShare()
    {
        await PutAsync(o => o with { AddsUp = Number(o) % 20 != 0 });

        var share = Of("orders", QualityChecks.Reconciliation);
        Assert.Equal((QualityGrade.Fail, 14), (share.Grade, share.Count));
    }

    [Fact]
    public async Task Orders_SaidThreeDaysLater_AreLateAndTheFirstImportIsNot()
    {
        await PutAsync(o => o, knownAt: Newest.AddDays(-20));
        Assert.DoesNotContain(All("orders"), f => f is { Check: QualityChecks.Late, Count: > 0 });

        await a.WriteAsync(Guid.NewGuid(), Newest.AddDays(1), Enumerable.Range(0, 40).Select(i => Order("L" + i, "C1", Newest.AddDays(-15).AddMinutes(i))));

        // Of the rows since the first import: 40, and those of the first import that were after it.
        var late = Of("orders", QualityChecks.Late);
        Assert.Equal((40, QualityGrade.Warn), (late.Count, late.Grade));
    }

    [Fact]
    public async Task Events_OfARobot_AreCountedAndStay()
    {
        var robot = Enumerable.Range(0, 150).Select(i => (ReadRow)View("r" + i, "R", Newest.AddHours(-3).AddSeconds(i), "S" + i));
        var people = Enumerable.Range(0, 450).Select(i => (ReadRow)View("v" + i, "C" + (i % 40), Newest.AddHours(-i)));
        await a.WriteAsync(Guid.NewGuid(), Newest, robot.Concat(people));

        var bots = Of("events", QualityChecks.Bots);
        Assert.Equal((150, QualityGrade.Fail), (bots.Count, bots.Grade));
    }

    [Fact]
    public async Task Sources_AreMeasuredEachByItself()
    {
        await PutAsync(o => o with { Region = "North" });
        await a.WriteAsync(Guid.NewGuid(), "tills", Newest, [.. Enumerable.Range(0, 10).Select(i => Order("T" + i, null, Newest.AddHours(-i)) with { Region = i == 0 ? "South" : null })]);

        var all = Measure("orders");

        Assert.Equal(["shop", "tills"], all.Select(m => m.Source));
        Assert.Equal(0.9, all[1].Findings.Single(f => f is { Check: QualityChecks.Missing, Column: "region" }).Value, 3);
    }

    public void Dispose() => a.Dispose();

    private static int Number(OrderRow order) => int.Parse(order.Id[1..].Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static OrderRow Priced(OrderRow o, long price) => o with { TotalMinor = price, Lines = [new OrderLineRow(0, "S1", 1, price)] };

    /// <summary>Ten orders a day over eight weeks, of prices around 10.</summary>
    private Task PutAsync(Func<OrderRow, OrderRow> change, Func<int, int>? more = null, Func<DateTime, bool>? keep = null, DateTime? knownAt = null) => a.WriteAsync(
        Guid.NewGuid(), knownAt ?? Newest,
        Enumerable.Range(0, 560).Select(i => (Nr: i, At: Newest.AddDays(-i / 10).AddMinutes(-(i % 10)))).Where(o => keep?.Invoke(o.At) ?? true)
            .SelectMany(o => Enumerable.Range(0, more?.Invoke(o.Nr) ?? 1).Select(copy => change(Order($"O{o.Nr}-{copy}", "C" + (o.Nr % 50), o.At, 900 + (o.Nr * 37 % 200))))));

    private IReadOnlyList<QualityFinding> All(string table) => Measure(table)[0].Findings;

    private QualityFinding Of(string table, string check, string column = "") => All(table).Single(f => f.Check == check && f.Column == column);

    private IReadOnlyList<Measured> Measure(string table)
    {
        using var connection = a.Lake.Open();
        return new QualityMeasure(a.Lake, connection, QualityThreshold.Usual, Newest.AddDays(1)).Table(WatchedTable.All.Single(t => t.Table.Name == table));
    }
}
