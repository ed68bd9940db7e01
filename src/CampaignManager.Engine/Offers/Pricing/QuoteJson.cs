using System.Globalization;
using System.Text.Json;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Writes a quote as the API shows it: major units, reasons with a sentence and their figures. Field names are the contract.</summary>
public static class QuoteJson
{
    /// <summary>Writes the quote as one object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="quote">The quote.</param>
    /// <param name="culture">Language of the sentences.</param>
    /// <param name="campaignName">How a campaign is called in sentences; its id when null.</param>
    /// <param name="units">Whether each unit's share of a line's discount is written: with many campaigns that is most of the answer.</param>
    /// <param name="warnings">What is wrong with the call, though it is answered.</param>
    public static void Write(
        Utf8JsonWriter writer, Quote quote, CultureInfo culture, Func<string, string>? campaignName = null, bool units = false,
        IReadOnlyList<RuleError>? warnings = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(quote);
        var currency = Currency.Get(quote.Currency);
        var words = new QuoteWords(quote.Currency, culture, campaignName);
        writer.WriteStartObject();
        writer.WriteString("currency"u8, quote.Currency);
        writer.WriteStartArray("lines"u8);
        foreach (var line in quote.Lines)
            Line(writer, line, currency, units);
        writer.WriteEndArray();
        writer.WriteStartArray("unselected"u8);
        foreach (var line in quote.Unselected)
            Unselected(writer, line, currency);
        writer.WriteEndArray();
        Money(writer, "goodsTotal"u8, quote.GoodsTotal, currency);
        Money(writer, "shipping"u8, quote.Shipping, currency);
        Money(writer, "shippingDiscount"u8, quote.ShippingDiscount, currency);
        Money(writer, "discountTotal"u8, quote.DiscountTotal, currency);
        Money(writer, "total"u8, quote.Total, currency);
        writer.WriteStartArray("campaigns"u8);
        foreach (var campaign in quote.Campaigns)
            Campaign(writer, campaign, currency, words);
        writer.WriteEndArray();
        writer.WriteStartArray("nearMisses"u8);
        foreach (var miss in quote.NearMisses)
            Miss(writer, miss, currency, words);
        writer.WriteEndArray();
        writer.WriteStartArray("codes"u8);
        foreach (var code in quote.Codes)
            Code(writer, code, currency, words);
        writer.WriteEndArray();
        Warnings(writer, warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes what is wrong with a call that is answered all the same; nothing where nothing is.</summary>
    public static void Warnings(Utf8JsonWriter writer, IReadOnlyList<RuleError>? warnings)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (warnings is not { Count: > 0 })
            return;
        writer.WriteStartArray("warnings"u8);
        foreach (var warning in warnings)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, warning.Path);
            writer.WriteString("code"u8, warning.Code);
            writer.WriteString("message"u8, warning.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Line(Utf8JsonWriter writer, QuoteLine line, Currency currency, bool units)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, line.Id);
        writer.WriteString("sku"u8, line.Sku);
        writer.WriteNumber("quantity"u8, line.Quantity);
        Money(writer, "listTotal"u8, line.ListTotal, currency);
        Money(writer, "discount"u8, line.Discount, currency);
        Money(writer, "total"u8, line.Total, currency);
        writer.WriteStartArray("discounts"u8);
        foreach (var discount in line.Discounts)
        {
            writer.WriteStartObject();
            writer.WriteString("campaignId"u8, discount.CampaignId);
            Money(writer, "amount"u8, discount.Amount, currency);
            if (units)
                Units(writer, discount.UnitAmounts, currency);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("gift"u8, line.GiftOf is not null);
        if (line.GiftOf is not null)
            writer.WriteString("campaignId"u8, line.GiftOf);
        writer.WriteEndObject();
    }

    private static void Unselected(Utf8JsonWriter writer, UnselectedLine line, Currency currency)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, line.Id);
        writer.WriteString("sku"u8, line.Sku);
        writer.WriteNumber("quantity"u8, line.Quantity);
        Money(writer, "listTotal"u8, line.ListTotal, currency);
        writer.WriteEndObject();
    }

    private static void Units(Utf8JsonWriter writer, IReadOnlyList<long> amounts, Currency currency)
    {
        writer.WriteStartArray("unitAmounts"u8);
        foreach (var unit in amounts)
            Amount(writer, unit, currency);
        writer.WriteEndArray();
    }

    private static void Campaign(Utf8JsonWriter writer, in CampaignOutcome campaign, Currency currency, QuoteWords words)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, campaign.Id);
        writer.WriteBoolean("applied"u8, campaign.Applied);
        Money(writer, "amount"u8, campaign.Amount, currency);
        Money(writer, "desired"u8, campaign.Desired, currency);
        if (campaign.Code is { } code)
            writer.WriteString("code"u8, code);
        if (campaign.Reason is { } reason)
            Reason(writer, reason, currency, words);
        writer.WriteEndObject();
    }

    private static void Reason(Utf8JsonWriter writer, QuoteReason reason, Currency currency, QuoteWords words)
    {
        writer.WriteStartObject("reason"u8);
        writer.WriteString("code"u8, reason.Code.Name());
        writer.WriteString("message"u8, words.Of(reason));
        if (reason.Missing is { } missing)
            Missing(writer, missing, reason.MissingIsQuantity, currency);
        if (reason.CampaignId is { } rival)
            writer.WriteString("campaignId"u8, rival);
        if (reason.By is { } by)
            Money(writer, "by"u8, by, currency);
        if (reason.Limit is { } limit)
            writer.WriteString("limit"u8, limit);
        writer.WriteEndObject();
    }

    private static void Miss(Utf8JsonWriter writer, NearMiss miss, Currency currency, QuoteWords words)
    {
        writer.WriteStartObject();
        writer.WriteString("campaignId"u8, miss.CampaignId);
        Missing(writer, miss.Missing, miss.MissingIsQuantity, currency, miss.IsCustomer);
        Money(writer, "gain"u8, miss.Gain, currency);
        if (miss.Gift is { } gift)
            writer.WriteString("gift"u8, gift);
        writer.WriteString("message"u8, words.Of(miss));
        writer.WriteEndObject();
    }

    // Units of goods are counted, money is in major units; the unit says which.
    private static void Missing(Utf8JsonWriter writer, long missing, bool quantity, Currency currency, bool customer = false)
    {
        if (quantity)
            writer.WriteNumber("missing"u8, missing);
        else
            Money(writer, "missing"u8, missing, currency);
        writer.WriteString("missingUnit"u8, customer ? "customer" : quantity ? "quantity" : "money");
    }

    private static void Money(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long minor, Currency currency)
    {
        writer.WritePropertyName(name);
        Amount(writer, minor, currency);
    }

    /// <summary>In major units, without idle zeros: as a decimal would be written, but a quote has hundreds of amounts and need not divide decimals for them.</summary>
    private static void Amount(Utf8JsonWriter writer, long minor, Currency currency)
    {
        var (whole, rest) = Math.DivRem(minor, currency.MinorPerMajor);
        if (rest == 0)
        {
            writer.WriteNumberValue(whole);
            return;
        }

        Span<byte> text = stackalloc byte[32];
        var at = 0;
        if (minor < 0)
            text[at++] = (byte)'-';
        Math.Abs(whole).TryFormat(text[at..], out var written, default, CultureInfo.InvariantCulture);
        at += written;
        text[at++] = (byte)'.';
        rest = Math.Abs(rest);
        for (var unit = currency.MinorPerMajor / 10; rest > 0; unit /= 10)
        {
            text[at++] = (byte)('0' + rest / unit);
            rest %= unit;
        }

        writer.WriteRawValue(text[..at], skipInputValidation: true);
    }

    private static void Code(Utf8JsonWriter writer, CodeOutcome code, Currency currency, QuoteWords words)
    {
        writer.WriteStartObject();
        writer.WriteString("code"u8, code.Code);
        writer.WriteBoolean("applied"u8, code.Reason is null);
        if (code.CampaignId is { } campaign)
            writer.WriteString("campaignId"u8, campaign);
        writer.WriteStartArray("campaignIds"u8);
        foreach (var owner in code.CampaignIds)
            writer.WriteStringValue(owner);
        writer.WriteEndArray();
        if (code.Reason is { } reason)
            Reason(writer, reason, currency, words);
        writer.WriteEndObject();
    }
}
