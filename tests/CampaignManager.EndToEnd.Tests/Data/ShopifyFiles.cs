using System.Globalization;
using System.Text;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>Orders and products as Shopify exports them: three cups per order, of five kinds.</summary>
internal static class ShopifyFiles
{
    private const string OrderColumns = "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,"
        + "Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,"
        + "Id,Source,Cancelled at,Payment Method,Refunded Amount\n";

    private const string ProductColumns = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant SKU,Variant Price,"
        + "Variant Compare At Price,Cost per item,Status,Image Src\n";

    /// <param name="orders">Who ordered, and when.</param>
    /// <param name="price">Of a piece, 10.00. A line's total, 30.00, does not add up as Shopify's orders do: the import asks.</param>
    public static string Orders(IEnumerable<(int Customer, DateTime At)> orders, string price = "10.00")
    {
        var csv = new StringBuilder(OrderColumns);
        var n = 0;
        foreach (var (customer, when) in orders)
        {
            n++;
            var at = when.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " +0200";
            csv.Append(CultureInfo.InvariantCulture, $"#{1000 + n},c{customer}@shop.test,paid,{at},EUR,30.00,5.00,0.00,35.00,0.00,{at},")
                .Append(CultureInfo.InvariantCulture, $"3,Cup,{price},CUP-{customer % 5},0.00,{580000 + n},web,,Card,0.00\n");
        }

        return csv.ToString();
    }

    public static string Products()
    {
        var csv = new StringBuilder(ProductColumns);
        for (var i = 0; i < 5; i++)
            csv.Append(CultureInfo.InvariantCulture, $"cup-{i},Cup {i},,Kiln,Mugs,,true,CUP-{i},10.00,,4.00,active,\n");
        return csv.ToString();
    }

    /// <summary>Orders of the year before a day: each third customer orders again and again, the others now and then.</summary>
    public static IEnumerable<(int Customer, DateTime At)> AYear(int customers, DateTime until)
    {
        var random = new Random(5);
        for (var i = 0; i < customers; i++)
        {
            var often = i % 3 == 0;
            for (var day = 1 + random.Next(often ? 25 : 330); day < 360; day += often ? 20 + random.Next(20) : 100 + random.Next(300))
                yield return (i, until.AddDays(-day));
        }
    }
}
