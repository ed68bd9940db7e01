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
    private readonly DuckDBAppender customers, events, orders, lines, exposures;
    private int owner = -1;
    private int eventNumber;
    private int orderNumber;

    public DemoRows(DemoWorld world, DuckDBConnection connection)
    {
        (this.world, this.connection) = (world, connection);
        connection.Run("""
            CREATE TEMP TABLE c_rows (c INTEGER, joined TIMESTAMP, region VARCHAR, channel VARCHAR, device VARCHAR);
            CREATE TEMP TABLE e_rows (c INTEGER, n INTEGER, type UTINYINT, sku INTEGER, quantity INTEGER, price BIGINT, o INTEGER, rating INTEGER, text INTEGER, t TIMESTAMP);
            CREATE TEMP TABLE o_rows (c INTEGER, o INTEGER, t TIMESTAMP, list BIGINT, discount BIGINT, shipping BIGINT, campaign INTEGER, campaign_discount BIGINT);
            CREATE TEMP TABLE l_rows (c INTEGER, o INTEGER, t TIMESTAMP, sku INTEGER, quantity INTEGER, discount BIGINT, campaign_discount BIGINT);
            CREATE TEMP TABLE x_rows (c INTEGER, campaign INTEGER, arm INTEGER);
            """);
        customers = connection.CreateAppender("c_rows");
        events = connection.CreateAppender("e_rows");
        orders = connection.CreateAppender("o_rows");
        lines = connection.CreateAppender("l_rows");
        exposures = connection.CreateAppender("x_rows");
    }

    public void Customer(DemoCustomer customer)
    {
        Begin(customer);
        var joined = customer.Joined < 0 ? world.Calendar.Origin.AddSeconds(Math.Floor(customer.Joined * 86_400)) : world.Calendar.Moment(customer.Joined, customer.Habit);
        customers.CreateRow().AppendValue(customer.Index).AppendValue(joined)
            .AppendValue(customer.Region).AppendValue(customer.Channel).AppendValue(customer.Device).EndRow();
    }

    public void Exposure(DemoWindow window, DemoCustomer customer, bool treated) =>
        exposures.CreateRow().AppendValue(customer.Index).AppendValue(IndexOf(window.Campaign.Id)).AppendValue(treated ? 1 : 0).EndRow();

    /// <summary>An order with the visit that led to it, and the reviews that follow some of it.</summary>
    public void Order(DemoCustomer customer, double time, DemoBasket basket, Guid? campaign, ref DemoRandom random)
    {
        var number = orderNumber++;
        var at = world.Calendar.Moment(time, customer.Habit);
        var row = orders.CreateRow().AppendValue(customer.Index).AppendValue(number).AppendValue(at)
            .AppendValue(basket.List).AppendValue(basket.Coupons + basket.CampaignDiscount).AppendValue(basket.Shipping);
        (campaign is { } id ? row.AppendValue(IndexOf(id)) : row.AppendNullValue()).AppendValue(basket.CampaignDiscount).EndRow();

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
            lines.CreateRow().AppendValue(customer.Index).AppendValue(number).AppendValue(at).AppendValue(line.Product.Index).AppendValue(line.Quantity)
                .AppendValue(line.Coupon + line.Campaign).AppendValue(line.Campaign).EndRow();
            Event(customer, Purchase, line.Product, at, line.Quantity, number);
            if (random.Chance(0.22))
                Rate(customer, line.Product, time + 3 + (9 * random.Uniform()), ref random);
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

    /// <summary>Stages everything in a batch.</summary>
    public void Stage(LakeBatch batch, string part)
    {
        foreach (var appender in new[] { customers, events, orders, lines, exposures })
            appender.Close();
        connection.Run("CREATE TEMP TABLE products (i INTEGER, sku VARCHAR, category VARCHAR, price BIGINT, cost BIGINT); CREATE TEMP TABLE texts (i INTEGER, text VARCHAR); CREATE TEMP TABLE campaigns (i INTEGER, id VARCHAR, start TIMESTAMP)");
        FillDimensions();
        batch.Add(connection, LakeTable.Customers,
            $"SELECT {Id("C", "c")} AS customer_id, joined AS joined_at, region, channel, device FROM c_rows", part);
        batch.Add(connection, LakeTable.Events, $"""
            SELECT {Id("E", "c")} || '-' || n AS event_id, {Id("C", "c")} AS customer_id, ['view', 'cart', 'purchase', 'review'][type] AS type, p.sku, e.quantity,
                   CASE WHEN type < 4 THEN p.price END AS unit_price_minor, {Id("O", "c")} || '-' || o AS order_id, rating, x.text, t AS "at"
            FROM e_rows e JOIN products p ON p.i = e.sku LEFT JOIN texts x ON x.i = e.text ORDER BY t, c, n
            """, part);
        batch.Add(connection, LakeTable.Orders, $"""
            SELECT {Id("O", "c")} || '-' || o AS order_id, {Id("C", "c")} AS customer_id, t AS "at", r.channel, list AS list_minor, discount AS discount_minor,
                   shipping AS shipping_minor, list - discount + shipping AS total_minor, g.id AS campaign_id, campaign_discount AS campaign_discount_minor
            FROM o_rows JOIN c_rows r USING (c) LEFT JOIN campaigns g ON g.i = campaign ORDER BY t, c, o
            """, part);
        batch.Add(connection, LakeTable.OrderLines, $"""
            SELECT {Id("O", "c")} || '-' || o AS order_id, {Id("C", "c")} AS customer_id, t AS "at", p.sku, p.category, quantity, p.price AS unit_price_minor,
                   discount AS discount_minor, p.cost AS unit_cost_minor, campaign_discount AS campaign_discount_minor
            FROM l_rows l JOIN products p ON p.i = l.sku ORDER BY t, c, o, l.rowid
            """, part);
        batch.Add(connection, LakeTable.Exposures, $"""
            SELECT g.id AS campaign_id, {Id("C", "c")} AS customer_id, g.start AS assigned_at, arm, {1 - DemoCampaign.Holdout:R} AS propensity
            FROM x_rows JOIN campaigns g ON g.i = campaign ORDER BY g.i, c
            """, part);
    }

    public void Dispose()
    {
        foreach (var appender in new[] { customers, events, orders, lines, exposures })
            appender.Dispose();
    }

    private void Begin(DemoCustomer customer)
    {
        if (customer.Index == owner)
            throw new InvalidOperationException("A customer's journey is recorded once.");
        (owner, eventNumber, orderNumber) = (customer.Index, 0, 0);
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
                products.CreateRow().AppendValue(p.Index).AppendValue(p.Sku).AppendValue(world.Catalog.Keys[p.Category]).AppendValue(p.Price).AppendValue(p.UnitCost).EndRow();
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

    private static string Id(string letter, string column) => $"('{letter}' || lpad(({column} + 1)::VARCHAR, 7, '0'))";
}
