namespace CampaignManager.Application.Demo;

/// <summary>
/// How large a basket is beside the customer's usual one. Most are near it; many are one cheap thing, a refill; a few stock up for an office or a season. So the log of the
/// shop's baskets spreads by more than 1.2, as real shops' do, without a handful of orders being all of the revenue.
/// </summary>
/// <param name="Worth">Times the usual basket.</param>
/// <param name="Lines">Kinds of goods in it.</param>
internal readonly record struct DemoBasketSize(double Worth, int Lines)
{
    private const double Refills = 0.36;

    private const double Stocks = 0.012;

    /// <param name="random">The stream of the baskets.</param>
    /// <param name="moved">Whom an offer brings does not come for a refill, nor for the office.</param>
    public static DemoBasketSize Draw(ref DemoRandom random, bool moved)
    {
        var kind = random.Uniform();
        var spread = random.Normal();
        var lines = Math.Min(1 + random.Poisson(1.0), 4);
        if (moved || kind >= Refills + Stocks)
            return new(Math.Exp((0.6 * spread) - 0.18), lines);
        return kind < Refills ? new(0.05 * Math.Exp(0.5 * spread), 1) : new(6 * Math.Exp(0.5 * spread), lines);
    }
}
