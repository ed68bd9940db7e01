using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Demo;

/// <summary>
/// One customer's eighteen months: orders outside campaign windows as the baseline has it, outcomes inside them drawn from the response model,
/// then visits, carts and reviews. What happens is handed to the sink; without one only the state at the end is worked out.
/// </summary>
internal sealed class DemoJourney(DemoWorld world)
{
    /// <summary>Orders that came to nothing, by customer.</summary>
    private const double UnmadeRate = 0.16;

    private readonly List<double> orders = [];
    private readonly List<long> paid = [];
    private readonly DemoBasket basket = new(world);
    private DemoRows? sink;
    private DemoCustomer customer = null!;
    private DemoRandom random;

    // What is in the baskets and what is looked at on the way have streams of their own: neither moves when somebody orders.
    private DemoRandom goods, looks;

    // Who buys ahead is drawn apart: without it nothing else moves but the orders that do not come.
    private DemoRandom ahead;
    private double stockedUntil;

    /// <summary>Told the truth of every window when it opens: whether treated, and conversion without and with the offer. For tests; the learner never sees it.</summary>
    public Action<DemoWindow, bool, double, double>? Drawn { get; init; }

    /// <returns>The customer's state at the end of the history.</returns>
    public DemoState Run(DemoCustomer who, DemoRows? rows)
    {
        (customer, sink) = (who, rows);
        orders.Clear();
        paid.Clear();
        stockedUntil = double.NegativeInfinity;
        random = DemoRandom.For(world.Seed, Streams.Orders, who.Index);
        ahead = DemoRandom.For(world.Seed, Streams.Ahead, who.Index);
        goods = DemoRandom.For(world.Seed, Streams.Baskets, who.Index);
        looks = DemoRandom.For(world.Seed, Streams.Looks, who.Index);
        sink?.Begin(customer);
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
            if (!window.IsFor(state))
                continue;
            var close = Math.Min(window.Start + ResponseModel.WindowDays, end);
            Window(window, state, close);
            now = close;
        }

        Baseline(now, end);
        var last = StateAt(end);
        if (sink is not null)
        {
            Visits(Math.Max(0, who.Joined), end);
            Unmade(Math.Max(0, who.Joined), end);
            sink.Customer(customer, last.Tier);
        }

        return last;
    }

    /// <summary>The one order of somebody who does not say who they are.</summary>
    public void Guest(int index, DemoRows rows)
    {
        // Tastes are drawn as any customer's, beyond all of them.
        var who = DemoCustomer.Draw(world.Seed, int.MaxValue - index, world.Calendar.Days, world.Response.Shape.OrderRate);
        var draw = DemoRandom.For(world.Seed, Streams.Guests, index);
        basket.Fill(ref draw, who, Engine.Audiences.Lifecycle.New, null);
        rows.Guest(index, who, Somewhen(ref draw, 0, world.Calendar.Days), basket);
    }

    /// <summary>Orders that came to nothing: hardly ever paid, called off, or somebody's trial.</summary>
    private void Unmade(double from, double end)
    {
        if (!world.Response.Shape.Clutter || end - from < 1)
            return;
        var draw = DemoRandom.For(world.Seed, Streams.Unmade, customer.Index);
        for (var left = draw.Poisson(UnmadeRate); left > 0; left--)
        {
            var status = draw.Pick([0.5, 0.42, 0.08]) switch { 0 => DemoStatus.Unpaid, 1 => DemoStatus.Cancelled, _ => DemoStatus.Test };
            basket.Fill(ref draw, customer, Engine.Audiences.Lifecycle.Active, null);
            sink!.Unmade(customer, Somewhen(ref draw, from, end), basket, status);
        }
    }

    private double Somewhen(ref DemoRandom draw, double from, double to) =>
        world.Calendar.After(from, draw.Uniform() * 0.999999 * world.Calendar.Busy(from, to));

    public DemoState StateAt(double time)
    {
        var (inYear, spent) = (0, 0L);
        for (var i = orders.Count - 1; i >= 0 && orders[i] >= time - 365; i--)
            (inYear, spent) = (inYear + 1, spent + paid[i]);
        double? recency = orders.Count == 0 ? null : time - orders[^1];
        return new DemoState(time, time - customer.Joined, orders.Count, inYear, recency, DemoTiers.Of(spent));
    }

    private void Baseline(double from, double to)
    {
        while (true)
        {
            from = world.Response.NextOrder(customer, from, random.Exponential());
            if (from >= to)
                return;
            if (from >= stockedUntil)
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
        var granted = false;
        while (next < close)
        {
            Order(next, treated && next < window.OfferEnd ? new DemoTemptation(window.Campaign.Offer, terms, window.Scope, moved) : null, window);
            granted |= basket.CampaignDiscount > 0;
            moved = false;
            next = world.Response.NextOrder(customer, next, random.Exponential());
        }

        if (granted && ahead.Chance(world.Response.Shape.Ahead))
            stockedUntil = close + ResponseModel.AheadDays;
    }

    /// <summary>A moment of the window, as busy as the days are.</summary>
    private double Within(ref DemoRandom draw, double start) =>
        world.Calendar.After(start, draw.Uniform() * 0.999999 * world.Calendar.Busy(start, start + ResponseModel.WindowDays));

    private void Order(double time, DemoTemptation? temptation, DemoWindow? window)
    {
        basket.Fill(ref goods, customer, StateAt(time).Lifecycle, temptation);
        sink?.Order(customer, time, basket, basket.CampaignDiscount > 0 ? window?.Campaign.Id : null, ref looks);
        orders.Add(time);
        paid.Add(basket.Paid);
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
