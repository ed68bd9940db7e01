using System.Text.Json;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>
/// Reads carts as nearly all of them come, in a fraction of a serializer's time. It knows every field by its exact name and kind; at anything
/// else it gives up, and the serializer then reads or refuses the same bytes: so there is one set of rules for what a cart may be, the serializer's.
/// </summary>
public static class CartReader
{
    // From here on the serializer looks closely whether a number can be held as it was written.
    private const int LongNumber = 28;

    /// <summary>Reads the object on which the reader stands.</summary>
    /// <param name="json">On its first token; behind its last one afterwards.</param>
    /// <param name="cart">What the serializer would have made of it.</param>
    /// <returns>Whether it has been read; if not, the reader stands anywhere.</returns>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader json, out CartInput? cart)
    {
        cart = null;
        string? currency = null, channel = null, region = null;
        DateTimeOffset? at = null;
        CartCustomerInput? customer = null;
        IReadOnlyList<string?>? codes = null;
        decimal? shipping = null;
        bool? pricesIncludeTax = null;
        IReadOnlyList<CartLineInput?>? lines = null;
        if (json.TokenType != JsonTokenType.StartObject)
            return false;
        while (Name(ref json, out var name))
        {
            var known =
                name.SequenceEqual("lines"u8) ? Lines(ref json, out lines)
                : name.SequenceEqual("currency"u8) ? Text(ref json, out currency)
                : name.SequenceEqual("customer"u8) ? Customer(ref json, out customer)
                : name.SequenceEqual("codes"u8) ? Texts(ref json, out codes)
                : name.SequenceEqual("shipping"u8) ? Number(ref json, out shipping)
                : name.SequenceEqual("channel"u8) ? Text(ref json, out channel)
                : name.SequenceEqual("region"u8) ? Text(ref json, out region)
                : name.SequenceEqual("pricesIncludeTax"u8) ? Truth(ref json, out pricesIncludeTax)
                : name.SequenceEqual("at"u8) && Moment(ref json, out at);
            if (!known)
                return false;
        }

        cart = new CartInput
        {
            Currency = currency,
            At = at,
            Channel = channel,
            Region = region,
            Customer = customer,
            Codes = codes,
            Shipping = shipping,
            PricesIncludeTax = pricesIncludeTax,
            Lines = lines,
        };
        return json.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>
    /// The next field's name, with the reader on its value; false at the end of the object, and at a name that is written with escapes.
    /// </summary>
    /// <param name="json">Within an object.</param>
    /// <param name="name">As it is written.</param>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static bool Name(ref Utf8JsonReader json, out ReadOnlySpan<byte> name)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.PropertyName || json.ValueIsEscaped)
        {
            name = default;
            return false;
        }

        name = json.ValueSpan;
        return json.Read();
    }

    /// <summary>A string or null.</summary>
    public static bool Text(ref Utf8JsonReader json, out string? text)
    {
        text = json.TokenType == JsonTokenType.String ? json.GetString() : null;
        return json.TokenType is JsonTokenType.String or JsonTokenType.Null;
    }

    /// <summary>A list of strings and nulls, or null.</summary>
    public static bool Texts(ref Utf8JsonReader json, out IReadOnlyList<string?>? texts)
    {
        texts = null;
        if (json.TokenType != JsonTokenType.StartArray)
            return json.TokenType == JsonTokenType.Null;
        // Most have one entry, or none.
        string? only = null;
        List<string?>? all = null;
        var count = 0;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; count++)
        {
            if (!Text(ref json, out var text))
                return false;
            if (count == 0)
                only = text;
            else
                (all ??= [only]).Add(text);
        }

        texts = all is not null ? all : count == 0 ? [] : [only];
        return true;
    }

    private static bool Lines(ref Utf8JsonReader json, out IReadOnlyList<CartLineInput?>? lines)
    {
        lines = null;
        if (json.TokenType != JsonTokenType.StartArray)
            return json.TokenType == JsonTokenType.Null;
        List<CartLineInput?> all = [];
        lines = all;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (!Line(ref json, out var line))
                return false;
            all.Add(line);
        }

        return true;
    }

    private static bool Line(ref Utf8JsonReader json, out CartLineInput? line)
    {
        line = null;
        string? id = null, sku = null, brand = null;
        IReadOnlyList<string?>? categories = null, tags = null;
        decimal? quantity = null, unitPrice = null, minUnitPrice = null, taxRate = null;
        bool? selected = null;
        if (json.TokenType != JsonTokenType.StartObject)
            return false;
        while (Name(ref json, out var name))
        {
            var known =
                name.SequenceEqual("id"u8) ? Text(ref json, out id)
                : name.SequenceEqual("sku"u8) ? Text(ref json, out sku)
                : name.SequenceEqual("categories"u8) ? Texts(ref json, out categories)
                : name.SequenceEqual("brand"u8) ? Text(ref json, out brand)
                : name.SequenceEqual("tags"u8) ? Texts(ref json, out tags)
                : name.SequenceEqual("quantity"u8) ? Number(ref json, out quantity)
                : name.SequenceEqual("unitPrice"u8) ? Number(ref json, out unitPrice)
                : name.SequenceEqual("taxRate"u8) ? Number(ref json, out taxRate)
                : name.SequenceEqual("minUnitPrice"u8) ? Number(ref json, out minUnitPrice)
                : name.SequenceEqual("selected"u8) && Truth(ref json, out selected);
            if (!known)
                return false;
        }

        line = new CartLineInput
        {
            Id = id,
            Sku = sku,
            Categories = categories,
            Brand = brand,
            Tags = tags,
            Quantity = quantity,
            UnitPrice = unitPrice,
            MinUnitPrice = minUnitPrice,
            TaxRate = taxRate,
            Selected = selected,
        };
        return json.TokenType == JsonTokenType.EndObject;
    }

    private static bool Customer(ref Utf8JsonReader json, out CartCustomerInput? customer)
    {
        customer = null;
        string? id = null;
        IReadOnlyList<string?>? segments = null;
        bool? isNew = null;
        if (json.TokenType != JsonTokenType.StartObject)
            return json.TokenType == JsonTokenType.Null;
        while (Name(ref json, out var name))
        {
            var known =
                name.SequenceEqual("id"u8) ? Text(ref json, out id)
                : name.SequenceEqual("segments"u8) ? Texts(ref json, out segments)
                : name.SequenceEqual("isNew"u8) && Truth(ref json, out isNew);
            if (!known)
                return false;
        }

        customer = new CartCustomerInput { Id = id, Segments = segments, IsNew = isNew };
        return json.TokenType == JsonTokenType.EndObject;
    }

    private static bool Number(ref Utf8JsonReader json, out decimal? number)
    {
        number = null;
        if (json.TokenType != JsonTokenType.Number)
            return json.TokenType == JsonTokenType.Null;
        if (json.ValueSpan.Length >= LongNumber || json.ValueSpan.ContainsAny((byte)'e', (byte)'E') || !json.TryGetDecimal(out var value))
            return false;
        number = value;
        return true;
    }

    private static bool Truth(ref Utf8JsonReader json, out bool? truth)
    {
        truth = json.TokenType is JsonTokenType.Null ? null : json.TokenType == JsonTokenType.True;
        return json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
    }

    private static bool Moment(ref Utf8JsonReader json, out DateTimeOffset? moment)
    {
        moment = null;
        if (json.TokenType != JsonTokenType.String)
            return json.TokenType == JsonTokenType.Null;
        if (!json.TryGetDateTimeOffset(out var value))
            return false;
        moment = value;
        return true;
    }
}
