namespace CampaignManager.Engine.Experiments;

/// <summary>
/// What an offer has to bring before it pays, from figures that need no experiment: treating a customer pays when m·τ &gt; d·(μ0 + τ) + c (the treat rule), so from
/// τ* = (d·μ0 + c) / (m − d) on.
/// </summary>
/// <param name="Margin">m: margin of an order that earns the offer, before the offer's discount; money.</param>
/// <param name="Discount">d: what the offer takes off such an order; money, 0 or more.</param>
/// <param name="Baseline">μ0: share of the customers who make such an order without the offer, 0..1.</param>
/// <param name="ContactCost">c: cost of telling a customer of it; money, 0 or more.</param>
public sealed record BreakEven(double Margin, double Discount, double Baseline, double ContactCost)
{
    /// <summary>
    /// τ*: the share of the customers that has to order because of the offer and would not have; null where no share can pay: an order earns no more than the offer takes off, or more
    /// customers would have to be moved than there are who do not order anyway.
    /// </summary>
    public double? Effect => Margin > Discount && (Discount * Baseline + ContactCost) / (Margin - Discount) is var effect && effect <= 1 - Baseline ? effect : null;

    /// <summary>d·μ0: what goes, a customer told of it, to those who order anyway; money.</summary>
    public double ToSureBuyers => Discount * Baseline;
}
