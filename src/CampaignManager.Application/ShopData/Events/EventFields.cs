using System.Text.Json;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>The fields of one event as they stand in its JSON, before anything is decided about them.</summary>
internal sealed class EventFields
{
    private const int LongestId = 200;
    private const int LongestText = 4000;
    private const int LongestToken = 4000;
    private const int LongestMeta = 8 * 1024;

    private static readonly JsonReaderOptions Depth = new() { MaxDepth = 16 };

    /// <summary>All there are.</summary>
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "eventId", "type", "at", "customerId", "anonymousId", "sku", "orderId", "quantity", "unitPrice", "currency", "rating", "text", "token", "meta",
    };

    public string? EventId { get; private set; }

    public string? Type { get; private set; }

    public string? CustomerId { get; private set; }

    public string? AnonymousId { get; private set; }

    public string? Sku { get; private set; }

    public int? Quantity { get; private set; }

    public decimal? UnitPrice { get; private set; }

    public string? Currency { get; private set; }

    public string? OrderId { get; private set; }

    public int? Rating { get; private set; }

    public string? Text { get; private set; }

    public string? At { get; private set; }

    public string? Token { get; private set; }

    /// <summary>Reads what is there; what was read before a fault stays, so that it can be said which event is wrong.</summary>
    /// <exception cref="EventFault">A field is not what it should be.</exception>
    public void Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Depth);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw EventFault.NotJson("an event is an object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                Field(ref reader);
            if (reader.Read())
                throw EventFault.NotJson("something follows the object.");
        }
        catch (JsonException wrong)
        {
            throw EventFault.NotJson($"see byte {(wrong.BytePositionInLine ?? 0) + 1}.");
        }
        catch (InvalidOperationException)
        {
            // JSON may spell half of a character, which no text can hold.
            throw EventFault.NotJson("a text in it has half of a character.");
        }
    }

    private void Field(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("eventId"u8))
            EventId = Id(ref reader, "eventId");
        else if (reader.ValueTextEquals("type"u8))
            Type = Word(ref reader, "type", LongestId);
        else if (reader.ValueTextEquals("at"u8))
            At = Word(ref reader, "at", LongestId);
        else if (reader.ValueTextEquals("customerId"u8))
            CustomerId = Id(ref reader, "customerId");
        else if (reader.ValueTextEquals("anonymousId"u8))
            AnonymousId = Id(ref reader, "anonymousId");
        else if (reader.ValueTextEquals("sku"u8))
            Sku = Id(ref reader, "sku");
        else if (reader.ValueTextEquals("orderId"u8))
            OrderId = Id(ref reader, "orderId");
        else if (reader.ValueTextEquals("quantity"u8))
            Quantity = Whole(ref reader, "quantity", 1, 1_000_000);
        else if (reader.ValueTextEquals("unitPrice"u8))
            UnitPrice = Amount(ref reader);
        else if (reader.ValueTextEquals("currency"u8))
            Currency = Word(ref reader, "currency", 3);
        else if (reader.ValueTextEquals("rating"u8))
            Rating = Whole(ref reader, "rating", 1, 5);
        else if (reader.ValueTextEquals("text"u8))
            Text = Word(ref reader, "text", LongestText);
        else if (reader.ValueTextEquals("token"u8))
            Token = Word(ref reader, "token", LongestToken);
        else if (reader.ValueTextEquals("meta"u8))
            Meta(ref reader);
        else
            throw EventFault.Unknown(Shown(reader.GetString()!));
    }

    private static string? Word(ref Utf8JsonReader reader, string name, int longest)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String)
            throw EventFault.Wrong(name, "a text");
        var text = reader.GetString()!.Trim();
        if (text.Length > longest || text.Contains('\0', StringComparison.Ordinal))
            throw EventFault.Wrong(name, $"a text of at most {longest} characters");
        return text.Length == 0 ? null : text;
    }

    /// <summary>Shops have numbers for ids, too.</summary>
    private static string? Id(ref Utf8JsonReader reader, string name)
    {
        var number = reader;
        number.Read();
        if (number.TokenType != JsonTokenType.Number)
            return Word(ref reader, name, LongestId);
        reader.Read();
        return reader.TryGetInt64(out var whole)
            ? whole.ToString(System.Globalization.CultureInfo.InvariantCulture) : throw EventFault.Wrong(name, "a text or a whole number");
    }

    private static int? Whole(ref Utf8JsonReader reader, string name, int least, int most)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var whole) && whole >= least && whole <= most
            ? whole : throw EventFault.Wrong(name, $"a whole number from {least} to {most}");
    }

    private static decimal? Amount(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var amount) && amount is >= 0 and < 1_000_000_000_000m
            ? amount : throw EventFault.Wrong("unitPrice", "a number of 0 or more in the currency's major unit");
    }

    private static void Meta(ref Utf8JsonReader reader)
    {
        reader.Read();
        var from = reader.TokenStartIndex;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
            throw EventFault.Wrong("meta", "an object");
        reader.Skip();
        if (reader.BytesConsumed - from > LongestMeta)
            throw EventFault.Wrong("meta", $"an object of at most {LongestMeta} bytes");
    }

    private static string Shown(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
