using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>Sources whose exports are known by their documentation: what their columns mean, in the languages they come in.</summary>
public sealed class OrderSourceTests
{
    [Fact]
    public void Read_JdOrders_MoneyOfTheOrderCountsOnce()
    {
        using var files = OrdersOf.Files("""
            订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,客户姓名,客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,增值税发票,货号,订单完成时间,订单来源,订单渠道,
            301,11,茶饼,2,在线支付,2025-11-11 00:01:02,50.00,130.00,110.00,0.00,110.00,完成,SOP,jd_abc,张,某地,1391,,,,,,,0.00,2025-11-11 00:02:00,,A-11,2025-11-15 10:00:00,手机,京东,
            301,12,茶盘,1,在线支付,2025-11-11 00:01:02,30.00,130.00,110.00,0.00,110.00,完成,SOP,jd_abc,张,某地,1391,,,,,,,0.00,2025-11-11 00:02:00,,A-12,2025-11-15 10:00:00,手机,京东,
            302,12,茶盘,1,在线支付,2025-11-11 00:05:00,30.00,30.00,30.00,0.00,30.00,(删除)等待出库,SOP,jd_d**f,李,某地,1392,,,,,,,0.00,,,A-12,,手机,京东,
            303,12,茶盘,1,在线支付,2025-11-11 00:06:00,30.00,30.00,30.00,0.00,30.00,等待付款,SOP,jd_x,李,某地,1392,,,,,,,0.00,,,A-12,,手机,京东,
            """);
        var orders = files.Read(zone: null);
        Assert.Equal("jd", files.Template);
        Assert.Equal((13000L, 2000L, true), (orders[0].ListMinor, orders[0].DiscountMinor, orders[0].AddsUp));
        Assert.Equal(new DateTime(2025, 11, 10, 16, 1, 2, DateTimeKind.Utc), orders[0].At);
        Assert.Equal(["jd_abc", null, "jd_x"], orders.Select(o => o.CustomerId));
        Assert.Equal([OrderStatus.Counted, OrderStatus.Cancelled, OrderStatus.Unpaid], orders.Select(o => o.Status));
    }

    [Fact]
    public void Read_AmazonOrders_ItemPriceIsTheLines()
    {
        const string header = "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\torder-channel\turl\t"
            + "ship-service-level\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\tgift-wrap-price\tgift-wrap-tax\t"
            + "item-promotion-discount\tship-promotion-discount\tship-city\tship-state\tship-postal-code\tship-country\tpromotion-ids\tis-business-order\tpurchase-order-number\t"
            + "price-designation\n";
        using var files = OrdersOf.Files(header
            + "302-1\t\t2025-11-30T10:00:00+00:00\t\tShipped\tAmazon\tAmazon.de\t\t\tStandard\tTea\tT-1\tB01\tShipped\t3\tEUR\t30.00\t4.79\t3.99\t0\t\t\t6.00\t\tBerlin\t\t10115\tDE\tP1\tfalse\t\t\n"
            + "302-1\t\t2025-11-30T10:00:00+00:00\t\tShipped\tAmazon\tAmazon.de\t\t\tStandard\tMug\tM-1\tB02\tShipped\t1\tEUR\t7.00\t1.12\t0\t0\t\t\t\t\tBerlin\t\t10115\tDE\t\tfalse\t\t\n"
            + "302-2\t\t2025-11-30T11:00:00+00:00\t\tPending\tAmazon\tAmazon.de\t\t\tStandard\tMug\tM-1\tB02\tUnshipped\t1\t\t\t\t\t\t\t\t\t\t\t\t\t\t\tfalse\t\t\n"
            + "302-3\t\t2025-11-30T12:00:00+00:00\t\tCancelled\tAmazon\tAmazon.de\t\t\tStandard\tMug\tM-1\tB02\tCancelled\t0\t\t\t\t\t\t\t\t\t\t\t\t\t\t\tfalse\t\t\n");
        var orders = files.Read(zone: null);
        Assert.Equal("amazon", files.Template);
        Assert.Equal((3700L, 600L, 399L), (orders[0].ListMinor, orders[0].DiscountMinor, orders[0].ShippingMinor));
        Assert.Equal([1000L, 700L], orders[0].Lines.Select(l => l.UnitPriceMinor!.Value));
        Assert.Equal([OrderStatus.Counted, OrderStatus.Unpaid, OrderStatus.Cancelled], orders.Select(o => o.Status));
        Assert.Equal(3L, files.Figures["guest_orders"]);
    }

    [Fact]
    public void Read_MagentoGrid_OrdersWithoutLines()
    {
        using var files = OrdersOf.Files("""
            ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),Grand Total (Purchased),Status,Billing Address,Shipping Address,Shipping Information,Customer Email,Customer Group,Subtotal,Shipping and Handling,Customer Name,Payment Method,Total Refunded,Allocated sources,Pickup Location Code
            000000001,"Main Website",2025-11-30 10:00:00,A B,A B,"€34.00","€34.00",complete,x,x,Flat,A@x.de,General,"€29.0000",5.00,A B,checkmo,0.0000,,
            000000002,"Main Website",2025-11-30 11:00:00,A B,A B,34.00,34.00,closed,x,x,Flat,a@x.de,General,29.00,5.00,A B,checkmo,34.00,,
            000000003,"Main Website",2025-11-30 12:00:00,C D,C D,10.00,10.00,canceled,x,x,Flat,,NOT LOGGED IN,10.00,0.00,C D,checkmo,,,
            000000004,"Main Website",2025-11-30 13:00:00,C D,C D,10.00,10.00,pending,x,x,Flat,c@x.de,General,10.00,0.00,C D,checkmo,,,
            """);
        var orders = files.Read(zone: "Europe/Berlin", currency: "EUR");
        Assert.Equal("magento", files.Template);
        Assert.All(orders, o => Assert.False(o.HasLines));
        Assert.Equal([OrderStatus.Counted, OrderStatus.Counted, OrderStatus.Cancelled, OrderStatus.Unpaid], orders.Select(o => o.Status));
        Assert.Equal((2900L, 500L, 3400L, "pea@x.de"),
            (orders[0].ListMinor, orders[0].ShippingMinor, orders[0].TotalMinor, orders[0].CustomerId));
        var back = Assert.Single(orders[1].Refunds);
        Assert.Equal((2900L, 500L), (back.GoodsMinor, back.ShippingMinor));
        Assert.Equal((5800L, 3400L, 2900L, 2L),
            (files.Figures["gross_minor"], files.Figures["refund_minor"], files.Figures["net_minor"], files.Figures["customers"]));
    }

    [Theory]
    [InlineData("ID;Référence;Nouveau client;Livraison;Client;Total;Paiement;État;Date", "Paiement accepté",
        "En attente de virement bancaire", "Annulé", "Remboursé")]
    [InlineData("ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date", "Payment accepted", "Awaiting bank wire payment",
        "Canceled", "Refunded")]
    public void Read_PrestaShopGrid_InItsLanguages(string header, string paid, string waiting, string cancelled, string refunded)
    {
        using var files = OrdersOf.Files($"""
            {header}
            1;XKBKNABJK;Oui;France;J. D.;1 234,50 €;Chèque;{paid};30/11/2025 10:00:00
            2;OHSATSERP;Non;France;J. D.;20,00 €;Chèque;{waiting};29/11/2025 10:00:00
            3;UOYEVOLI;Non;France;J. D.;20,00 €;Chèque;{cancelled};28/11/2025 10:00:00
            4;FFATNOMMJ;Non;France;J. D.;20,00 €;Chèque;{refunded};27/11/2025 10:00:00
            """);
        var orders = files.Read(zone: "Europe/Paris", currency: "EUR");
        Assert.Equal("prestashop", files.Template);
        Assert.Equal([OrderStatus.Counted, OrderStatus.Unpaid, OrderStatus.Cancelled, OrderStatus.Counted], orders.Select(o => o.Status));
        Assert.Equal((123450L, new DateTime(2025, 11, 30, 9, 0, 0, DateTimeKind.Utc)), (orders[0].TotalMinor, orders[0].At));
        Assert.All(orders, o => Assert.Null(o.CustomerId));
        Assert.Equal((125450L, 2000L, 1L), (files.Figures["paid_total_minor"], files.Figures["refund_minor"], files.Figures["refunded"]));
    }

    [Fact]
    public void Read_OdooInGerman_SectionsAndQuotationsAreNoSales()
    {
        using var files = OrdersOf.Files("""
            "Order Reference","Order Date","Customer/ID","Status","Order Lines/Product/Internal Reference","Order Lines/Description","Order Lines/Quantity","Order Lines/Unit Price","Order Lines/Discount (%)","Untaxed Amount","Taxes","Total"
            "S1","2025-01-11 03:07:11","r1","Verkaufsauftrag","","Tea things","0.0","0.0","0.0","22.5","4.28","26.78"
            "","","","","T","Tea","2.0","12.5","10.0","","",""
            "S2","2025-01-12 03:07:11","r1","Angebot","T","Tea","1.0","12.5","0.0","12.5","2.38","14.88"
            """);
        var orders = files.Read(zone: null, currency: "EUR");
        Assert.Equal((2500L, 250L, false, true), (orders[0].ListMinor, orders[0].DiscountMinor, orders[0].TaxIncluded, orders[0].AddsUp));
        Assert.Equal((OrderStatus.Unpaid, 1L, 2L), (orders[1].Status, files.Figures["section_rows"], files.Figures["lines"]));
    }

    [Fact]
    public void Read_DocumentsThatTakeBack_AreNoOrdersAndComeOff()
    {
        using var files = OrdersOf.Files("""
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
            536365,POST,POSTAGE,1,2010-12-01 08:26:00,5.00,17850.0,United Kingdom
            C536379,85123A,HEART,-2,2010-12-02 09:41:00,2.55,17850.0,United Kingdom
            536999,22712,,-20,2010-12-03 15:30:00,0.0,,United Kingdom
            """);
        var orders = files.Read(zone: null);
        Assert.Equal("17850", orders[0].CustomerId);
        Assert.Equal((1530L, 500L, 1), (orders[0].ListMinor, orders[0].ShippingMinor, orders[0].Lines.Count));
        var back = Assert.Single(orders[1].Refunds);
        Assert.Equal((OrderStatus.Cancelled, 510L, RefundTime.File), (orders[1].Status, back.GoodsMinor, back.AtFrom));
        Assert.Equal((2L, 1L, 2030L, 1520L),
            (files.Figures["orders"], files.Figures["cancellation_invoices"], files.Figures["gross_minor"], files.Figures["net_minor"]));
    }
}
