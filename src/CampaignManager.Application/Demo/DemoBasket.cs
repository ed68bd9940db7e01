using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Demo;

/// <summary>A line of a basket; money in minor units, discounts are the line's share.</summary>
internal record struct DemoLine(DemoProduct Product, int Quantity, long Coupon, long Campaign)
{
    public readonly long List => Product.Price * Quantity;
}

/// <summary>What a campaign offers the customer who fills a basket; absent outside campaigns and in the control arm.</summary>
/// <param name="Offer">The rules.</param>
/// <param name="Terms">As this customer sees them.</param>
/// <param name="Scope">By category.</param>
/// <param name="Moved">The customer buys because of it.</param>
internal readonly record struct DemoTemptation(Offer Offer, OfferTerms Terms, bool[] Scope, bool Moved);

/// <summary>
/// Fills one basket. Around the customer's usual amount, now and then a refill or a stock for many (<see cref="DemoBasketSize"/>), from the categories they like; a coupon
/// now and then, the more often the more they look at
/// prices. Under an offer, what moved them comes first, some fill up to the threshold, and the discount is what the rules grant on the goods in scope.
/// </summary>
internal sealed class DemoBasket(DemoWorld world)
{
    private const int MostLines = 6;

    public List<DemoLine> Lines { get; } = new(MostLines);

    public long List { get; private set; }

    public long Coupons { get; private set; }

    public long Shipping { get; private set; }

    /// <summary>The campaign's discount, a waived shipping fee included.</summary>
    public long CampaignDiscount { get; private set; }

    /// <summary>Of the campaign's discount what came off the shipping fee.</summary>
    public long Waived { get; private set; }

    /// <summary>What was paid for the goods.</summary>
    public long Paid => List - Coupons - (CampaignDiscount - Waived);

    /// <summary>Margin on the goods before the campaign's discount.</summary>
    public double MarginBefore(double storeMargin)
    {
        var margin = 0.0;
        foreach (var line in Lines)
        {
            var net = line.List - line.Coupon;
            margin += line.Product.UnitCost is { } cost ? net - (cost * line.Quantity) : net * storeMargin;
        }

        return margin;
    }

    public void Fill(ref DemoRandom random, DemoCustomer customer, Lifecycle lifecycle, DemoTemptation? temptation)
    {
        Lines.Clear();
        var size = DemoBasketSize.Draw(ref random, temptation is { Moved: true });
        var target = customer.Basket * size.Worth;
        var count = size.Lines;
        var coupon = random.Chance(0.06 + (0.6 * customer.Sensitivity)) ? 5 + random.Below(13) : 0;
        for (var i = 0; i < count; i++)
        {
            var category = i == 0 && temptation is { Moved: true } moved ? MovedBy(ref random, customer, lifecycle, moved.Scope) : random.Pick(customer.Affinity);
            Put(world.Catalog.Near(ref random, category, (long)(target / count)), target / count, coupon);
        }

        CampaignDiscount = Waived = 0;
        if (temptation is { } offer)
            FillUp(ref random, customer, offer, coupon);
        Sum();
        if (temptation is { } granted)
            Grant(granted);
    }

    private int MovedBy(ref DemoRandom random, DemoCustomer customer, Lifecycle lifecycle, bool[] scope)
    {
        Span<double> weights = stackalloc double[scope.Length];
        var answers = world.Response.Responsiveness(lifecycle);
        for (var c = 0; c < weights.Length; c++)
            weights[c] = scope[c] ? customer.Affinity[c] * answers[c] : 0;
        return random.Pick(weights);
    }

    private void Put(DemoProduct product, double worth, int coupon)
    {
        var quantity = product.Price * 1.6 < worth ? Math.Clamp((int)Math.Round(worth / product.Price), 1, 40) : 1;
        Lines.Add(new DemoLine(product, quantity, (long)Math.Round(product.Price * quantity * coupon / 100.0), 0));
    }

    private void FillUp(ref DemoRandom random, DemoCustomer customer, DemoTemptation offer, int coupon)
    {
        var inScope = InScope(offer.Scope);
        var threshold = (long)Math.Round(offer.Terms.Threshold * 100);
        var will = (offer.Moved ? 0.7 : 0.15 + (0.35 * customer.Sensitivity)) * world.Response.Shape.TopUp;
        // Who dislikes being courted does not play along, and who is far from it does not try.
        if (customer.Temperament == Temperament.Annoyed || inScope == 0 || inScope >= threshold || inScope < threshold * 0.5 || !random.Chance(will))
            return;
        var missing = threshold - inScope;
        Span<double> weights = stackalloc double[offer.Scope.Length];
        for (var c = 0; c < weights.Length; c++)
            weights[c] = offer.Scope[c] ? customer.Affinity[c] : 0;
        Put(world.Catalog.AtLeast(ref random, random.Pick(weights), missing * 100 / (100 - coupon) + 1), 0, coupon);
    }

    private void Sum()
    {
        List = Coupons = 0;
        foreach (var line in Lines)
        {
            List += line.List;
            Coupons += line.Coupon;
        }

        Shipping = List - Coupons >= ShippingFreeFrom ? 0 : ShippingFee;
    }

    private void Grant(DemoTemptation offer)
    {
        var inScope = InScope(offer.Scope);
        CampaignDiscount = inScope > 0 ? Minor(offer.Offer.OffAt(inScope / 100m, Shipping / 100m)) : 0;
        if (offer.Offer is FreeShipping)
        {
            Waived = CampaignDiscount;
            return;
        }

        if (CampaignDiscount == 0)
            return;
        Span<long> weights = stackalloc long[Lines.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = offer.Scope[Lines[i].Product.Category] ? Lines[i].List - Lines[i].Coupon : 0;
        var shares = Allocation.Split(CampaignDiscount, weights);
        for (var i = 0; i < shares.Length; i++)
            Lines[i] = Lines[i] with { Campaign = shares[i] };
    }

    private long InScope(bool[] scope)
    {
        var sum = 0L;
        foreach (var line in Lines)
            sum += scope[line.Product.Category] ? line.List - line.Coupon : 0;
        return sum;
    }

    private static long ShippingFee => DemoWorld.ShippingFee;

    private static long ShippingFreeFrom => DemoWorld.ShippingFreeFrom;

    private static long Minor(decimal major) => (long)Math.Round(major * 100, MidpointRounding.AwayFromZero);
}
