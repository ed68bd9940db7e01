using System.Diagnostics.CodeAnalysis;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>Why one event was not taken.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Caught where it is thrown.")]
internal sealed class EventFault(string code, string? path, string message) : Exception(message)
{
    public string Code => code;

    /// <summary>Null: the event as a whole.</summary>
    public string? Path => path;

    public static EventFault NotJson(string detail) => new("not-json", null, $"This is not a JSON object: {detail}");

    public static EventFault Wrong(string name, string wanted) => new("bad-field", name, $"'{name}' is not right: {wanted} is wanted.");

    public static EventFault Unknown(string name) =>
        new("unknown-field", name, $"There is no field '{name}'. What else the shop wants to say belongs into 'meta'.");

    public static EventFault NoId => new("no-id", "eventId", "Every event needs an 'eventId' of its own: by it a repeated call counts once.");

    public static EventFault Type(string? type) => new("unknown-type", "type", type is null
        ? $"A 'type' is needed: {EventTypeNames.Listed}."
        : $"There is no type '{type}'. Types are {EventTypeNames.Listed}.");

    public static EventFault NoTime => new("no-time", "at", "'at' is needed: when it happened, as 2026-11-01T18:00:00+08:00.");

    public static EventFault NoZone => new("zone-needed", "at",
        "'at' does not say its offset from UTC: write 2026-11-01T18:00:00+08:00, or with Z.");

    public static EventFault Future => new("in-the-future", "at", "'at' is more than 48 hours ahead of now.");

    public static EventFault TooOld => new("too-old", "at", "'at' lies before the year 2000.");

    public static EventFault NoPerson => new("no-persons", "customerId", "It needs a 'customerId' or an 'anonymousId': who did it.");

    public static EventFault NamesPerson(string field) => new("names-a-person", field,
        "This id is an e-mail address or a phone number: it names a person, and here ids of the shop's own are wanted. What customers' ids are, an admin says in the settings.");

    public static EventFault NotEmail => new("not-an-email", "customerId",
        "The settings say that customers' ids are e-mail addresses, and this is none.");

    public static EventFault NotPhone => new("not-a-phone", "customerId", "The settings say that customers' ids are phone numbers, and this is none.");

    public static EventFault NoProduct => new("no-product", "sku", "An event of the type cart needs a 'sku'.");

    public static EventFault NoOrder => new("no-order", "orderId", "Events of the types order and refund need an 'orderId'.");

    public static EventFault NoReview => new("no-review", "rating", "A review needs a 'rating' from 1 to 5 or a 'text'.");

    public static EventFault NoPair(string field) => new("no-pair", field, "identify needs both ids: the 'anonymousId' that turns out to be a 'customerId'.");

    public static EventFault Currency(string code) => new("bad-currency", "currency", $"'{code}' is not a known currency code.");

    public static EventFault Amount(string currency, int digits) => new("bad-amount", "unitPrice",
        $"'unitPrice' is an amount of 0 or more in {currency}, with at most {digits} digits after the point.");

    public static EventFault Token(string why) => new("token-needed", "token",
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
