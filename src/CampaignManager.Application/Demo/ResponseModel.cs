using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Demo;

/// <summary>What is known of a customer's past at a moment of the simulation.</summary>
internal readonly record struct DemoState(double Time, double TenureDays, int Orders, int OrdersInYear, double? RecencyDays, DemoTier Tier)
{
    public Lifecycle Lifecycle => LifecycleRules.Of(TenureDays, Orders, OrdersInYear, RecencyDays);
}

/// <summary>
/// The written truth of the demo shop.
/// <para><b>Baseline.</b> While around, a customer orders as a Poisson process with their own rate over busy-days (<see cref="DemoCalendar"/>); once drifted away, at
/// <see cref="DriftedShare"/> of it. So p0 = 1 − exp(−∫ rate) over the 14 days. Nobody sees when a customer drifts away, but recency against their usual gap tells.</para>
/// <para><b>Effect.</b> For a persuadable customer, in points of conversion:
/// <c>effect × reach × fit × pull × price × recency</c>, where
/// <c>reach = Σ over categories in scope of affinity × responsiveness(lifecycle, category)</c>,
/// <c>fit = 1 / (1 + (threshold ÷ usual basket ÷ 1.7)³)</c>: out of reach is no temptation,
/// <c>pull = 2·depth / (depth + 0.15)</c>: deeper discounts pull more, ever less so,
/// <c>price = 0.3 + 1.1 × price sensitivity</c>, and <c>recency = 0.55 + 0.45·exp(−days since the last order / 60)</c>.
/// Sure buyers do not move. Annoyed ones lose <see cref="ResponseShape.Annoyance"/> of their baseline. Drifted ones move at a fifth.</para>
/// <para><b>Afterwards.</b> Of those who were granted the offer a share (<see cref="ResponseShape.Ahead"/>) has stocked up: for
/// <see cref="AheadDays"/> days after the window, or until the next one opens, they order nothing. It is no part of a window's outcome.</para>
/// <para>The outcome of a window is drawn with p0 in the control arm and p1 in the treated arm.</para>
/// </summary>
internal sealed class ResponseModel(ResponseShape shape, DemoCalendar calendar, DemoCatalog catalog)
{
    public const int WindowDays = 14;

    /// <summary>Days after the window for which some have bought ahead.</summary>
    public const int AheadDays = 28;

    private const double DriftedShare = 0.06;

    // How strongly each lifecycle answers at all.
    private static double Strength(Lifecycle lifecycle) => lifecycle switch
    {
        Lifecycle.New => 1.6,
        Lifecycle.Active => 0.95,
        Lifecycle.Loyal => 0.6,
        Lifecycle.Lapsing => 1.35,
        _ => 0.8,
    };

    // How strongly each category's goods answer to an offer ...
    private static double Strength(string category) => category switch
    {
        "kitchen" => 2.2,
        "home" => 1.95,
        "beauty" => 1.45,
        "baby" => 1.3,
        "food" => 1.1,
        "pets" => 0.95,
        "garden" => 0.8,
        "toys" => 0.75,
        "sports" => 0.6,
        "electronics" => 0.55,
        "shoes" => 0.3,
        _ => 0.15,
    };

    // ... and where a lifecycle differs from that: newcomers set up house, the loyal treat themselves.
    private static double Special(Lifecycle lifecycle, string category) => (lifecycle, category) switch
    {
        (Lifecycle.New, "kitchen") => 2.7,
        (Lifecycle.New, "home") => 2.5,
        (Lifecycle.New, "shoes" or "books") => 0.2,
        (Lifecycle.New, _) => 0.55,
        (Lifecycle.Loyal, "electronics" or "sports" or "shoes") => 2.2,
        (Lifecycle.Loyal, "kitchen" or "home") => 0.5,
        _ => 1,
    };

    private readonly double[][] responsiveness =
        [.. LifecycleRules.All.Select(l => catalog.Keys.Select(c => Strength(l) * Strength(c) * Special(l, c)).ToArray())];

    /// <summary>Responsiveness of a lifecycle by category.</summary>
    public ReadOnlySpan<double> Responsiveness(Lifecycle lifecycle) => responsiveness[(int)lifecycle];

    public ResponseShape Shape => shape;

    /// <summary>Expected number of orders between two times without any campaign.</summary>
    public double Orders(DemoCustomer customer, double from, double to)
    {
        var turn = Math.Clamp(customer.Drifted, from, to);
        return customer.Rate * (calendar.Busy(from, turn) + (DriftedShare * calendar.Busy(turn, to)));
    }

    /// <summary>The time of the next order after <paramref name="from"/> when so much of the expected number has to pass.</summary>
    public double NextOrder(DemoCustomer customer, double from, double expected)
    {
        if (from < customer.Drifted)
        {
            var until = Math.Min(customer.Drifted, calendar.Length);
            var left = customer.Rate * calendar.Busy(from, until);
            if (expected < left)
                return calendar.After(from, expected / customer.Rate);
            if (until < customer.Drifted)
                return double.PositiveInfinity;
            (from, expected) = (until, expected - left);
        }

        return calendar.After(from, expected / (customer.Rate * DriftedShare));
    }

    /// <summary>Conversion within the window without and with the offer.</summary>
    public (double P0, double P1) Conversion(DemoCustomer customer, DemoState state, OfferTerms terms, ReadOnlySpan<bool> scope)
    {
        var p0 = 1 - Math.Exp(-Orders(customer, state.Time, state.Time + WindowDays));
        var effect = customer.Temperament switch
        {
            Temperament.Sure => 0,
            Temperament.Annoyed => -shape.Annoyance * p0,
            _ => Persuasion(customer, state, terms, scope),
        };
        return (p0, Math.Clamp(p0 + effect, 0, 0.95));
    }

    private double Persuasion(DemoCustomer customer, DemoState state, OfferTerms terms, ReadOnlySpan<bool> scope)
    {
        var answers = Responsiveness(state.Lifecycle);
        var reach = 0.0;
        for (var c = 0; c < answers.Length; c++)
        {
            if (scope[c] || !shape.ScopeMatters)
                reach += customer.Affinity[c] * answers[c];
        }

        var fit = 1 / (1 + Math.Pow(terms.Threshold * 100 / customer.Basket / 1.7, 3));
        var pull = 2 * terms.Depth / (terms.Depth + 0.15);
        var price = 0.3 + (1.1 * customer.Sensitivity);
        var recency = 0.55 + (0.45 * Math.Exp(-(state.RecencyDays ?? 60) / 60));
        var drifted = state.Time >= customer.Drifted ? 0.2 : 1;
        return shape.Effect * reach * fit * pull * price * recency * drifted;
    }
}
