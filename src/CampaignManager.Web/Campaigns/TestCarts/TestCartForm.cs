using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Web.Campaigns.TestCarts;

/// <summary>Some units of a product, as a person changes them.</summary>
public sealed class TestCartRow
{
    public required string Sku { get; init; }

    public required string Name { get; init; }

    public string? Category { get; init; }

    public string? Brand { get; init; }

    public int Quantity { get; set; } = 1;

    public decimal UnitPrice { get; set; }

    /// <summary>Floor, tax and whether it is selected: kept as they came.</summary>
    public CartLineInput Source { get; init; } = new();
}

/// <summary>A test cart while a person builds it; times are local to the campaign's zone.</summary>
public sealed class TestCartForm
{
    private const string Moment = "yyyy-MM-ddTHH:mm";
    private static readonly char[] BetweenCodes = [' ', ',', ';', '，', '；', '、', '\n', '\t'];

    public List<TestCartRow> Rows { get; } = [];

    /// <summary><c>new</c>, <c>returning</c>; "" where nothing is known of the customer.</summary>
    public string Kind { get; set; } = "";

    public HashSet<string> Segments { get; set; } = [];

    public string CustomerId { get; set; } = "";

    /// <summary>In no segment, as an example was kept; otherwise a customer's are looked up where none is chosen.</summary>
    public bool InNone { get; set; }

    public string Codes { get; set; } = "";

    public string Channel { get; set; } = "";

    public string Region { get; set; } = "";

    public decimal Shipping { get; set; }

    /// <summary>As the browser's date and time field writes it; "" for now.</summary>
    public string At { get; set; } = "";

    public bool CountLimits { get; set; }

    /// <summary>An empty cart at a moment when the campaign runs: now, or the first after its start or the last before its end.</summary>
    public static TestCartForm For(CampaignView campaign, long shippingMinor, DateTime utcNow)
    {
        var at = campaign.StartsAt is { } start && utcNow < start ? start.AddTicks(TimeSpan.TicksPerMinute - 1) : utcNow;
        if (campaign.EndsAt is { } end && at >= end)
            at = end.AddTicks(-1);
        return new TestCartForm { At = Local(at, campaign.Rules.Schedule.TimeZone), Shipping = Currency.Get(campaign.Rules.Currency).ToMajor(shippingMinor) };
    }

    /// <summary>A saved cart, to be changed.</summary>
    public static TestCartForm From(TestCart cart, string zone, Func<string, string> productName)
    {
        var input = cart.Input;
        var form = new TestCartForm
        {
            Kind = input.Customer?.IsNew switch { true => "new", false => "returning", null => "" },
            Segments = [.. (input.Customer?.Segments ?? []).OfType<string>()],
            CustomerId = input.Customer?.Id ?? "",
            InNone = input.Customer?.Segments is { Count: 0 },
            Codes = string.Join(' ', (input.Codes ?? []).OfType<string>()),
            Channel = input.Channel ?? "",
            Region = input.Region ?? "",
            Shipping = input.Shipping ?? 0,
            At = input.At is { } at ? Local(at.UtcDateTime, zone) : "",
            CountLimits = cart.CountLimits,
        };
        form.Rows.AddRange((input.Lines ?? []).OfType<CartLineInput>().Select(line => new TestCartRow
        {
            Sku = line.Sku ?? "",
            Name = productName(line.Sku ?? ""),
            Category = line.Categories is [{ } category, ..] ? category : null,
            Brand = line.Brand,
            Quantity = (int)(line.Quantity ?? 1),
            UnitPrice = line.UnitPrice ?? 0,
            Source = line,
        }));
        return form;
    }

    /// <summary>Another unit of a product, on its own line or on the one it has.</summary>
    public void Add(ProductRow product, string name, string currency)
    {
        if (Rows.FirstOrDefault(r => r.Sku == product.Sku) is { } row)
        {
            row.Quantity++;
            return;
        }

        Rows.Add(new TestCartRow
        {
            Sku = product.Sku,
            Name = name,
            Category = product.Category,
            Brand = product.Brand,
            UnitPrice = Currency.Get(currency).ToMajor(product.PriceMinor ?? 0),
        });
    }

    private bool LooksUp => Segments.Count == 0 && !InNone && Text(CustomerId) is not null;

    public TestCart ToCart(string currency, string zone) => new(
        new CartInput
        {
            Currency = currency,
            At = Utc(zone),
            Channel = Text(Channel),
            Region = Text(Region),
            Customer = new CartCustomerInput { Id = Text(CustomerId), Segments = LooksUp ? null : [.. Segments.Order(StringComparer.Ordinal)], IsNew = Kind switch { "new" => true, "returning" => false, _ => null } },
            Codes = Codes.Split(BetweenCodes, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Shipping = Shipping,
            Lines = [.. Rows.Select((row, i) => row.Source with
            {
                Id = (i + 1).ToString(CultureInfo.InvariantCulture),
                Sku = row.Sku,
                Categories = row.Category is { } category ? [category] : [],
                Brand = row.Brand,
                Quantity = row.Quantity,
                UnitPrice = row.UnitPrice,
            })],
        },
        CountLimits);

    private DateTimeOffset? Utc(string zone)
    {
        if (!DateTime.TryParse(At, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return null;
        var found = TimeZoneInfo.FindSystemTimeZoneById(zone);
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        // A time that the clocks jump over is read as the first one after the jump.
        while (found.IsInvalidTime(local))
            local = local.AddMinutes(1);
        return TimeZoneInfo.ConvertTimeToUtc(local, found);
    }

    private static string Local(DateTime utc, string zone) =>
        TimeZoneInfo.ConvertTimeFromUtc(utc, TimeZoneInfo.FindSystemTimeZoneById(zone)).ToString(Moment, CultureInfo.InvariantCulture);

    private static string? Text(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
