using System.Diagnostics.CodeAnalysis;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>Why one event was not taken.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Caught where it is thrown.")]
internal sealed class EventFault(string code, string message) : Exception(message)
{
    public string Code => code;

    public static EventFault NotJson(string detail) => new("not-json", $"This is not a JSON object: {detail}");

    public static EventFault Field(string name, string wanted) => new("bad-field", $"'{name}' is not right: {wanted} is wanted.");

    public static EventFault Unknown(string name) =>
        new("unknown-field", $"There is no field '{name}'. What else the shop wants to say belongs into 'meta'.");

    public static readonly EventFault NoId = new("no-id", "Every event needs an 'eventId' of its own: by it a repeated call counts once.");

    public static EventFault Type(string? type) => new("unknown-type", type is null
        ? $"A 'type' is needed: {EventTypeNames.Listed}."
        : $"There is no type '{type}'. Types are {EventTypeNames.Listed}.");

    public static readonly EventFault NoTime = new("no-time", "'at' is needed: when it happened, as 2026-11-01T18:00:00+08:00.");

    public static readonly EventFault NoZone = new("zone-needed",
        "'at' does not say its offset from UTC: write 2026-11-01T18:00:00+08:00, or with Z.");

    public static readonly EventFault Future = new("in-the-future", "'at' is more than 48 hours ahead of now.");

    public static readonly EventFault TooOld = new("too-old", "'at' lies before the year 2000.");

    public static readonly EventFault NoPerson = new("no-persons", "It needs a 'customerId' or an 'anonymousId': who did it.");

    public static readonly EventFault NamesPerson = new("names-a-person",
        "This id is an e-mail address. Ids that name a person are kept as pseudonyms: set Events:Ids to Email.");

    public static readonly EventFault NotEmail = new("not-an-email",
        "The settings say that customers' ids are e-mail addresses, and this is none.");

    public static readonly EventFault NotPhone = new("not-a-phone", "The settings say that customers' ids are phone numbers, and this is none.");

    public static readonly EventFault NoProduct = new("no-product", "An event of the type cart needs a 'sku'.");

    public static readonly EventFault NoOrder = new("no-order", "Events of the types order and refund need an 'orderId'.");

    public static readonly EventFault NoReview = new("no-review", "A review needs a 'rating' from 1 to 5 or a 'text'.");

    public static readonly EventFault NoPair = new("no-pair", "identify needs both ids: the 'anonymousId' that turns out to be a 'customerId'.");

    public static EventFault Currency(string code) => new("bad-currency", $"'{code}' is not a known currency code.");

    public static EventFault Amount(string currency, int digits) => new("bad-amount",
        $"'unitPrice' is an amount of 0 or more in {currency}, with at most {digits} digits after the point.");

    public static EventFault Token(string why) => new("token-needed",
        $"A browser identifies somebody only with a token that the shop's server has signed (field 'token'): {why}");

    public const string Conflict = "id-conflict";

    public const string ConflictMessage = "This eventId was said before with other content: the first stays. A new event needs a new id.";
}

/// <summary>What an event may be called by who sends it.</summary>
internal static class EventTypeNames
{
    public const string Listed = "view, cart, order, refund, review, identify";

    /// <summary>As the lake has it; null: there is no such type.</summary>
    public static string? Stored(string type, bool hasProduct) => type switch
    {
        "view" => hasProduct ? "view" : "page",
        "cart" or "refund" or "review" or "identify" => type,
        "order" => "purchase",
        _ => null,
    };
}
