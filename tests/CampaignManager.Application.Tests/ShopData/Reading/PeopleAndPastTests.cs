using System.Text;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>Customers, products, and campaigns that ran before.</summary>
public sealed class PeopleAndPastTests
{
    private const string Shopify = "Customer ID,Email,Accepts Email Marketing,Default Address Country Code,Total Spent,Total Orders,Tags,Phone\n";

    [Fact]
    public void Customers_OfShopify_HaveTwoKeysAndNobodysAddress()
    {
        var read = AReading.Text("customers", Shopify + "'7300,LENA@example.com ,yes,DE,0,0,\"vip, tea\",'+49 30 1\n7301,,no,DE,0,0,,\n,n/a,no,DE,0,0,,\n");
        var rows = read.All<CustomerRow>().ToList();
        Assert.Equal([("7300", true), ("7301", (bool?)false)], rows.Select(r => (r.Id, r.EmailOptIn)));
        Assert.Equal(["pelena@example.com"], rows[0].OtherIds);
        Assert.Equal(["vip", "tea"], rows[0].Tags);
        Assert.Equal("no-customer", Assert.Single(read.Rejected).Reason);
        Assert.Equal((2L, 1L, 1L), (Count(read, "customers"), Count(read, "with_email"), Count(read, "opted_in")));
    }

    [Fact]
    public void Customers_ReportWithoutPersons_IsRefused()
    {
        var read = AReading.Text("exposures", "Campaign Name,Total Recipients,Open Rate\nSpring,60,35%\n");
        Assert.Equal("no-persons", read.Code);
        Assert.Contains("Received Email", read.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Products_OfShopify_TakeWhatStandsOnTheFirstRowOnly()
    {
        var read = AReading.Of("products", null, "EUR", Encoding.UTF8.GetBytes(
            "Handle,Title,Body (HTML),Vendor,Type,Variant SKU,Variant Price,Image Src,Cost per item,Status\n"
            + "tea,Assam,\"<p>Our &amp; tea,\nmade</p>\",Leaf,Tea,A-1,41.04,x.jpg,23.24,active\ntea,,,,,,,y.jpg,,\ntea,,,,,'A-2,42.09,,,\ncup,茶杯,,Leaf,Mugs,C-1,5,,,draft\nno,No,,,,,9,,,active\n"));
        var rows = read.All<ProductRow>().ToList();
        Assert.Equal([("A-1", "Assam", 4104L, (long?)2324L), ("A-2", "Assam", 4209L, null), ("C-1", null, 500L, null)], rows.Select(r => (r.Sku, r.NameEn, r.PriceMinor!.Value, r.UnitCostMinor)));
        Assert.Equal(("Our & tea, made", "active", "Tea", "茶杯"), (rows[1].Description, rows[1].Status, rows[1].Category, rows[2].NameZh));
        Assert.Equal("no-sku", Assert.Single(read.Rejected).Reason);
        Assert.Equal((3L, 1L, 2L), (Count(read, "variants"), Count(read, "skus_with_apostrophe"), Count(read, "without_cost")));
    }

    [Fact]
    public void Products_WithoutACurrency_Ask() =>
        Assert.Equal("currency-needed", AReading.Text("products", "sku,name,price\nA,Tea,1.50\n").Code);

    [Theory]
    [InlineData("2025-03-31", "2025-03-31T22:00:00")]
    [InlineData("2025-03-30", "2025-03-30T22:00:00")]
    [InlineData("2025-03-31 12:00", "2025-03-31T10:00:00")]
    public void Campaigns_DayAlone_LastsToItsEnd(string end, string utc)
    {
        var text = $"campaign,start_date,end_date,offer\nspring,2025-03-01,{end},10 %\n";
        var row = AReading.Of("campaigns", "Europe/Berlin", null, Encoding.UTF8.GetBytes(text)).Only<CampaignRow>();
        Assert.Equal(new DateTime(2025, 2, 28, 23, 0, 0, DateTimeKind.Utc), row.StartsAt);
        Assert.Equal(utc, row.EndsAt.ToString("s", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Exposures_InBothArms_AreLeftOutOfBothAndTheArmsAreHeldAgainstTheirChances()
    {
        var text = new StringBuilder("p_treated,customer_id,arm,campaign_id\n");
        for (var i = 0; i < 1000; i++)
            text.Append("0.5,c").Append(i).Append(i % 2 == 0 ? ",control" : ",treated").Append(",even\n");
        for (var i = 0; i < 1000; i++)
            text.Append("0.5,c").Append(i).Append(i % 5 < 2 ? ",0" : ",1").Append(",odd\n");
        text.Append("0.5,c1,control,even\n0.5,c2,control,even\n1.5,c,control,even\n0.5,,control,even\n0.5,d,perhaps,even\n");
        var read = AReading.Text("exposures", text.ToString());
        var campaigns = (Dictionary<string, object>)read.Found["campaigns"]!;
        Assert.Equal((500L, 499L, 1L, false), Arms(campaigns["even"]));
        Assert.Equal((400L, 600L, 0L, true), Arms(campaigns["odd"]));
        Assert.Equal(["bad-propensity", "no-customer", "unknown-arm"], read.Rejected.Select(r => r.Reason));
        Assert.Equal(("odd", 1999), (read.Found["srm_campaigns"], read.Rows.Count));
        Assert.All(read.All<ExposureRow>(), e => Assert.Equal((0.5, true), (e.Propensity, e.Randomised)));
    }

    [Fact]
    public void Exposures_StatedChance_IsThatOfTheArmTheyGot() =>
        // The chance to be treated, for those who were not as well: what the lake's other exposures have.
        Assert.Equal([0.8, 0.8], AReading.Text("exposures", "campaign,customer,group,p_treated\na,x,treated,0.8\na,y,control,0.8\n").All<ExposureRow>().Select(e => e.Propensity!.Value));

    [Theory]
    [InlineData("campaign,customer,opened\na,x,1\n")]
    [InlineData("campaign,customer,coupon_redeemed\na,x,1\n")]
    [InlineData("campaign_id,customer_id,email_clicked,assigned_at\na,x,1,2025-01-01T00:00:00Z\n")]
    public void Exposures_ByWhatCameAfterwards_AreRefused(string text)
    {
        var read = AReading.Text("exposures", text);
        Assert.Equal("treatment-after-outcome", read.Code);
    }

    [Fact]
    public void Exposures_WithTheCampaignsBeside_TakeTheirDatesAndTheCampaigns()
    {
        var read = AReading.Text("exposures", "campaign_id,household_id\n1,10\n1,11\n2,10\n", "campaign_id,campaign_type,start_date,end_date\n1,Type A,2017-03-03,2017-04-09\n2,Type B,2017-05-03,2017-06-09\n");
        Assert.Equal(["1", "2"], read.All<CampaignRow>().Select(c => c.Id));
        Assert.Equal([("1", 1, false), ("1", 1, false), ("2", 1, false)], read.All<ExposureRow>().Select(e => (e.CampaignId, e.Arm, e.Randomised)));
        Assert.Equal(new DateTime(2017, 3, 3, 5, 0, 0, DateTimeKind.Utc), read.All<ExposureRow>().First().AssignedAt);
        Assert.Equal((3L, 2L, 2L), (Count(read, "rows"), Count(read, "campaigns"), Count(read, "customers")));
    }

    private static long Count(AReading read, string name) => (long)read.Found[name]!;

    private static (long, long, long, bool) Arms(object said) => said is IReadOnlyDictionary<string, object> arms
        ? ((long)arms["control"], (long)arms["treated"], (long)arms["in_both_arms"], (bool)arms["srm_alarm"]) : default;
}
