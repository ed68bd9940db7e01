using System.Text;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.Tests.ShopData.Sources;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>What a file leaves open is asked, and what it cannot say is refused, before a row is taken.</summary>
public sealed class UglyReadingTests
{
    private const string Head = "customer_id,type,timestamp,sku,price,currency\n";

    public static TheoryData<string, string, string, string> Stopped => new()
    {
        { "day or month first", "events", Head + "c,view,03/04/2025 10:00,A,1.50,EUR\nc,view,05/06/2025 10:00,A,1.50,EUR\n", "two-readings-date" },
        { "no offset and no zone", "events", Head + "c,view,2025-04-03 10:00,A,1.50,EUR\n", "zone-needed" },
        { "no times in the column", "events", Head + "c,view,Monday,A,1.50,EUR\nc,view,Tuesday,A,1.50,EUR\n", "no-time" },
        { "no currency", "products", "sku,name,price\nA,Tea,1.50\n", "currency-needed" },
        { "money of events without a currency", "events", "Metric,Timestamp,Email,Value\nPlaced Order,2025-04-02T08:00:00Z,a@example.com,30.51\n", "currency-needed" },
        { "amounts in two readings", "products", "sku,name,price\nA,Tea,1.500\nB,Mug,2.750\n", "decimal" },
        { "nobody known", "exposures", "Campaign Name,Total Recipients\nSpring,60\n", "no-persons" },
        { "opened", "exposures", "campaign,customer,opened\na,x,1\n", "treatment-after-outcome" },
        { "something else", "customers", "colour,size\nred,9\n", "no-template" },
        { "empty", "events", "", "empty-file" },
        { "torn quotes", "customers", "customer_id,email\n1,\"a@example.com\n2,b@example.com\n3,c\n", "unclosed-quote" },
    };

    [Theory]
    [MemberData(nameof(Stopped))]
    public void Plan_FileThatLeavesItOpen_AsksOrRefusesWithASentence(string what, string kind, string text, string code)
    {
        var read = AReading.Text(kind, text);
        Assert.Equal((what, code), (what, read.Code));
        Assert.Matches(@"^[\p{Lu}'].*[.?]$", read.Sentence);
        Assert.Empty(read.Rows);
    }

    [Theory]
    [InlineData("2025-04-30T10:00:00+02:00", "2025-04-30T08:00:00")]
    [InlineData("2025-04-30T08:00:00.5Z", "2025-04-30T08:00:00.5")]
    [InlineData("30/04/2025 10:00", "2025-04-30T08:00:00")]
    [InlineData("04/30/2025 10:00 AM", "2025-04-30T08:00:00")]
    [InlineData("30.04.2025 10:00", "2025-04-30T08:00:00")]
    [InlineData("1746000000000", "2025-04-30T08:00:00")]
    [InlineData("1746000000", "2025-04-30T08:00:00")]
    [InlineData("1746000000000000", "2025-04-30T08:00:00")]
    public void Read_TimeInAnyStyle_IsTheSameMoment(string text, string utc)
    {
        var row = AReading.Of("events", "Europe/Berlin", "EUR", Encoding.UTF8.GetBytes(Head + $"c,view,{text},A,1.50,\n")).Only<EventRow>();
        Assert.Equal(DateTime.SpecifyKind(DateTime.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc), row.At);
    }

    [Theory]
    [InlineData("2025-10-26 02:30", "2025-10-26T00:30:00")]
    [InlineData("2025-03-30 02:30", "2025-03-30T01:30:00")]
    public void Read_HourThatComesTwiceOrNever_IsRead(string text, string utc)
    {
        var row = AReading.Of("events", "Europe/Berlin", "EUR", Encoding.UTF8.GetBytes(Head + $"c,view,{text},A,1.50,\n")).Only<EventRow>();
        Assert.Equal(DateTime.SpecifyKind(DateTime.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc), row.At);
    }

    [Fact]
    public void Read_DecimalCommas_AreTheColumns()
    {
        var read = AReading.Of("products", null, "EUR", Encoding.UTF8.GetBytes("sku;name;price\nA;Tea;1.234,50\nB;Mug;2,75\nC;Pot;(3,00)\nD;Cup;1,999\nE;Jar;1 234,50\n"));
        Assert.Equal([123450L, 275L, -300L, 123450L], read.All<ProductRow>().Select(p => p.PriceMinor!.Value));
        Assert.Equal("too-many-digits", Assert.Single(read.Rejected).Reason);
    }

    [Fact]
    public void Plan_BytesThatFitTwoEncodings_AskShowingBoth()
    {
        var file = AFile.In("gb18030", "sku,name,price,currency\nA,茶,1.50,CNY\n");
        var read = AReading.Of("products", null, "CNY", file);
        Assert.Equal("encoding-unsure", read.Code);
        Assert.Contains("茶", read.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_AnsweredDate_IsRead()
    {
        var options = new ReadingOptions("UTC", "EUR", false, new Dictionary<string, string> { ["two-readings-date:timestamp"] = "month-first" }) { Keys = new ExpectedFiles.PlainKeys() };
        var row = AReading.Of("events", options, Encoding.UTF8.GetBytes(Head + "c,view,03/04/2025 10:00,A,1.50,EUR\n")).Only<EventRow>();
        Assert.Equal(new DateTime(2025, 3, 4, 10, 0, 0, DateTimeKind.Utc), row.At);
    }
}
