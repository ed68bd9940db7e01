using System.Text;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.Tests.ShopData.Sources;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>What happens to events on their way in, source by source.</summary>
public sealed class EventsReadingTests
{
    private const string Posthog = "uuid,event,properties,timestamp,distinct_id\n";

    [Fact]
    public void Read_OrderOfEvents_HasItsRefundAndItsSharesWhateverCameFirst()
    {
        var read = AReading.Text("events", string.Join('\n',
            Segment("r1", "Order Refunded", """{"order_id":"O-1","total":5.00,"currency":"EUR"}""", "2025-03-03T10:00:00Z"),
            Segment("o1", "Order Completed", """{"order_id":"O-1","revenue":30.00,"discount":1.00,"shipping":2,"total":31.00,"currency":"EUR","products":[{"sku":"A","price":10,"quantity":2},{"sku":"B","price":10,"quantity":1}]}"""),
            Segment("o2", "Order Completed", """{"order_id":"O-1","revenue":30.00,"currency":"EUR","products":[{"sku":"A","price":10,"quantity":2}]}"""),
            Segment("c2", "Order Cancelled", """{"order_id":"O-2"}""", "2025-03-01T10:00:00Z"),
            Segment("o3", "Order Completed", """{"order_id":"O-2","revenue":7.5,"currency":"EUR","products":[{"sku":"A","price":7.5,"quantity":1}]}""")));
        var orders = read.All<OrderRow>().ToList();
        Assert.Equal(2, orders.Count);
        Assert.Equal(("O-1", OrderStatus.Counted, 3000L, 100L, 200L, 3100L, true), (orders[0].Id, orders[0].Status, orders[0].ListMinor!.Value, orders[0].DiscountMinor!.Value,
            orders[0].ShippingMinor!.Value, orders[0].TotalMinor!.Value, orders[0].AddsUp!.Value));
        Assert.Equal([67L, 33L], orders[0].Lines.Select(l => l.DiscountMinor));
        Assert.Equal((500L, new DateTime(2025, 3, 3, 10, 0, 0, DateTimeKind.Utc)), (Assert.Single(orders[0].Refunds).GoodsMinor, orders[0].Refunds[0].At));
        Assert.Equal((OrderStatus.Cancelled, new DateTime(2025, 3, 1, 10, 0, 0, DateTimeKind.Utc)), (orders[1].Status, orders[1].StatusAt));
        Assert.Equal((1L, 1L, 1L), (read.Found["orders_sent_again_under_another_id"], read.Found["cancelled"], read.Found["counted"]));
        Assert.Empty(read.All<EventRow>());
    }

    [Fact]
    public void Read_RefundOfAnOrderElsewhere_StaysAnEvent()
    {
        var refund = AReading.Text("events", Segment("r1", "Order Refunded", """{"order_id":"O-9","total":5.00,"currency":"EUR"}""")).Only<EventRow>();
        Assert.Equal(("refund", "O-9", 500L, "EUR"), (refund.Type, refund.OrderId, refund.UnitPriceMinor, refund.Currency));
    }

    [Fact]
    public void Read_SameIdOtherContent_FirstStaysAndTheSecondIsToldWithoutANames()
    {
        var read = AReading.Text("events", string.Join('\n',
            Segment("m1", "Product Viewed", """{"sku":"A"}"""),
            Segment("m1", "Product Viewed", """{"sku":"A"}""").Replace("receivedAt\":\"2025-03-02", "receivedAt\":\"2025-03-09"),
            Segment("m1", "Product Viewed", """{"sku":"B"}""", user: "lena@example.com")));
        Assert.Equal("A", read.Only<EventRow>().Sku);
        Assert.Equal((1L, 1L), (read.Found["repeated_message_ids"], read.Found["same_id_other_content"]));
        var rejected = Assert.Single(read.Rejected);
        Assert.Equal(("id-conflict", 2L), (rejected.Reason, rejected.Row));
        Assert.Contains(rejected.Cells, c => c is { Key: "userId", Value: "pelena@example.com" });
        Assert.DoesNotContain(rejected.Cells, c => c.Key.Contains("ip", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_IdentifyAndAlias_PairIds()
    {
        var read = AReading.Text("events", string.Join('\n',
            """{"type":"identify","messageId":"1","anonymousId":"anon","userId":"u1","timestamp":"2025-03-02T10:00:00Z","traits":{"email":"Lena@example.com"}}""",
            """{"type":"alias","messageId":"2","anonymousId":null,"userId":"u1","timestamp":"2025-03-02T10:00:00Z","previousId":"u0"}"""));
        Assert.Equal([("identify", "u1", "anon", "pelena@example.com"), ("identify", "u1", null, "u0")],
            read.All<EventRow>().Select(e => (e.Type, e.CustomerId!, e.AnonymousId, e.OtherId!)));
    }

    [Fact]
    public void Read_ClockAhead_IsToldAndMovesNoLastTime()
    {
        var read = AReading.Text("events", string.Join('\n', Segment("1", "Product Viewed", """{"sku":"A"}"""), Segment("2", "Product Viewed", """{"sku":"A"}""", "2031-01-01T00:00:00Z")));
        Assert.Single(read.Rows);
        Assert.Equal("in-the-future", Assert.Single(read.Rejected).Reason);
        Assert.Equal(new DateTime(2025, 3, 2, 10, 0, 0, DateTimeKind.Utc), read.Found["last"]);
    }

    [Fact]
    public void Read_PurchaseWithoutAnId_IsAnEventAndNoOrder()
    {
        var read = AReading.Text("events", string.Join('\n',
            Ga4("purchase", 1, """{"transaction_id":"(not set)","purchase_revenue":20.0}""", """[{"item_id":"A","price":10.0,"quantity":"2"}]"""),
            Ga4("purchase", 2, """{"transaction_id":"T1","purchase_revenue":18.0}""", """[{"item_id":"A","price":10.0,"quantity":"2"}]"""),
            Ga4("purchase", 3, """{"transaction_id":"T1","purchase_revenue":18.0}""", """[{"item_id":"A","price":10.0,"quantity":"2"}]"""),
            Ga4("add_to_cart", 4, "null", """[{"item_id":"A","price":10.0,"quantity":"2"},{"item_id":"B","price":1.5}]""")));
        var order = read.Only<OrderRow>();
        Assert.Equal(("T1", 2000L, 200L, "EUR"), (order.Id, order.ListMinor, order.DiscountMinor, order.Currency));
        Assert.Equal([("purchase", "A", 1000L), ("cart", "A", 1000L), ("cart", "B", 150L)], read.All<EventRow>().Select(e => (e.Type, e.Sku!, e.UnitPriceMinor!.Value)));
        Assert.Equal((1L, 1L, 1L), (read.Found["purchases_without_id"], read.Found["repeated_purchases"], read.Found["orders"]));
    }

    [Fact]
    public void Read_Ga4AsParquet_IsTheSame()
    {
        var select = """
            SELECT 1762155067953497 + i AS event_timestamp, 'purchase' AS event_name, 'p' || i AS user_pseudo_id, NULL::VARCHAR AS user_id,
              [{'key': 'currency', 'value': {'string_value': 'EUR', 'int_value': NULL::BIGINT}}] AS event_params,
              {'transaction_id': 'T' || i, 'purchase_revenue': 19.98::DOUBLE} AS ecommerce,
              [{'item_id': 'A', 'price': 9.99::DOUBLE, 'quantity': 2::BIGINT}] AS items
            FROM range(3) r(i)
            """;
        var read = AReading.Of("events", zone: null, currency: null, AFile.Parquet(select));
        Assert.Equal(["T0", "T1", "T2"], read.All<OrderRow>().Select(o => o.Id));
        Assert.Equal((5994L, "EUR"), (read.Found["gross_minor"], read.Found["currency"]));
    }

    [Fact]
    public void Read_OneColumnForBoth_TellsCustomersFromBrowsers()
    {
        var read = AReading.Of("events", null, "EUR", Encoding.UTF8.GetBytes(Posthog
            + "a,$pageview,\"{}\",2025-10-14 03:31:20.09,3ab434fe-d7e4-39fe-0715-8ab795f38183\nb,$pageview,\"{}\",2025-10-14 03:31:20.09,C-1\n"));
        Assert.Equal([(null, "3ab434fe-d7e4-39fe-0715-8ab795f38183"), ("C-1", null)], read.All<EventRow>().Select(e => (e.CustomerId, e.AnonymousId)));
    }

    [Fact]
    public void Read_MoreThanAHundredInTenMinutes_AreFlaggedAndKept()
    {
        var text = new StringBuilder("timestamp,visitorid,event,itemid,transactionid\n");
        // Over the border of ten minutes by the clock; a hundred in ten minutes are none, and what the same visitor does a day later is theirs.
        for (var i = 0; i < 101; i++)
            text.Append(1433230800000L - 300_000 + (i * 5000)).Append(",1,view,").Append(i).Append(",\n");
        for (var i = 0; i < 100; i++)
            text.Append(1433230800000L + (i * 5000)).Append(",2,view,").Append(i).Append(",\n");
        for (var i = 0; i < 200; i++)
            text.Append(1433230800000L + (i * 7000)).Append(",3,view,").Append(i).Append(",\n");
        text.Append("1433317200000,1,view,5,\n");
        var read = AReading.Text("events", text.ToString());
        Assert.Equal((1L, 101L, 402), (read.Found["robots_over_100_in_10_minutes"], read.Found["robot_events"], read.Rows.Count));
        Assert.Equal(["1"], read.All<EventRow>().Where(e => e.Robot).Select(e => e.AnonymousId!).Distinct());
        Assert.False(read.All<EventRow>().Last().Robot);
    }

    [Fact]
    public void Read_SnowplowTransaction_IsOneOrderOfItsItems()
    {
        var read = AReading.Of("events", null, "EUR", Encoding.UTF8.GetBytes(
            Snowplow("page_view", 1) + Snowplow("transaction", 2, (59, "S-1"), (61, "21.50"), (63, "1.50"), (108, "EUR"))
            + Snowplow("transaction_item", 3, (67, "S-1"), (68, "A"), (71, "10"), (72, "2")) + Snowplow("struct", 4, (54, "add-to-basket"))
            + Snowplow("unstruct", 5, (58, """{"data":{"data":{"type":"product_view","sku":"B"}}}"""))));
        var order = read.Only<OrderRow>();
        Assert.Equal(("S-1", "C-7", 2000L, 150L), (order.Id, order.CustomerId, order.ListMinor, order.ShippingMinor));
        Assert.Equal([("page", null), ("cart", null), ("view", "B")], read.All<EventRow>().Select(e => (e.Type, e.Sku)));
        Assert.Equal(5L, read.Found["events"]);
    }

    [Fact]
    public void Read_MailsOfKlaviyo_OnlyReceivedIsAContact()
    {
        var read = AReading.Of("events", null, "USD", Encoding.UTF8.GetBytes(
            "Metric,Timestamp,Email,Profile ID,Campaign Name,Message ID,Value\nReceived Email,2025-04-02T08:00:00Z,K1@example.com,01HP,Spring,01HV,\n"
            + "Opened Email,2025-04-02T09:00:00Z,k1@example.com,01HP,Spring,01HV,\nPlaced Order,2025-04-03T09:00:00Z,k1@example.com,01HP,Spring,01HV,30.51\n"));
        Assert.Equal([("contact", "01HV", null), ("other", "01HV", null), ("purchase", "01HV", 3051L)], read.All<EventRow>().Select(e => (e.Type, e.CampaignId, e.UnitPriceMinor)));
        Assert.Equal(["pek1@example.com"], read.All<EventRow>().Select(e => e.CustomerId!).Distinct());
        Assert.Equal((1L, 1L, 1L, false), (read.Found["received"], read.Found["opened"], read.Found["orders"], read.Found["randomised"]));
    }

    private static string Segment(string id, string name, string properties, string at = "2025-03-02T10:00:00Z", string user = "u1") =>
        $$$"""{"type":"track","messageId":"{{{id}}}","anonymousId":"a","userId":"{{{user}}}","timestamp":"{{{at}}}","receivedAt":"2025-03-02T10:00:05Z","context":{"ip":"203.0.113.9"},"event":"{{{name}}}","properties":{{{properties}}}}""";

    private static string Ga4(string name, int second, string ecommerce, string items) =>
        $$$"""{"event_timestamp":"17621550{{{second:00}}}000000","event_name":"{{{name}}}","user_id":null,"user_pseudo_id":"1.2","event_params":[{"key":"currency","value":{"string_value":"EUR","int_value":null}}],"items":{{{items}}},"ecommerce":{{{ecommerce}}}}""";

    private static string Snowplow(string kind, int id, params (int At, string Text)[] more)
    {
        var cells = new string[131];
        (cells[0], cells[3], cells[5], cells[6], cells[12], cells[15]) = ("shop", "2025-01-01 10:00:00.000", kind, $"f4f0f1f2-0000-4000-8000-00000000000{id}", "C-7", "d-1");
        foreach (var (at, text) in more)
            cells[at] = text;
        return string.Join('\t', cells) + "\n";
    }
}
