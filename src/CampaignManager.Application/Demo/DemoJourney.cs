using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Demo;

/// <summary>
/// One customer's eighteen months: orders outside campaign windows as the baseline has it, outcomes inside them drawn from the response model,
/// then visits, carts and reviews. What happens is handed to the sink; without one only the state at the end is worked out.
/// </summary>
internal sealed class DemoJourney(DemoWorld world)
{
    private readonly List<double> orders = [];
    private readonly DemoBasket basket = new(world);
    private DemoRows? sink;
    private DemoCustomer customer = null!;
    private DemoRandom random;

    // What is in the baskets has a stream of its own: when somebody orders does not depend on whether baskets are filled.
    private DemoRandom goods;

    /// <summary>Told the truth of every window when it opens: whether treated, and conversion without and with the offer. For tests; the learner never sees it.</summary>
    public Action<DemoWindow, bool, double, double>? Drawn { get; init; }

    /// <returns>The customer's state at the end of the history.</returns>
    public DemoState Run(DemoCustomer who, DemoRows? rows)
    {
        (customer, sink) = (who, rows);
        orders.Clear();
        random = DemoRandom.For(world.Seed, Streams.Orders, who.Index);
        goods = DemoRandom.For(world.Seed, Streams.Baskets, who.Index);
        sink?.Customer(customer);
        double now = Math.Max(0, who.Joined), end = world.Calendar.Days;
        // Many come with their first order in hand.
        if (who.Joined >= 0 && random.Chance(0.5))
            Order(now, null, null);

        foreach (var window in world.Campaigns)
        {
            if (who.Joined >= window.Start)
                continue;
            Baseline(now, window.Start);
            now = window.Start;
            var state = StateAt(now);
            if (!window.IsFor(state.Lifecycle))
                continue;
            var close = Math.Min(window.Start + ResponseModel.WindowDays, end);
            Window(window, state, close);
            now = close;
        }

        Baseline(now, end);
        if (sink is not null)
            Visits(Math.Max(0, who.Joined), end);
        return StateAt(end);
    }

    public DemoState StateAt(double time)
    {
        var inYear = 0;
        for (var i = orders.Count - 1; i >= 0 && orders[i] >= time - 365; i--)
            inYear++;
        return new DemoState(time, time - customer.Joined, orders.Count, inYear, orders.Count == 0 ? null : time - orders[^1]);
    }

    private void Baseline(double from, double to)
    {
        while (true)
        {
            from = world.Response.NextOrder(customer, from, random.Exponential());
            if (from >= to)
                return;
            Order(from, null, null);
        }
    }

    private void Window(DemoWindow window, DemoState state, double close)
    {
        var treated = !Assignment.IsControl(window.Campaign.Salt, customer.Id, DemoCampaign.Holdout);
        sink?.Exposure(window, customer, treated);
        var terms = window.Terms(customer);
        var (p0, p1) = world.Response.Conversion(customer, state, terms, window.Scope);
        Drawn?.Invoke(window, treated, p0, p1);
        var u = random.Uniform();
        var when = Within(ref random, window.Start);
        if (u >= (treated ? p1 : p0))
            return;
        var moved = treated && u >= p0;
        // Who comes for the offer comes while it runs.
        while (moved && when >= window.OfferEnd)
            when = Within(ref random, window.Start);
        var next = when;
        while (next < close)
        {
            Order(next, treated && next < window.OfferEnd ? new DemoTemptation(window.Campaign.Offer, terms, window.Scope, moved) : null, window);
            moved = false;
            next = world.Response.NextOrder(customer, next, random.Exponential());
        }
    }

    /// <summary>A moment of the window, as busy as the days are.</summary>
    private double Within(ref DemoRandom draw, double start) =>
        world.Calendar.After(start, draw.Uniform() * 0.999999 * world.Calendar.Busy(start, start + ResponseModel.WindowDays));

    private void Order(double time, DemoTemptation? temptation, DemoWindow? window)
    {
        if (sink is not null)
        {
            basket.Fill(ref goods, customer, StateAt(time).Lifecycle, temptation);
            sink.Order(customer, time, basket, basket.CampaignDiscount > 0 ? window?.Campaign.Id : null, ref goods);
        }

        orders.Add(time);
    }

    private void Visits(double start, double to)
    {
        var from = start;
        var browse = DemoRandom.For(world.Seed, Streams.Browsing, customer.Index);
        var rate = customer.Visits;
        while (true)
        {
            // Interest fades with the customer's drifting away, a little later than the orders.
            from = world.Calendar.After(from, browse.Exponential() / rate);
            if (from >= customer.Drifted + 15 && rate == customer.Visits)
            {
                from = Math.Max(start, customer.Drifted + 15);
                rate *= 0.04;
                continue;
            }

            if (from >= to)
                return;
            sink!.Visit(customer, from, ref browse);
        }
    }
}
