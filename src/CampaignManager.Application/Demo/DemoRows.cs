using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Demo;

/// <summary>
/// Rows of one chunk of customers, in one DuckDB connection of its own. Only numbers cross over; ids and names become text in SQL.
/// With one thread and a fixed order of customers the files come out the same, byte for byte.
/// </summary>
internal sealed class DemoRows : IDisposable
{
    private const byte View = 1, Cart = 2, Purchase = 3, Review = 4;

    private readonly DemoWorld world;
    private readonly DuckDBConnection connection;
    private readonly DuckDBAppender customers, events, orders, lines, refunds, exposures;

    // What becomes of orders moves nothing of what customers do.
    private DemoRandom papers;

    // Index of a customer; below 0 of a guest.
    private int owner = int.MinValue;
    private int eventNumber;
    private int orderNumber;

    public DemoRows(DemoWorld world, DuckDBConnection connection)
    {
        (this.world, this.connection) = (world, connection);
        connection.Run(DemoTables.Create);
        customers = connection.CreateAppender("c_rows");
        events = connection.CreateAppender("e_rows");
        orders = connection.CreateAppender("o_rows");
        lines = connection.CreateAppender("l_rows");
        refunds = connection.CreateAppender("r_rows");
        exposures = connection.CreateAppender("x_rows");
    }

    /// <summary>A guest's one order is under an id of its own, as an import has it.</summary>
    public static string GuestOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{DataLake.GuestPrefix}G{index + 1:D7}");

    private DuckDBAppender[] All => [customers, events, orders, lines, refunds, exposures];

    /// <summary>A customer's journey begins: all that follows is theirs.</summary>
    public void Begin(DemoCustomer customer) => Begin(customer.Index);

    /// <summary>What the shop's list says of them at the end of it.</summary>
    public void Customer(DemoCustomer customer, DemoTier tier)
    {
        var profile = DemoProfile.Draw(world.Seed, customer.Index);
        var joined = customer.Joined < 0
            ? world.Calendar.Origin.AddSeconds(Math.Floor(customer.Joined * 86_400))
            : world.Calendar.Moment(customer.Joined, customer.Habit);
        customers.CreateRow().AppendValue(customer.Index).AppendValue(joined)
            .AppendValue(customer.Region).AppendValue(customer.Channel).AppendValue(customer.Device).AppendValue(profile.Country)
            .AppendValue(profile.EmailOptIn).AppendValue(profile.OptOutMarketing).AppendValue(profile.OptOutPersonalisation)
            .AppendValue(tier.Name()).AppendValue(profile.Tag).EndRow();
    }

    public void Exposure(DemoWindow window, DemoCustomer customer, bool treated) =>
        exposures.CreateRow().AppendValue(customer.Index).AppendValue(IndexOf(window.Campaign.Id)).AppendValue(treated ? 1 : 0).EndRow();

    /// <summary>An order with the visit that led to it, and the reviews that follow some of it.</summary>
    public void Order(DemoCustomer customer, double time, DemoBasket basket, Guid? campaign, ref DemoRandom random)
    {
        var paper = DemoPaper.Draw(ref papers, time, world.Calendar.Days, basket.Lines.Count);
        var number = Put(customer, time, basket, campaign, DemoStatus.Counted, paper);
        var at = world.Calendar.Moment(time, customer.Habit);
        var clock = at.AddMinutes(-4 - (6 * basket.Lines.Count));
        foreach (var line in basket.Lines)
        {
            // Who wanders about looks at more before deciding.
            for (var looks = 1 + random.Poisson(customer.Temperament == Temperament.Persuadable ? 1.3 : 0.3); looks > 1; looks--)
                Event(customer, View, world.Catalog.Popular(ref random, line.Product.Category), clock = clock.AddSeconds(20 + random.Below(60)));
            Event(customer, View, line.Product, clock = clock.AddSeconds(20 + random.Below(60)));
            Event(customer, Cart, line.Product, clock = clock.AddSeconds(10 + random.Below(40)), line.Quantity);
        }

        foreach (var line in basket.Lines)
        {
            Event(customer, Purchase, line.Product, at, line.Quantity, number);
            if (random.Chance(0.22))
                Rate(customer, line.Product, time + 3 + (9 * random.Uniform()), ref random);
        }
    }

    /// <summary>An order that came to nothing.</summary>
    public void Unmade(DemoCustomer customer, double time, DemoBasket basket, DemoStatus status) =>
        Put(customer, time, basket, null, status, default);

    /// <summary>The order of somebody who does not say who they are.</summary>
    public void Guest(int index, DemoCustomer alike, double time, DemoBasket basket)
    {
        Begin(-index - 1);
        var paper = DemoPaper.Draw(ref papers, time, world.Calendar.Days, basket.Lines.Count);
        Put(alike, time, basket, null, DemoStatus.Counted, paper);
    }

    private int Put(DemoCustomer customer, double time, DemoBasket basket, Guid? campaign, DemoStatus status, DemoPaper paper)
    {
        var number = orderNumber++;
        var at = world.Calendar.Moment(time, customer.Habit);
        var row = orders.CreateRow().AppendValue(owner).AppendValue(number).AppendValue(at)
            .AppendValue(basket.List).AppendValue(basket.Coupons + basket.CampaignDiscount).AppendValue(basket.Shipping);
        (campaign is { } id ? row.AppendValue(IndexOf(id)) : row.AppendNullValue()).AppendValue(basket.CampaignDiscount)
            .AppendValue((byte)status).AppendValue((byte)paper.Mistake).AppendValue(paper.LateDays).EndRow();
        for (var i = 0; i < basket.Lines.Count; i++)
        {
            var line = basket.Lines[i];
            lines.CreateRow().AppendValue(owner).AppendValue(number).AppendValue(i + 1).AppendValue(at).AppendValue(line.Product.Index)
                .AppendValue(line.Quantity).AppendValue(line.Coupon + line.Campaign).AppendValue(line.Campaign)
                .AppendValue((byte)status).AppendValue((byte)paper.Mistake).AppendValue(paper.LateDays).EndRow();
        }

        if (paper.RefundDays is { } days)
            Refund(number, world.Calendar.Moment(time + days, customer.Habit), basket, paper.RefundLine);
        return number;
    }

    private void Refund(int number, DateTime at, DemoBasket basket, int? line)
    {
        var row = refunds.CreateRow().AppendValue(owner).AppendValue(number).AppendValue(line + 1).AppendValue(at);
        if (line is { } one)
        {
            var gone = basket.Lines[one];
            row.AppendValue(gone.Quantity).AppendValue(gone.List - gone.Coupon - gone.Campaign).AppendValue(0L).EndRow();
        }
        else
        {
            row.AppendNullValue().AppendValue(basket.Paid).AppendValue(basket.Shipping - basket.Waived).EndRow();
        }
    }

    /// <summary>A visit without an order: some views in one or two categories, now and then a cart that is left.</summary>
    public void Visit(DemoCustomer customer, double time, ref DemoRandom random)
    {
        var clock = world.Calendar.Moment(time, customer.Habit);
        var category = random.Pick(customer.Affinity);
        var views = 1 + random.Poisson(2.2);
        DemoProduct? last = null;
        for (var i = 0; i < views; i++)
        {
            last = world.Catalog.Popular(ref random, random.Chance(0.25) ? random.Pick(customer.Affinity) : category);
            Event(customer, View, last, clock = clock.AddSeconds(15 + random.Below(90)));
        }

        if (random.Chance(customer.Carts))
            Event(customer, Cart, last!, clock.AddSeconds(20), 1);
    }

    /// <summary>Stages everything.</summary>
    public void Stage(DemoImport import, string part)
    {
        foreach (var appender in All)
            appender.Close();
        connection.Run(DemoTables.Dimensions);
        FillDimensions();
        DemoTables.Stage(connection, import, world, part);
    }

    public void Dispose()
    {
        foreach (var appender in All)
            appender.Dispose();
    }

    private void Begin(int who)
    {
        if (who == owner)
            throw new InvalidOperationException("A customer's journey is recorded once.");
        (owner, eventNumber, orderNumber) = (who, 0, 0);
        papers = DemoRandom.For(world.Seed, Streams.Papers, who);
    }

    private void Rate(DemoCustomer customer, DemoProduct product, double time, ref DemoRandom random)
    {
        var rating = (int)Math.Clamp(Math.Round(product.Quality + customer.RatingBias + (0.7 * random.Normal())), 1, 5);
        var text = DemoReviews.Pick(ref random, rating);
        if (time >= world.Calendar.Days)
            return;
        events.CreateRow().AppendValue(customer.Index).AppendValue(eventNumber++).AppendValue(Review).AppendValue(product.Index).AppendNullValue()
            .AppendValue(product.Price).AppendNullValue().AppendValue(rating).AppendValue(text).AppendValue(world.Calendar.Moment(time, customer.Habit)).EndRow();
    }

    private void Event(DemoCustomer customer, byte type, DemoProduct product, DateTime at, int? quantity = null, int? order = null) =>
        events.CreateRow().AppendValue(customer.Index).AppendValue(eventNumber++).AppendValue(type).AppendValue(product.Index).AppendValue(quantity)
            .AppendValue(product.Price).AppendValue(order).AppendNullValue().AppendNullValue().AppendValue(at).EndRow();

    private void FillDimensions()
    {
        using (var products = connection.CreateAppender("products"))
        {
            foreach (var p in world.Catalog.Products)
            {
                products.CreateRow().AppendValue(p.Index).AppendValue(p.Sku).AppendValue(world.Catalog.Keys[p.Category])
                    .AppendValue(p.Price).AppendValue(p.UnitCost).AppendValue(world.Goods[p.Index].EarlyCost).EndRow();
            }
        }

        using (var texts = connection.CreateAppender("texts"))
        {
            for (var i = 0; i < DemoReviews.Texts.Length; i++)
                texts.CreateRow().AppendValue(i).AppendValue(DemoReviews.Texts[i]).EndRow();
        }

        using var campaigns = connection.CreateAppender("campaigns");
        for (var i = 0; i < world.Campaigns.Count; i++)
            campaigns.CreateRow().AppendValue(i).AppendValue(world.Campaigns[i].Campaign.Id.ToString()).AppendValue(world.Calendar.Midnight(world.Campaigns[i].Start)).EndRow();
    }

    private int IndexOf(Guid campaign)
    {
        for (var i = 0; i < world.Campaigns.Count; i++)
        {
            if (world.Campaigns[i].Campaign.Id == campaign)
                return i;
        }

        throw new ArgumentException("No campaign of this world.", nameof(campaign));
    }
}
