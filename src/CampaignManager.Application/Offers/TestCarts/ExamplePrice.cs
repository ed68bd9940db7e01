using System.Globalization;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers.TestCarts;

/// <summary>What one campaign gave: money in minor units, gifts as "2 × SKU".</summary>
public sealed record ExampleGrant(Guid CampaignId, string Name, long Amount, string Gifts);

/// <summary>The price of an example as it is kept and compared. Minor units.</summary>
public sealed record ExamplePrice(string Currency, long Goods, long Discount, long Shipping, long ShippingDiscount, long Total, IReadOnlyList<ExampleGrant> Grants)
{
    public static ExamplePrice Of(PricedCart priced)
    {
        var quote = priced.Quote;
        return new ExamplePrice(
            quote.Currency, quote.GoodsTotal, quote.DiscountTotal, quote.Shipping, quote.ShippingDiscount, quote.Total,
            [.. quote.Campaigns.Where(c => c.Applied).Select(c => new ExampleGrant(priced.Campaigns[c.Id].Id, priced.NameOf(c.Id), c.Amount, Gifts(quote, c.Id)))]);
    }

    /// <summary>What is no longer as expected; empty when nothing is. Names of campaigns do not count.</summary>
    public static IReadOnlyList<ExampleDifference> Between(ExamplePrice expected, ExamplePrice actual)
    {
        List<ExampleDifference> found = [];
        Compare(ExampleFigure.Goods, expected.Goods, actual.Goods);
        Compare(ExampleFigure.Shipping, expected.Shipping, actual.Shipping);
        foreach (var id in expected.Grants.Concat(actual.Grants).Select(g => g.CampaignId).Distinct())
        {
            var (before, after) = (expected.Grants.FirstOrDefault(g => g.CampaignId == id), actual.Grants.FirstOrDefault(g => g.CampaignId == id));
            var name = (after ?? before)!.Name;
            if (before?.Amount != after?.Amount)
                found.Add(new ExampleDifference(ExampleFigure.Campaign, name, before?.Amount, after?.Amount));
            if ((before?.Gifts ?? "") != (after?.Gifts ?? ""))
                found.Add(new ExampleDifference(ExampleFigure.Gifts, name, null, null, before?.Gifts ?? "", after?.Gifts ?? ""));
        }

        Compare(ExampleFigure.Discount, expected.Discount, actual.Discount);
        Compare(ExampleFigure.ShippingDiscount, expected.ShippingDiscount, actual.ShippingDiscount);
        Compare(ExampleFigure.Total, expected.Total, actual.Total);
        return found;

        void Compare(ExampleFigure figure, long before, long after)
        {
            if (before != after)
                found.Add(new ExampleDifference(figure, null, before, after));
        }
    }

    private static string Gifts(Quote quote, string campaignId) => string.Join(", ", quote.Lines.Where(l => l.GiftOf == campaignId)
        .GroupBy(l => l.Sku, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Sum(l => l.Quantity)} × {g.Key}")));
}

/// <summary>A figure of an example's price.</summary>
public enum ExampleFigure
{
    Goods,
    Discount,
    Shipping,
    ShippingDiscount,
    Total,
    Campaign,
    Gifts,
}

/// <summary>A figure that is not as expected.</summary>
/// <param name="Figure">Which.</param>
/// <param name="Campaign">The campaign's name, for what one campaign gives.</param>
/// <param name="Before">Expected, minor units; null where the campaign was not to apply.</param>
/// <param name="After">As it is now; null where the campaign does not apply.</param>
/// <param name="GiftsBefore">Gifts expected.</param>
/// <param name="GiftsAfter">Gifts now.</param>
public sealed record ExampleDifference(ExampleFigure Figure, string? Campaign, long? Before, long? After, string? GiftsBefore = null, string? GiftsAfter = null);
