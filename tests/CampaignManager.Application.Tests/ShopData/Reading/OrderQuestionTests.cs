namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>What files leave open is asked before anything is read, and what they cannot say refuses them.</summary>
public sealed class OrderQuestionTests
{
    private const string Header = "order_id,order_date,customer_id,sku,quantity,unit_price,total\n";

    [Fact]
    public void Plan_TimesWithoutOffset_AskForTheZone()
    {
        using var files = OrdersOf.Files(Header + "1,2025-05-01 10:00:00,c1,s1,1,2.50,2.50\n");
        Assert.Equal("zone-needed", Assert.Single(files.Plan(zone: null, currency: "EUR").Questions).Id);
        Assert.Equal(new DateTime(2025, 5, 1, 8, 0, 0, DateTimeKind.Utc),
            files.Read(zone: null, currency: "EUR", answers: ("zone-needed", "Europe/Berlin"))[0].At);
    }

    [Fact]
    public void Plan_NoCurrency_AsksForIt()
    {
        using var files = OrdersOf.Files(Header + "1,2025-05-01 10:00:00,c1,s1,1,2.50,2.50\n");
        Assert.Equal("currency-needed", Assert.Single(files.Plan().Questions).Id);
        Assert.Equal("CHF", files.Read(answers: ("currency-needed", "CHF"))[0].Currency);
    }

    [Fact]
    public void Plan_TwoCurrencies_AskWhichAndTheOthersAreRejected()
    {
        using var files = OrdersOf.Files("""
            order_id,order_date,customer_id,sku,quantity,unit_price,currency
            1,2025-05-01 10:00:00,c1,s1,1,2.50,EUR
            2,2025-05-01 10:00:00,c1,s1,1,2.50,USD
            """);
        Assert.Equal("currency-mixed", Assert.Single(files.Plan().Questions).Id);
        Assert.Equal(["1"], files.Read(answers: ("currency-mixed", "EUR")).Select(o => o.Id));
        Assert.Equal("other-currency", Assert.Single(files.Rejects.Rows).Reason);
    }

    [Fact]
    public void Plan_DayAndMonthCannotBeToldApart_AsksWithAnExample()
    {
        using var files = OrdersOf.Files(Header + "1,03/04/2025 10:00,c1,s1,1,2.50,2.50\n2,05/06/2025 10:00,c1,s1,1,2.50,2.50\n");
        var question = Assert.Single(files.Plan(currency: "EUR").Questions);
        Assert.Equal("two-readings-date:order_date", question.Id);
        Assert.Contains("03/04/2025", question.Message, StringComparison.Ordinal);
        Assert.Equal(new DateTime(2025, 4, 3, 10, 0, 0, DateTimeKind.Utc),
            files.Read(currency: "EUR", answers: ("two-readings-date:order_date", "day-first"))[0].At);
    }

    [Fact]
    public void Plan_AmountsOfTwoReadings_AskForTheMark()
    {
        using var files = OrdersOf.Files("order_id;order_date;customer_id;sku;quantity;unit_price\n1;2025-05-01 10:00:00;c1;s1;1;1.234\n");
        Assert.Equal("decimal:unit_price", Assert.Single(files.Plan(currency: "EUR").Questions).Id);
        Assert.Equal(123400L, files.Read(currency: "EUR", answers: ("decimal:unit_price", "comma"))[0].ListMinor);
    }

    [Fact]
    public void Plan_OneIdAnOrder_AsksForThePerson()
    {
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},2025-05-01 10:00:00,once{i},u{i % 9},s1,1,2.50\n"));
        using var files = OrdersOf.Files("order_id,order_date,customer_id,customer_unique_id,sku,quantity,unit_price\n" + rows);
        var question = Assert.Single(files.Plan(currency: "EUR").Questions);
        Assert.Equal("customer_id has as many values as there are orders, and none comes back. Is 'customer_unique_id' the person?",
            question.Message);
        Assert.Equal(9, files.Read(currency: "EUR", answers: ("one-id-per-order", "customer_unique_id")).Select(o => o.CustomerId)
            .Distinct().Count());
        Assert.Equal(60, files.Read(currency: "EUR", answers: ("one-id-per-order", "keep")).Select(o => o.CustomerId).Distinct().Count());
    }

    [Fact]
    public void Plan_AllCustomersMasked_AsksWhetherTheyAreGuests()
    {
        using var files = OrdersOf.Files(Header + "1,2025-05-01 10:00:00,1******6198,s1,1,2.50,2.50\n2,2025-05-02 10:00:00,1******6199,s1,1,2.50,2.50\n");
        Assert.Equal("customers-without-key", Assert.Single(files.Plan(currency: "EUR").Questions).Id);
        Assert.All(files.Read(currency: "EUR", answers: ("customers-without-key", "guests")), o => Assert.Null(o.CustomerId));
    }

    [Fact]
    public void Read_OneKeyForManyPeople_IsNoKey()
    {
        var rows = string.Concat(Enumerable.Range(0, 200)
            .Select(i => $"{i},2025-05-01 10:00:00,{(i % 3 == 0 ? "till@shop.de" : $"c{i % 50}")},s1,1,2.50,2.50\n"));
        using var files = OrdersOf.Files(Header + rows);
        var orders = files.Read(currency: "EUR");
        Assert.Equal(67, orders.Count(o => o.CustomerId is null));
        Assert.Equal(67L, files.Figures["guest_orders"]);
    }

    [Fact]
    public void Plan_NoColumnSaysWhen_IsRefusedWhateverTheSource()
    {
        using var files = OrdersOf.Files("order_id,user_id,eval_set,order_number,order_dow,order_hour_of_day,days_since_prior_order\n1,1,prior,1,2,08,\n");
        Assert.Equal("no-time", files.Plan().Refusal?.Code);
        using var without = OrdersOf.Files("order_id,order_date,customer_id,sku,quantity,unit_price\n1,tomorrow,c1,s1,1,2.50\n");
        Assert.Equal("no-time", without.Plan(currency: "EUR").Refusal?.Code);
    }

    [Fact]
    public void Plan_DecimalCommasWithoutQuotes_AreRefused()
    {
        using var files = OrdersOf.Files(Header + "1,2025-05-01 10:00:00,c1,s1,1,2,50,2,50\n2,2025-05-01 10:00:00,c1,s1,1,3,50,3,50\n");
        Assert.Equal("decimal-comma-unquoted", files.Plan(currency: "EUR").Refusal?.Code);
    }

    [Fact]
    public void Read_FigureThatCannotBeRead_RejectsTheOrderWholeWithItsRows()
    {
        using var files = OrdersOf.Files(Header.Replace("customer_id", "email", StringComparison.Ordinal) + """
            1,2025-05-01 10:00:00,a@x.de,s1,1,2.50,5.00
            1,2025-05-01 10:00:00,a@x.de,s2,1,abc,5.00
            2,2025-05-01 10:00:00,b@x.de,s1,1,2.505,2.50
            3,2025-05-01 10:00:00,b@x.de,s1,1,#N/A,
            4,2025-05-01 10:00:00,b@x.de,s1,1,2.50,2.50
            2.938E+18,2025-05-01 10:00:00,b@x.de,s1,1,2.50,2.50
            """);
        Assert.Equal(["3", "4"], files.Read(currency: "EUR").Select(o => o.Id));
        Assert.Equal(["not-a-number", "not-a-number", "too-many-digits", "mangled-id"], files.Rejects.Rows.Select(r => r.Reason));
        // Nobody's address leaves the reader, not even among rejects.
        Assert.Equal("pea@x.de", files.Rejects.Rows[0].Cells.Single(c => c.Key == "email").Value);
    }

    [Fact]
    public void Plan_NothingFits_SaysWhichColumnsThereAre() =>
        Assert.Equal("no-template", Assert.Throws<CampaignManager.Application.Imports.ImportRefusedException>(() =>
        {
            using var files = OrdersOf.Files("a,b\n1,2\n");
            files.Plan();
        }).Code);
}
