using System.Globalization;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>Who sends the events of a call, and so what they may say.</summary>
/// <param name="IsBrowser">With a publishable key, which anybody can read: no money, nobody identified without a token.</param>
/// <param name="Person">Whom a token says: the customer's id as the shop has it, or why not.</param>
public sealed record EventSender(bool IsBrowser, Func<string, Outcome<string>> Person)
{
    public static EventSender Server { get; } = new(false, _ => throw new InvalidOperationException("A server's word needs no token."));
}

/// <summary>Decides about one event by what it says and who sends it. Its ids leave as pseudonyms where they name a person.</summary>
internal sealed class EventCheck(EventSender sender, ApiIdKind ids, Currency home, IPersonKeys keys, DateTime now)
{
    /// <summary>How ids of orders that a page told begin in the lake: nobody who reads the page's key can take the id by which the server will tell the order.</summary>
    private const string OfPages = "page:";

    private static readonly TimeSpan Ahead = TimeSpan.FromHours(48);
    private static readonly DateTime Oldest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // The offset is a must: a local time is not the same moment everywhere.
    private static readonly string[] Times =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFzzz",
    ];

    private readonly Dictionary<string, string> pseudonyms = new(StringComparer.Ordinal);

    public int WithoutMoney { get; private set; }

    public int WithoutCustomer { get; private set; }

    /// <exception cref="EventFault">It is not taken.</exception>
    public ApiEvent Check(EventFields said)
    {
        var id = said.EventId ?? throw EventFault.NoId;
        var type = said.Type is { } name ? EventTypeNames.Stored(name, said.Sku is not null) ?? throw EventFault.Type(name) : throw EventFault.Type(null);
        var at = Time(said.At);
        var anonymous = PersonId.IsNobody(said.AnonymousId) ? null : said.AnonymousId;
        if (anonymous is not null && PersonId.KindOf(anonymous) is { } kind && (kind == PersonKeyKinds.Email || anonymous[0] == '+'))
            throw EventFault.NamesPerson("anonymousId");
        var customer = Customer(said, type, anonymous);
        Needs(said, type, customer, anonymous);
        var (price, currency) = Money(said, type);
        return new ApiEvent(IsUnsaid(type) ? OfPages + id : id, type, at)
        {
            CustomerId = customer,
            AnonymousId = anonymous,
            Sku = said.Sku,
            Quantity = said.Quantity,
            UnitPriceMinor = price,
            Currency = currency,
            OrderId = said.OrderId,
            Rating = said.Rating,
            Text = said.Text,
        };
    }

    private static void Needs(EventFields said, string type, string? customer, string? anonymous)
    {
        if (type == "identify" && (customer is null || anonymous is null))
            throw EventFault.NoPair(customer is null ? "customerId" : "anonymousId");
        if (customer is null && anonymous is null)
            throw EventFault.NoPerson;
        if (type == "cart" && said.Sku is null)
            throw EventFault.NoProduct;
        if (type is "purchase" or "refund" && said.OrderId is null)
            throw EventFault.NoOrder;
        if (type == "review" && said.Rating is null && said.Text is null)
            throw EventFault.NoReview;
    }

    private string? Customer(EventFields said, string type, string? anonymous)
    {
        var customer = PersonId.IsNobody(said.CustomerId) ? null : Pseudonym(said.CustomerId!);
        if (!sender.IsBrowser)
            return customer;
        if (said.Token is { } token)
        {
            var person = sender.Person(token);
            if (!person.Succeeded)
                throw EventFault.Token(person.Failure.Message);
            var signed = Pseudonym(person.Value);
            return customer is null || customer == signed ? signed : throw EventFault.Token("the token is another customer's.");
        }

        if (type == "identify")
            throw EventFault.Token("there is none.");
        if (customer is null)
            return null;
        if (anonymous is null)
            throw EventFault.Token("without it the event needs an 'anonymousId'.");
        WithoutCustomer++;
        return null;
    }

    private string Pseudonym(string id)
    {
        var kind = PersonId.KindOf(id);
        switch (ids)
        {
            case ApiIdKind.Own:
                // Digits alone may be any id: only what is written as a number to call is one.
                return kind == PersonKeyKinds.Email || (kind == PersonKeyKinds.Phone && id[0] == '+') ? throw EventFault.NamesPerson("customerId") : id;
            case ApiIdKind.Email when !CallerIds.Fits(ids, id):
                throw EventFault.NotEmail;
            case ApiIdKind.Phone when !CallerIds.Fits(ids, id):
                throw EventFault.NotPhone;
            default:
                if (!pseudonyms.TryGetValue(id, out var known))
                    pseudonyms[id] = known = keys.Pseudonym(ids == ApiIdKind.Email ? PersonKeyKinds.Email : PersonKeyKinds.Phone, id);
                return known;
        }
    }

    private (long? Minor, string? Currency) Money(EventFields said, string type)
    {
        var currency = home;
        if (said.Currency is { } code && !Currency.TryGet(code.ToUpperInvariant(), out currency))
            throw EventFault.Currency(code);
        if (said.UnitPrice is not { } price)
            return (null, null);
        if (!currency.TryToMinor(price, out var minor))
            throw EventFault.Amount(currency.Code, currency.FractionDigits);
        if (!IsUnsaid(type))
            return (minor, currency.Code);
        WithoutMoney++;
        return (null, null);
    }

    /// <summary>Whether only the server's word, or an import, makes money of it.</summary>
    private bool IsUnsaid(string type) => sender.IsBrowser && type is ("purchase" or "refund");

    private DateTime Time(string? text)
    {
        if (text is null)
            throw EventFault.NoTime;
        if (!DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            throw EventFault.Wrong("at", "a time as 2026-11-01T18:00:00+08:00");
        var tail = text.AsSpan(Math.Min(10, text.Length));
        if (tail is not [.., 'Z' or 'z'] && tail.IndexOfAny('+', '-') < 0)
            throw EventFault.NoZone;
        var moment = at.UtcDateTime;
        // The lake keeps microseconds: what is compared later is what is kept.
        moment = moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));
        return moment > now + Ahead ? throw EventFault.Future : moment < Oldest ? throw EventFault.TooOld : moment;
    }
}
