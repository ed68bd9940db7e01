using CampaignManager.Application.ShopData;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.Tests.ShopData;

/// <summary>A real shop's year, whole: 541,909 rows of UCI Online Retail.</summary>
public sealed class OnlineRetailTests
{
    [Fact]
    public void Read_WholeYear_GivesThePinnedCounts()
    {
        var path = ExpectedFiles.Find() is { } files ? Path.Combine(files.Folder, "..", "online_retail.csv.gz") : "";
        Assert.SkipUnless(File.Exists(path),
            "UCI Online Retail (../shared/data/online_retail.csv.gz beside the repository) is not on this machine.");
        var cancel = TestContext.Current.CancellationToken;
        var options = new ReadingOptions("Europe/London", "GBP", false, new Dictionary<string,
            string>())
        { Keys = new ExpectedFiles.PlainKeys() };
        var source = RowSources.Open(path, "online_retail.csv.gz", new SourceOptions(), cancel);
        var plan = ShopFiles.Plan(TemplateKinds.Orders, null, new TemplateBook(), [source], options, cancel).Plan;
        Assert.Null(plan.Refusal);
        Assert.Empty(plan.Questions);
        var (found, rejects, counted) = (new Figures(), new SomeRejects(), 0L);
        foreach (var row in plan.Read(found, rejects, cancel).Cast<OrderRow>())
            counted += row.Status == OrderStatus.Counted ? row.Lines.Sum(l => l.GoodsMinor ?? (l.UnitPriceMinor!.Value * l.Quantity)) : 0;
        // As Python's csv and decimal count them; three invoices that begin with A adjust a bad debt.
        Assert.Equal((541_909L, 25_900L, 22_064L, 3_836L, 9_288L),
            (found["rows"], found["invoices"], found["orders"], found["cancellation_invoices"], found["cancellation_rows"]));
        Assert.Equal((4_372L, 135_080L, 4_070L), (found["customers"], found["rows_without_customer"], found["distinct_products"]));
        Assert.Equal((5_268L, 1_336L, 2_515L),
            (found["exact_duplicate_rows"], found["negative_rows_that_are_no_cancellation"], found["zero_price_rows"]));
        Assert.Equal((1_027_211_887L, 89_681_249L), (found["goods_gross_minor"], found["cancelled_minor"]));
        Assert.Equal((22_061L, 3L), (found["counted"], found["cancelled"]));
        Assert.Equal((new DateTime(2010, 12, 1, 8, 26, 0, DateTimeKind.Utc), new DateTime(2011, 12, 9, 12, 50, 0, DateTimeKind.Utc)),
            (found["first"], found["last"]));
        Assert.Equal(1_027_211_887L, counted);
        Assert.Empty(rejects.Rows);
    }
}

internal sealed class SomeRejects : IRejects
{
    public List<RejectedRow> Rows { get; } = [];

    public void Add(RejectedRow row) => Rows.Add(row);
}
