using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Events;

/// <summary>
/// Turns rows into events, and purchases with an order's id and money into orders. An order waits for the file's end, as its cancellation
/// or refund may stand anywhere
/// behind it; orders are few beside events.
/// </summary>
internal sealed class EventReader(
    Template template, RowCells cells, ReadingOptions options, Currency? currency, RobotWatch robots, IReadOnlySet<string> changing,
        EventFigures figures, RowRejects rejects)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(48);

    private readonly SeenIds seen = new();
    private readonly Dictionary<string, EventOrder> orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OrderAftermath> aftermath = new(StringComparer.Ordinal);
    private readonly DateTime latest = options.Time.GetUtcNow().UtcDateTime + Ahead;
    private readonly bool hasOrders = template.Field("event", "order") is not null;
    private readonly bool sameColumn = template.Field("event", "customer")?.Columns is [var who]
        && template.Field("event", "anonymous")?.Columns is [var device] && who == device;

    public List<ReadRow> Read(ISourceRow row, int file)
    {
        if (row.Fault is { Reason: RowFault.HeaderAgain })
        {
            figures.Add("repeated_headers");
            return [];
        }

        figures.Add("rows");
        try
        {
            return row.Fault is var (reason, detail) ? throw new OrderCells.FaultException(reason, detail ?? "") : ReadSound(row, file);
        }
        catch (OrderCells.FaultException fault)
        {
            rejects.Add(file, row, fault.Reason, fault.Detail.Length > 0 ? fault.Detail : null);
            return [];
        }
    }

    /// <summary>Orders, with what happened to them, and what happened to orders that are not in the files.</summary>
    public IEnumerable<ReadRow> End()
    {
        var afterDiscount = template.Field("event", "value")?.AfterDiscount == true;
        foreach (var (id, order) in orders)
        {
            var after = aftermath.GetValueOrDefault(id);
            if (after is not null)
                after.Met = true;
            var made = order.Row(afterDiscount, after);
            figures.Order(made, order.Value);
            yield return made;
        }

        foreach (var lone in aftermath.Values.Where(a => !a.Met).SelectMany(a => a.Refunds.Append(a.Cancellation)).OfType<EventRow>())
        {
            figures.Add("refund_minor", lone.Type == EventTypes.Refund ? lone.UnitPriceMinor ?? 0 : 0);
            yield return lone;
        }

        figures.End(robots.Robots, rejects.Reasons, currency?.Code);
    }

    private List<ReadRow> ReadSound(ISourceRow row, int file)
    {
        var id = cells.Id("event", "id", row);
        switch (seen.See(id, SeenIds.ContentOf(row, changing)))
        {
            case Seen.Again:
                figures.Add("duplicate_rows");
                return [];
            case Seen.Conflict:
                figures.Add("same_id_other_content");
                throw new OrderCells.FaultException("id-conflict", id!);
        }

        figures.See(row);
        var (customer, device) = Who(row);
        figures.Person(customer, device);
        var at = cells.Time("event", "at", row) ?? throw new OrderCells.FaultException("no-time", "");
        if (at > latest)
        {
            figures.Add("in_the_future");
            throw new OrderCells.FaultException("in-the-future", at.ToString("u", System.Globalization.CultureInfo.InvariantCulture));
        }

        figures.At(at);
        var type = EventTypes.Of(cells.Text("event", "type", row));
        var found = new EventRow(id, EventTypes.Stored(type), at, row.Number)
        {
            File = file,
            CustomerId = customer,
            AnonymousId = device,
            OtherId = cells.People("event", "otherId", row, options).FirstOrDefault(o => o != customer),
            ReceivedAt = cells.Time("event", "receivedAt", row),
            OrderId = cells.Id("event", "order", row),
            CampaignId = cells.Id("event", "campaign", row),
            Text = cells.Raw("event", "text", row),
            Rating = cells.Whole("event", "rating", row),
            Robot = IsRobot(row, at),
        };
        if (found.Robot)
            figures.Add("robot_events");
        figures.Campaign(found.CampaignId);
        Count(type);
        return Taken(type, found, row);
    }

    private List<ReadRow> Taken(string type, EventRow found, ISourceRow row)
    {
        var money = Currency.TryGet(cells.Raw("event", "currency", row)?.ToUpperInvariant(), out var own) ? own : currency;
        var items = template.Shape.Path is { } path
            ? row.Items(path).Select(i => ItemOf(i, "line", money)).Where(i => i is { Sku: not null } or { Price: not null }).ToList() : [];
        if (items.Count == 0 && ItemOf(row, "event", money) is { Sku: not null } single)
            items = [single];
        foreach (var item in items)
            figures.Product(item.Sku);
        var value = cells.Minor("event", "value", row, money);
        if (type is EventTypes.Refund or EventTypes.Cancel && found.OrderId is { } undone)
            return Undone(type, found with { UnitPriceMinor = value, Currency = value is null ? null : money?.Code }, undone);
        if (type == EventTypes.Purchase && TakeOrder(found, row, items, value, money))
            return [];
        var price = items.Count == 0 ? value : null;
        if (items.Count == 0)
            return [found with { UnitPriceMinor = price, Currency = price is null ? null : money?.Code }];
        return [.. items.Select((item, i) => (ReadRow)(found with
        {
            Id = found.Id is { } id && items.Count > 1 ? $"{id}#{i + 1}" : found.Id,
            Sku = item.Sku,
            Quantity = item.Quantity,
            UnitPriceMinor = item.Price,
            Currency = item.Price is null ? null : money?.Code,
        }))];
    }

    private List<ReadRow> Undone(string type, EventRow found, string order)
    {
        if (!aftermath.TryGetValue(order, out var after))
            aftermath[order] = after = new OrderAftermath();
        if (type == EventTypes.Refund)
            after.Refunds.Add(found);
        else
            (after.Cancelled, after.CancelledAt, after.Cancellation) = (true, after.CancelledAt ?? found.At, after.Cancellation ?? found);
        return [];
    }

    /// <returns>False: it has no id or no money, and stays an event.</returns>
    private bool TakeOrder(EventRow found, ISourceRow row, List<Item> items, long? value, Currency? money)
    {
        if (found.OrderId is not { } id)
        {
            figures.Add("purchases_without_id", hasOrders ? 1 : 0);
            if (!hasOrders)
                figures.Add("value_minor", value ?? 0);
            return false;
        }

        var isNew = figures.Order(id);
        var oneEvent = template.Shape.Path is not null;
        if (!isNew && oneEvent)
        {
            // The same order by another event: a page loaded again, or the browser and the server both.
            figures.Add("repeated_purchases");
            return true;
        }

        if (money is null || (value is null && !items.Exists(i => i.Price is not null)))
            return orders.ContainsKey(id);
        if (!orders.TryGetValue(id, out var order))
            orders[id] = order = new EventOrder(id, found.At, money, found.Row, found.File);
        order.Customer ??= found.CustomerId;
        order.Value ??= value;
        order.Discount ??= cells.Minor("event", "discount", row, money);
        order.Shipping ??= cells.Minor("event", "shipping", row, money);
        order.Tax ??= cells.Minor("event", "tax", row, money);
        order.Total ??= cells.Minor("event", "total", row, money);
        foreach (var item in items)
            order.Add(item.Sku, item.Name, item.Category, item.Quantity ?? 1, item.Price);
        return true;
    }

    private Item ItemOf(ISourceRow row, string block, Currency? money) => new(
        cells.Id(block, "sku", row), block == "line" ? cells.Text(block, "name", row) : null, block == "line"
            ? cells.Text(block, "category", row) : null,
        cells.Whole(block, "quantity", row), cells.Minor(block, "price", row, money));

    private (string? Customer, string? Device) Who(ISourceRow row)
    {
        var customer = cells.People("event", "customer", row, options).FirstOrDefault();
        if (sameColumn)
            return customer is null || IsMachineMade(customer) ? (null, customer) : (customer, null);
        return (customer, cells.Id("event", "anonymous", row));
    }

    // One column for both: what a script made up is nobody's id with the shop.
    private static bool IsMachineMade(string id) =>
        Guid.TryParse(id, out _)
            || (id.Length >= 32 && id.Contains('-', StringComparison.Ordinal) && id.All(c => char.IsAsciiHexDigit(c) || c == '-'));

    private bool IsRobot(ISourceRow row, DateTime at) =>
        robots.Robots > 0 && EventsPlan.Visitor(cells, row) is { } visitor
            && robots.IsRobot(visitor, EventsPlan.Moment(cells, row) ?? at.Ticks);

    private void Count(string type)
    {
        var name = type switch
        {
            EventTypes.Purchase => "purchase_events",
            EventTypes.Refund => "refund_events",
            EventTypes.Contact => "contacts",
            EventTypes.Redemption => "redemptions",
            EventTypes.View => "views",
            EventTypes.Cart => "carts",
            EventTypes.Page => "pageviews",
            _ => null,
        };
        if (name is not null)
            figures.Add(name);
    }

    private sealed record Item(string? Sku, string? Name, string? Category, int? Quantity, long? Price);
}
