using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Demo;

/// <summary>What would really happen to one customer within 14 days. Money in major units per customer of the audience, not per buyer.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Lifecycle">At the end of the history.</param>
/// <param name="P0">Conversion without the offer.</param>
/// <param name="P1">Conversion with it.</param>
/// <param name="Margin0">Expected margin without the offer.</param>
/// <param name="Margin1">Expected margin with it, before its discount.</param>
/// <param name="Discount">Expected discount paid.</param>
/// <param name="Ahead">Expected orders that do not come in the <see cref="ResponseModel.AheadDays"/> days after, because they were brought forward.</param>
internal readonly record struct DemoTruthRow(
    string CustomerId, Lifecycle Lifecycle, double P0, double P1, double Margin0, double Margin1, double Discount, double Ahead)
{
    public double Uplift => P1 - P0;

    /// <summary>Net profit of treating this customer.</summary>
    public double Net => Margin1 - Margin0 - Discount;
}

/// <summary>
/// The truth behind the demo shop, for tests and benchmarks only: nothing of it is ever written to the lake or the database. Conversion is exact by the
/// response model; money is the mean of baskets drawn by the shop's own code.
/// </summary>
internal sealed class DemoTruth(DemoWorld world)
{
    private readonly Lazy<(DemoCustomer Customer, DemoState State)[]> customers = new(() => ReplayAll(world));

    /// <summary>Customers with their latents and their state at the end of the history, by index.</summary>
    public IReadOnlyList<(DemoCustomer Customer, DemoState State)> Customers => customers.Value;

    /// <summary>The truth for every customer of the shop under a campaign that starts now and runs for the whole window.</summary>
    /// <param name="rules">The campaign's rules; its audience is not applied.</param>
    /// <param name="baskets">Baskets drawn per customer and case for the money; 0 leaves the money at zero.</param>
    /// <param name="segments">Further segment keys of a customer, for scopes that differ by segment.</param>
    /// <param name="storeMargin">Margin on goods without a unit cost.</param>
    public DemoTruthRow[] For(CampaignRules rules, int baskets = 16, Func<string, string[]>? segments = null, double storeMargin = 0.30)
    {
        var rows = new DemoTruthRow[Customers.Count];
        Parallel.For(0, rows.Length, () => new DemoBasket(world), (i, _, basket) =>
        {
            var (customer, state) = Customers[i];
            var scope = OfferScope.Resolve(rules.Scope, world.Catalog.Keys, [state.Lifecycle.Key(), .. segments?.Invoke(customer.Id) ?? []]);
            rows[i] = Row(rules.Offer, customer, state, scope, basket, baskets, storeMargin);
            return basket;
        }, _ => { });
        return rows;
    }

    private DemoTruthRow Row(Offer offer, DemoCustomer customer, DemoState state, bool[] scope, DemoBasket basket, int baskets, double storeMargin)
    {
        var terms = OfferTerms.Of(offer, customer.Basket / 100, DemoWorld.ShippingFee / 100.0);
        var (p0, p1) = world.Response.Conversion(customer, state, terms, scope);
        // After the first order of a window more may follow; by the first's even spread, half the window is left for them.
        var more = world.Response.Orders(customer, state.Time, state.Time + ResponseModel.WindowDays) / 2;
        var plain = Draw(customer, state, null, basket, baskets, storeMargin);
        var tempted = Draw(customer, state, new DemoTemptation(offer, terms, scope, false), basket, baskets, storeMargin);
        var moved = p1 > p0 ? Draw(customer, state, new DemoTemptation(offer, terms, scope, true), basket, baskets, storeMargin) : default;
        var close = state.Time + ResponseModel.WindowDays;
        var later = world.Response.Orders(customer, close, close + ResponseModel.AheadDays);
        var stays = Math.Min(p0, p1);
        var won = Math.Max(p1 - p0, 0);
        return new DemoTruthRow(
            customer.Id,
            state.Lifecycle,
            p0,
            p1,
            p0 * (1 + more) * plain.Margin,
            (stays * (1 + more) * tempted.Margin) + (won * (moved.Margin + (more * tempted.Margin))),
            (stays * (1 + more) * tempted.Discount) + (won * (moved.Discount + (more * tempted.Discount))),
            world.Response.Shape.Ahead * later * ((stays * tempted.Granted) + (won * moved.Granted)));
    }

    private (double Margin, double Discount, double Granted) Draw(
        DemoCustomer customer, DemoState state, DemoTemptation? temptation, DemoBasket basket, int baskets, double storeMargin)
    {
        var (margin, discount, granted) = (0.0, 0.0, 0.0);
        for (var i = 0; i < baskets; i++)
        {
            // The same stream for all cases: differences between them are then the offer's doing, not the draw's.
            var random = DemoRandom.For(world.Seed, Streams.Truth + (i << 8), customer.Index);
            basket.Fill(ref random, customer, state.Lifecycle, temptation);
            margin += basket.MarginBefore(storeMargin);
            discount += basket.CampaignDiscount;
            granted += basket.CampaignDiscount > 0 ? 1 : 0;
        }

        return baskets == 0 ? default : (margin / baskets / 100, discount / baskets / 100, granted / baskets);
    }

    private static (DemoCustomer, DemoState)[] ReplayAll(DemoWorld world)
    {
        var all = new (DemoCustomer, DemoState)[world.Customers];
        Parallel.For(0, all.Length, () => new DemoJourney(world), (i, _, journey) =>
        {
            var customer = world.Customer(i);
            all[i] = (customer, journey.Run(customer, null));
            return journey;
        }, _ => { });
        return all;
    }
}
