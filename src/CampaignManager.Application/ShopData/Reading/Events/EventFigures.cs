using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Events;

/// <summary>Counts and sums of a file of events, by the names its source has for them.</summary>
internal sealed class EventFigures
{
    private readonly Template template;
    private readonly Figures figures;
    private readonly long[] counts;
    private readonly KeyValuePair<string, Expression>[] counted;
    private readonly Dictionary<string, long> byName = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> people = [];
    private readonly HashSet<ulong> customers = [];
    private readonly HashSet<ulong> anonymous = [];
    private readonly HashSet<ulong> products = [];
    private readonly HashSet<ulong> orders = [];
    private readonly HashSet<ulong> campaigns = [];
    private DateTime? first;
    private DateTime? last;

    public EventFigures(Template template, Figures figures)
    {
        (this.template, this.figures) = (template, figures);
        counted = [.. template.Counts];
        counts = new long[counted.Length];
    }

    public void Add(string name, long more = 1) => byName[name] = byName.GetValueOrDefault(name) + more;

    public void See(ISourceRow row)
    {
        Add("events");
        for (var i = 0; i < counted.Length; i++)
            counts[i] += counted[i].Value.Holds(c => row[c]) ? 1 : 0;
    }

    public void Person(string? customer, string? device)
    {
        if (customer is not null)
            customers.Add(TextHash.Of(customer));
        if (device is not null)
            anonymous.Add(TextHash.Of(device));
        if ((customer ?? device) is { } one)
            people.Add(TextHash.Of(one));
    }

    public void Product(string? sku)
    {
        if (sku is not null)
            products.Add(TextHash.Of(sku));
    }

    public void Campaign(string? campaign)
    {
        if (campaign is not null)
            campaigns.Add(TextHash.Of(campaign));
    }

    public void At(DateTime at)
    {
        if (first is null || at < first)
            first = at;
        if (last is null || at > last)
            last = at;
    }

    /// <returns>False: the order was there before.</returns>
    public bool Order(string id) => orders.Add(TextHash.Of(id));

    public void Order(OrderRow order, long? value)
    {
        Add("value_minor", value ?? 0);
        if (order.Status != OrderStatus.Counted)
        {
            Add("cancelled");
            return;
        }

        Add("counted");
        Add("gross_minor", order.ListMinor ?? 0);
        Add("discount_minor", order.DiscountMinor ?? 0);
        Add("refund_minor", order.Refunds.Sum(r => r.GoodsMinor));
    }

    /// <param name="robots">Visitors that are none.</param>
    /// <param name="rejected">Rows that were not taken, by reason.</param>
    /// <param name="currency">Of the sums; null: there are none.</param>
    public void End(int robots, IReadOnlyDictionary<string, object> rejected, string? currency)
    {
        byName["people"] = people.Count;
        byName["known_customers"] = customers.Count;
        byName["anonymous_ids"] = anonymous.Count;
        byName["distinct_products"] = products.Count;
        byName["robots_over_100_in_10_minutes"] = robots;
        if (template.Field("event", "order") is not null)
            byName["orders"] = orders.Count;
        if (template.Field("event", "campaign") is not null)
            byName["campaigns"] = campaigns.Count;
        foreach (var (name, value) in byName)
            figures.Set(template.FigureNames.GetValueOrDefault(name, name), value);
        for (var i = 0; i < counts.Length; i++)
            figures.Set(counted[i].Key, counts[i]);
        if (first is { } from && last is { } to)
        {
            figures.Set("first", from);
            figures.Set("last", to);
        }

        if (rejected.Count > 0)
            figures.Set("rejected", rejected);
        if (currency is not null)
            figures.Set("currency", currency);
        if (byName.ContainsKey("contacts"))
            figures.Set("randomised", false);
    }
}
