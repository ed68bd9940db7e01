using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>Orders as they lie in rows: every shape, rows in any order, files put together.</summary>
public sealed class OrderShapeTests
{
    private const string ShopifyHeader =
        "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Id,Lineitem discount\n";

    private const string FirstOrder = """
        #1, A@x.de ,paid,EUR,25.00,5.00,4.79,30.00,2.00,2025-03-30 03:12:00 +0200,2,Tea,10.00,T-1,501,0.00
        #1,a@x.de,,,,,,,,2025-03-30 03:12:00 +0200,1,Mug,7.00,M-1,,0.00

        """;

    private const string SecondOrder = """
        #2,b@x.de,paid,EUR,7.00,0.00,1.12,7.00,0.00,2025-03-29 12:00:00 +0100,1,Mug,7.00,M-1,502,0.00

        """;

    [Theory]
    [InlineData("n/a")]
    [InlineData("访客")]
    [InlineData("guest@shop.test")]
    [InlineData("walk-in")]
    [InlineData("1******6198")]
    public void Read_CustomerThatStandsForNobody_IsAGuestAsInAListOfCustomers(string nobody)
    {
        using var files = OrdersOf.Files($"order_id,date,customer_id,sku,quantity,price\n1,2025-03-01 10:00,c-1,A,1,5.00\n2,2025-03-02 10:00,{nobody},A,1,5.00\n");
        Assert.Equal(["c-1", null], files.Read("plain", currency: "EUR").Select(o => o.CustomerId));
        Assert.True(PersonId.IsNobody(nobody));
    }

    [Fact]
    public void Read_FirstRowShape_IsTheOrderWithItsLines()
    {
        using var files = OrdersOf.Files(ShopifyHeader + FirstOrder + SecondOrder);
        var orders = files.Read();
        Assert.Equal("shopify", files.Template);
        var first = orders[0];
        Assert.Equal(("501", "#1", "EUR", new DateTime(2025, 3, 30, 1, 12, 0, DateTimeKind.Utc)),
            (first.Id, first.Number, first.Currency, first.At));
        Assert.Equal((2700L, 200L, 500L, 479L, 3000L),
            (first.ListMinor, first.DiscountMinor, first.ShippingMinor, first.TaxMinor, first.TotalMinor));
        Assert.Equal((true, true), (first.TaxIncluded, first.AddsUp));
        Assert.Equal([("T-1", 2, 1000L), ("M-1", 1, 700L)], first.Lines.Select(l => (l.Sku!, l.Quantity, l.UnitPriceMinor!.Value)));
        // What the order says is spread over its lines, to the cent.
        Assert.Equal([148L, 52L], first.Lines.Select(l => l.DiscountMinor));
        Assert.All(first.Lines, l => Assert.Equal(DiscountFrom.Share, l.DiscountFrom));
        Assert.Equal("pea@x.de", first.CustomerId);
    }

    [Fact]
    public void Read_ExportsThatOverlap_EachOrderOnceAndCounted()
    {
        using var files = OrdersOf.Files(ShopifyHeader + FirstOrder + SecondOrder + ShopifyHeader + FirstOrder);
        Assert.Equal(["501", "502"], files.Read().Select(o => o.Id));
        Assert.Equal((1L, 2L, 3L, 0L),
            (files.Figures["repeated_headers"], files.Figures["repeated_rows"], files.Figures["lines"], files.Figures["orders_again"]));
    }

    [Fact]
    public void Read_PagesThatEndAndBeginInsideAnOrder_GiveItOnce()
    {
        var rows = FirstOrder.Split('\n');
        using var files = OrdersOf.Files(ShopifyHeader + FirstOrder + ShopifyHeader + rows[1] + "\n" + SecondOrder);
        Assert.Equal([2, 1], files.Read().Select(o => o.Lines.Count));
        Assert.Equal(1L, files.Figures["repeated_rows"]);
        using var cut = OrdersOf.Files(ShopifyHeader + SecondOrder + rows[0], ShopifyHeader + FirstOrder);
        Assert.Equal([1, 2], cut.Read().Select(o => o.Lines.Count));
        Assert.Equal(1L, cut.Figures["repeated_rows"]);
    }

    [Fact]
    public void Read_OrderAgainWithOtherContent_TheLastSaysHowItStands()
    {
        using var files = OrdersOf.Files(ShopifyHeader + FirstOrder + SecondOrder,
            ShopifyHeader + SecondOrder.Replace("paid", "voided", StringComparison.Ordinal));
        Assert.Equal([OrderStatus.Counted, OrderStatus.Cancelled], files.Read().Select(o => o.Status));
        Assert.Equal(1L, files.Figures["orders_again"]);
    }

    [Fact]
    public void Read_FirstRowShapeWithRowsAstray_AreFoundByTheirNumber()
    {
        var rows = FirstOrder.Split('\n');
        using var files = OrdersOf.Files(ShopifyHeader + rows[0] + "\n" + SecondOrder + rows[1] + "\n");
        Assert.Equal([2, 1], files.Read().Select(o => o.Lines.Count));
    }

    [Fact]
    public void Read_TaxOnTop_IsFoundByTheTotals()
    {
        using var files = OrdersOf.Files(ShopifyHeader + """
            #1,a@x.de,paid,USD,17.00,0.00,1.70,18.70,0.00,2025-03-30 03:12:00 +0200,1,Tea,10.00,T-1,501,0.00
            #1,a@x.de,,,,,,,,2025-03-30 03:12:00 +0200,1,Mug,7.00,M-1,,0.00

            """);
        var order = Assert.Single(files.Read());
        Assert.Equal((false, true), (order.TaxIncluded, order.AddsUp));
    }

    [Fact]
    public void Plan_PriceIsALinesTotal_AsksWithTheLargestAndTakesTheAnswer()
    {
        using var files = OrdersOf.Files(ShopifyHeader + FirstOrder.Replace("10.00,T-1", "20.00,T-1",
            StringComparison.Ordinal) + SecondOrder);
        var question = Assert.Single(files.Plan().Questions);
        Assert.Equal("orders-do-not-add-up", question.Id);
        Assert.Equal(
            "In 1 of 2 orders lines − discount + shipping differ from the total (largest: #1, 20.00). Is 'Lineitem price' a line's total rather than a piece's price?",
            question.Message);
        var orders = files.Read(answers: ("orders-do-not-add-up", "line"));
        Assert.Equal((2700L, 1000L), (orders[0].ListMinor, orders[0].Lines[0].UnitPriceMinor));
    }

    [Fact]
    public void Read_RepeatedShapeInAnyOrderOfRows_GivesTheSameOrders()
    {
        const string header = "order_id,order_date,customer_id,sku,quantity,unit_price,currency,total\n";
        var random = new Random(7);
        var rows = Enumerable.Range(0, 60).SelectMany(o => Enumerable.Range(0, 1 + (o % 4)).Select(l =>
            $"{o},2025-05-0{1 + (o % 9)} 10:00:00,c{o % 7},s{l % 3},{1 + l},2.50,EUR,{2.5m * Enumerable.Range(1, 1 + (o % 4)).Sum():0.00}")).ToArray();
        using var inOrder = OrdersOf.Files(header + string.Join('\n', rows));
        random.Shuffle(rows);
        using var shuffled = OrdersOf.Files(header + string.Join('\n', rows));
        Assert.Equal(Said(inOrder.Read("plain")), Said(shuffled.Read("plain")));
        Assert.Equal(0L, shuffled.Figures["repeated_rows"]);

        static IEnumerable<string> Said(List<OrderRow> orders) => orders.OrderBy(o => o.Id, StringComparer.Ordinal).Select(o =>
            $"{o.Id} {o.At:O} {o.CustomerId} {o.ListMinor} {o.TotalMinor} {o.AddsUp} {string.Join(' ', o.Lines.Select(l => $"{l.Sku}x{l.Quantity}").Order(StringComparer.Ordinal))}");
    }

    [Fact]
    public void Read_EqualRowsOfAnOrder_BothStayAndAreCounted()
    {
        using var files = OrdersOf.Files("""
            order_id,order_date,customer_id,sku,quantity,unit_price,currency
            1,2025-05-01 10:00:00,c1,s1,1,2.50,EUR
            1,2025-05-01 10:00:00,c1,s1,1,2.50,EUR
            """);
        Assert.Equal(2, Assert.Single(files.Read()).Lines.Count);
        Assert.Equal(1L, files.Figures["exact_duplicate_rows"]);
    }

    [Fact]
    public void Read_PackedLines_AreCutByTheirKeysNotByTheSigns()
    {
        using var files = OrdersOf.Files("""
            order_id,order_number,order_date,status,order_currency,order_total,customer_id,shipping_total,refund_items,coupon_items,line_item_1,line_item_2
            7,7,2025-10-26 01:30:00,completed,GBP,25.00,12,0.00,amount:5.00|reason:broken: lid|date:2025-10-27 10:00:00,code:x1|amount:5.00,name:Tea | green: loose|product_id:3|sku:T|quantity:2|total:15.00|sub_total:20.00,name:Mug|product_id:4|sku:M|quantity:1|total:10.00|sub_total:10.00
            8,8,2025-10-27 01:30:00,refunded,GBP,10.00,0,0.00,,,name:Mug|product_id:4|sku:M|quantity:1|total:10.00|sub_total:10.00,
            """);
        var orders = files.Read(zone: null);
        Assert.Equal("woocommerce", files.Template);
        // The hour that came twice in London is its first.
        Assert.Equal(new DateTime(2025, 10, 26, 0, 30, 0, DateTimeKind.Utc), orders[0].At);
        Assert.Equal(1L, files.Figures["times_that_happen_twice"]);
        Assert.Equal(["Tea | green: loose", "Mug"], orders[0].Lines.Select(l => l.Name));
        Assert.Equal((3000L, 500L, 500L), (orders[0].ListMinor, orders[0].DiscountMinor, orders[0].Lines[0].DiscountMinor));
        Assert.Equal(["x1"], orders[0].DiscountCodes);
        var refund = Assert.Single(orders[0].Refunds);
        Assert.Equal((500L, RefundTime.File, new DateTime(2025, 10, 27, 10, 0, 0, DateTimeKind.Utc)),
            (refund.GoodsMinor, refund.AtFrom, refund.At));
        // Paid back whole, and no column says how much.
        Assert.Equal((null, 1000L), (orders[1].CustomerId, Assert.Single(orders[1].Refunds).GoodsMinor));
        Assert.Equal(2500L - 500 + 0, files.Figures["net_minor"]);
    }

    [Fact]
    public void Read_PackedLinesInOneColumn_AreAllFound()
    {
        using var files = OrdersOf.Files("""
            order_id,order_date,status,order_currency,order_total,customer_id,line_items
            7,2025-10-25 01:30:00,completed,GBP,30.00,12,name:Tea|sku:T|quantity:2|total:20.00|sub_total:20.00;name:Mug|sku:M|quantity:1|total:10.00|sub_total:10.00
            """);
        Assert.Equal(["T", "M"], Assert.Single(files.Read()).Lines.Select(l => l.Sku));
    }

    [Fact]
    public void Read_FilesBesideEachOther_JoinAndCountWhatHasNoOther()
    {
        const string orders = """
            order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at
            o1,k1,delivered,2018-01-04 22:36:28,
            o2,k2,canceled,2018-01-05 22:36:28,
            o3,k3,delivered,2018-01-06 22:36:28,
            """;
        const string lines = """
            order_id,order_item_id,product_id,seller_id,price,freight_value
            o1,1,p1,s,10.00,1.50
            o9,1,p1,s,10.00,1.50
            o1,2,p1,s,10.00,1.50
            o2,1,p2,s,5.00,0.00
            """;
        const string people = "customer_id,customer_unique_id\nk1,u1\nk2,u2\nk3,u1\n";
        const string goods = "product_id,product_category_name\np1,tea\np2,mugs\n";
        using var files = OrdersOf.Files(orders, lines, people, goods);
        var read = files.Read(zone: "America/Sao_Paulo", currency: "BRL");
        Assert.Equal("olist", files.Template);
        Assert.Equal(["u1", "u2", "u1"], read.Select(o => o.CustomerId));
        var line = Assert.Single(read[0].Lines);
        Assert.Equal((2, 1000L, "tea", 300L), (line.Quantity, line.UnitPriceMinor, line.Category, read[0].ShippingMinor));
        Assert.Equal((1L, 1L, 4L, 3L),
            (files.Figures["lines_without_order"], files.Figures["orders_without_items"], files.Figures["item_rows"],
            files.Figures["rows"]));
    }

    [Fact]
    public void Read_FirstRowShapeFilledDown_IsOneOrderStill()
    {
        using var files = OrdersOf.Files(ShopifyHeader + FirstOrder.Replace("M-1,,", "M-1,501,", StringComparison.Ordinal) + SecondOrder);
        Assert.Equal([2, 1], files.Read().Select(o => o.Lines.Count));
        Assert.Equal((0L, 0L), (files.Figures["repeated_rows"], files.Figures["orders_again"]));
    }

    [Fact]
    public void Read_FileThatBelongsToNothing_IsNotReadAndNamed()
    {
        using var files = OrdersOf.Files(ShopifyHeader + FirstOrder, "word,number\na,1\n");
        Assert.Equal(["unused-file"], files.Plan().Notices.Select(n => n.Code));
        Assert.Single(files.Read());
    }

    [Fact]
    public void Plan_LinesAlone_SaysWhichFileIsMissing()
    {
        using var files = OrdersOf.Files("order_id,order_item_id,product_id,seller_id,price,freight_value\no1,1,p1,s,10.00,1.50\n");
        Assert.Equal("missing-file",
            Assert.Throws<CampaignManager.Application.Imports.ImportRefusedException>(() => files.Plan("olist")).Code);
    }
}
