using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.ShopData.Writing;

public class ShopWriterTests
{
    private static readonly DateTime At = Start.AddDays(-5);

    [Fact]
    public async Task Write_OrdersWithLinesAndRefunds_AreReadBack()
    {
        using var a = new AWriter();
        var order = Order("O1", "C1", At) with
        {
            ShippingMinor = 500,
            DiscountMinor = 100,
            Lines = [new OrderLineRow(0, "S1", 1, 1_000) { Name = "Boots" }, new OrderLineRow(1, "S2", 2, 500) { Name = "靴子" }],
            Refunds = [new RefundRow(null, "O1", 0, null, RefundTime.Order, 300)],
            DiscountCodes = ["A", "B"],
        };

        var report = await a.WriteAsync(Guid.NewGuid(), Start, order, Order("O2", null, At));

        Assert.Equal((2, 3, 1, 6), (report["written:orders"], report["written:order_lines"], report["written:refunds"], report.Written));
        Assert.Equal(["C1|2000|100|O1|counted|[A, B]", "guest:O2|1000|O2|counted"], a.Rows(LakeTable.Orders, "customer_id, list_minor, discount_minor, order_id, status, discount_codes"));
        // 100 of 1000 and 1000 are 50 each.
        Assert.Equal(["O1|0|S1|50|share", "O1|1|S2|50|share", "O2|0|S1|0|line"], a.Rows(LakeTable.OrderLines, "order_id, line_no, sku, discount_minor, discount_from"));
        Assert.Equal(["O1|C1|300|order|2026-01-05 12:00:00"], a.Rows(LakeTable.Refunds, "order_id, customer_id, goods_minor, at_from, \"at\""));
        Assert.Equal(["C1|2026-01-05 12:00:00|first-order"], a.Rows(LakeTable.Customers, "customer_id, joined_at, joined_from"));
        Assert.Equal(["S1|Boots", "S2|靴子"], a.Rows(LakeTable.Products, "sku, coalesce(name_en, name_zh)"));
    }

    [Fact]
    public async Task Write_SameFileTwice_WritesNothing()
    {
        using var a = new AWriter();
        ReadRow[] rows =
        [
            Order("O1", "C1", At), View("E1", "C1", At), View(null, "C1", At), new CustomerRow("C1", 0) { Region = "north", Tags = ["vip"] },
            new ProductRow("S1", 0) { NameEn = "Boots", Attributes = [new ProductAttribute("size", 42, "EU", null, null)] },
            new ExposureRow("campaign", "C1", 1, 0) { AssignedAt = At },
        ];
        await a.WriteAsync(Guid.NewGuid(), Start, rows);
        var files = a.Lake.Catalogue().Files.Count;

        var again = await a.WriteAsync(Guid.NewGuid(), Start.AddDays(1), rows);

        Assert.Equal((0, 6), (again.Written, again["duplicates"]));
        Assert.Equal(files, a.Lake.Catalogue().Files.Count);
        Assert.Single(a.Rows(LakeTable.Orders, "order_id"));
        Assert.Equal(2, a.Rows(LakeTable.Events, "event_id").Count);
    }

    [Fact]
    public async Task Write_SameImportAgain_AnswersWhatTheFirstDid()
    {
        using var a = new AWriter();
        var import = Guid.NewGuid();
        var first = await a.WriteAsync(import, Start, Order("O1", "C1", At));

        var again = await a.WriteAsync(import, Start, Order("O2", "C1", At));

        Assert.Equal(first.Counts, again.Counts);
        Assert.Equal(["O1"], a.Rows(LakeTable.Orders, "order_id"));
    }

    [Fact]
    public async Task Write_CorrectedOrder_ReplacesTheWholeOrderWhereverItMoves()
    {
        using var a = new AWriter();
        await a.WriteAsync(Guid.NewGuid(), Start, Order("O1", "C1", At) with { Lines = [new OrderLineRow(0, "S1", 1, 600), new OrderLineRow(1, "S2", 1, 400)] }, Order("O2", "C1", At));

        // Another customer, another quarter, fewer lines.
        var report = await a.WriteAsync(Guid.NewGuid(), Start.AddDays(1), Order("O1", "C2", At.AddDays(-30), 900));

        Assert.Equal(1, report["corrected"]);
        Assert.Equal(["O1|C2|900|2025Q4", "O2|C1|1000|2026Q1"], a.Rows(LakeTable.Orders, "order_id, customer_id, total_minor, quarter"));
        Assert.Equal(["O1|S1|900", "O2|S1|1000"], a.Rows(LakeTable.OrderLines, "order_id, sku, unit_price_minor"));
        // Before the correction was known nobody could know it.
        Assert.Equal(["O1|C1|1000|2026Q1", "O2|C1|1000|2026Q1"], a.Rows(LakeTable.Orders, "order_id, customer_id, total_minor, quarter", Start));
        Assert.Equal(3, a.Rows(LakeTable.OrderLines, "order_id, sku", Start).Count);
    }

    [Fact]
    public async Task Write_EventIdWithOtherContent_TheFirstStays()
    {
        using var a = new AWriter();
        await a.WriteAsync(Guid.NewGuid(), Start, View("E1", "C1", At), View("E1", "C1", At), View("E2", "C1", At));

        var report = await a.WriteAsync(Guid.NewGuid(), Start, View("E1", "C2", At.AddYears(-1)), View("E3", "C2", At), View("E3", "C3", At));

        Assert.Equal((1, 2, 0), (report.Written, report["conflicts"], report["duplicates"]));
        Assert.Equal([("id-conflict", "E1"), ("id-conflict", "E3")], a.Rejects.Rows.Select(r => (r.Reason, r.Detail!)));
        Assert.Equal(["E1|C1", "E2|C1", "E3|C2"], a.Rows(LakeTable.Events, "event_id, customer_id"));
    }

    [Fact]
    public async Task Write_SameIdsOfAnotherSource_AreOtherOrdersAndEvents()
    {
        using var a = new AWriter();
        await a.WriteAsync(Guid.NewGuid(), "shop", Start, [Order("1", "C1", At), View("1", "C1", At)]);
        await a.WriteAsync(Guid.NewGuid(), "till", Start, [Order("1", "C2", At), View("1", "C2", At)]);

        Assert.Equal(["shop|C1", "till|C2"], a.Rows(LakeTable.Orders, "source, customer_id"));
        Assert.Equal(["shop|C1", "till|C2"], a.Rows(LakeTable.Events, "source, customer_id"));
    }

    [Fact]
    public async Task Write_LaterListSaysLess_TakesNothingAway()
    {
        using var a = new AWriter();
        await a.WriteAsync(Guid.NewGuid(), Start, Order("O1", "C1", At), new ProductRow("S1", 0) { NameEn = "Boots", PriceMinor = 1_000, UnitCostMinor = 600 });
        await a.WriteAsync(Guid.NewGuid(), Start.AddDays(1), new CustomerRow("C1", 0) { Region = "north", EmailOptIn = true, JoinedAt = At.AddDays(-9) });
        await a.WriteAsync(Guid.NewGuid(), Start.AddDays(2), new CustomerRow("C1", 0) { Region = "south" }, new ProductRow("S1", 0) { PriceMinor = 1_200 });

        Assert.Equal(["C1|south|true|file|2025-12-27 12:00:00"], a.Rows(LakeTable.Customers, "customer_id, region, email_opt_in, joined_from, joined_at"));
        Assert.Equal(["S1|Boots|1200|600"], a.Rows(LakeTable.Products, "sku, name_en, price_minor, unit_cost_minor"));
        Assert.Equal(["S1|Boots|1000|600"], a.Rows(LakeTable.Products, "sku, name_en, price_minor, unit_cost_minor", Start));
    }

    [Fact]
    public async Task Write_ManyRows_SpillsAndFlagsRobots()
    {
        using var a = new AWriter(partRows: 100);
        var rows = Enumerable.Range(0, 450).Select(i => View("R" + i, "robot", At.AddSeconds(i))).Concat(Enumerable.Range(0, 300).Select(i => View("P" + i, "C" + (i % 7), At.AddHours(i))));

        var report = await a.WriteAsync(Guid.NewGuid(), Start.AddDays(30), rows);

        Assert.Equal((750, 1), (report.Written, report["robots"]));
        Assert.Equal(["robot|450"], a.Rows($"SELECT customer_id, count(*) FROM {a.Lake.Source(LakeTable.Events)} WHERE robot GROUP BY 1"));
        Assert.Equal(["750"], a.Rows($"SELECT count(DISTINCT event_id) FROM {a.Lake.Source(LakeTable.Events)}"));
    }

    [Fact]
    public async Task Write_HundredEventsInTenMinutes_AreNoRobotsAndOneMoreIs()
    {
        using var a = new AWriter();
        IEnumerable<ReadRow> Of(string who, int events) => Enumerable.Range(0, events).Select(i => View(who + i, who, At.AddSeconds(i)));
        ReadRow[] rows = [.. Of("hundred", 100), View("later", "hundred", At.AddHours(1)), .. Of("more", 101), View("sooner", "more", At.AddHours(-1))];

        var report = await a.WriteAsync(Guid.NewGuid(), Start.AddDays(30), rows);

        Assert.Equal((203, 1), (report.Written, report["robots"]));
        Assert.Equal(["more|101"], a.Rows($"SELECT customer_id, count(*) FROM {a.Lake.Source(LakeTable.Events)} WHERE robot GROUP BY 1"));
    }

    [Fact]
    public async Task Write_TwoAtOnce_NeitherLosesAnything()
    {
        using var a = new AWriter();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => a.WriteAsync(
            Guid.NewGuid(), Start, [Order("shared", "C1", At), .. Enumerable.Range(0, 20).Select(j => Order($"O{i}-{j}", "C" + j, At.AddDays(-j)))]))));

        Assert.Equal(121, a.Rows(LakeTable.Orders, "order_id").Count);
        Assert.Equal(6, a.Lake.Catalogue().Imports.Count);
        Assert.Equal(a.Lake.Catalogue().Imports.Select(i => i.Version).Distinct().Count(), a.Lake.Catalogue().Imports.Count);
    }

    [Fact]
    public async Task Catalogue_EveryListedFile_HasItsRowsAndChecksum()
    {
        using var a = new AWriter();
        await a.WriteAsync(Guid.NewGuid(), Start, Order("O1", "C1", At), View("E1", "C2", At));

        foreach (var file in a.Lake.Catalogue().Files)
        {
            Assert.Equal(file.Sha256, await FileHash.OfAsync(a.Lake.PathTo(file.Path), TestContext.Current.CancellationToken));
            Assert.Equal([$"{file.Rows}"], a.Rows($"SELECT count(*) FROM {a.Lake.SourceOf(file.Path)}"));
        }
    }
}
