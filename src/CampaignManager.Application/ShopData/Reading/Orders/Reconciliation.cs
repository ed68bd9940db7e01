using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>
/// Which meaning of prices and tax gives the orders' totals: each is tried on every order. Nothing else finds a wrong mapping as surely.
/// </summary>
internal sealed class Reconciliation(Template template)
{
    /// <summary>Under this share of orders a person is asked.</summary>
    public const double Enough = 0.99;

    private static readonly MoneyMeans[] Tried = [new(Means.Unit, false), new(Means.Unit, true), new(Means.Line, false),
        new(Means.Line, true)];

    private readonly long[] fitting = new long[Tried.Length];
    private readonly (decimal Difference, string Order)[] largest = new (decimal, string)[Tried.Length];

    public long Orders { get; private set; }

    public void See(OrderDraft order)
    {
        if (order.IsRefund)
            return;
        var counted = false;
        for (var i = 0; i < Tried.Length; i++)
        {
            if (OrderMoney.Difference(order, Tried[i], template) is not { } difference)
                continue;
            counted = true;
            if (OrderMoney.IsNothing(difference, order))
                fitting[i]++;
            else if (Math.Abs(difference) > Math.Abs(largest[i].Difference))
                largest[i] = (difference, order.Number ?? order.Id);
        }

        Orders += counted ? 1 : 0;
    }

    public double? Share(MoneyMeans means) => Orders == 0 ? null : (double)fitting[Array.IndexOf(Tried, means)] / Orders;

    public long Misfits(MoneyMeans means) => Orders - fitting[Array.IndexOf(Tried, means)];

    public (decimal Difference, string Order) Largest(MoneyMeans means) => largest[Array.IndexOf(Tried, means)];

    /// <summary>The meaning that fits most orders, of those the template leaves open.</summary>
    public MoneyMeans Best(Means? price, Means tax) =>
        Tried.Where(m => (price is null or Means.Reconcile || m.Price == price)
            && (tax == Means.Reconcile || m.TaxOnTop == (tax == Means.Unit)))
            .MaxBy(m => fitting[Array.IndexOf(Tried, m)]);
}
