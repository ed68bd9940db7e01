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
    public static void Write(Utf8JsonWriter writer, Quote quote, CultureInfo culture, Func<string, string>? campaignName = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(quote);
        var currency = Currency.Get(quote.Currency);
        var words = new QuoteWords(quote.Currency, culture, campaignName);
        writer.WriteStartObject();
        writer.WriteString("currency", quote.Currency);
        writer.WriteStartArray("lines");
        foreach (var line in quote.Lines)
            Line(writer, line, currency);
        writer.WriteEndArray();
        writer.WriteNumber("goodsTotal", currency.ToMajor(quote.GoodsTotal));
        writer.WriteNumber("shipping", currency.ToMajor(quote.Shipping));
        writer.WriteNumber("shippingDiscount", currency.ToMajor(quote.ShippingDiscount));
        writer.WriteNumber("discountTotal", currency.ToMajor(quote.DiscountTotal));
        writer.WriteNumber("total", currency.ToMajor(quote.Total));
        writer.WriteStartArray("campaigns");
        foreach (var campaign in quote.Campaigns)
            Campaign(writer, campaign, currency, words);
        writer.WriteEndArray();
        writer.WriteStartArray("nearMisses");
        foreach (var miss in quote.NearMisses)
            Miss(writer, miss, currency, words);
        writer.WriteEndArray();
        writer.WriteStartArray("codes");
        foreach (var code in quote.Codes)
            Code(writer, code, currency, words);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Line(Utf8JsonWriter writer, QuoteLine line, Currency currency)
    {
        writer.WriteStartObject();
        writer.WriteString("id", line.Id);
        writer.WriteString("sku", line.Sku);
        writer.WriteNumber("quantity", line.Quantity);
        writer.WriteNumber("listTotal", currency.ToMajor(line.ListTotal));
        writer.WriteNumber("discount", currency.ToMajor(line.Discount));
        writer.WriteNumber("total", currency.ToMajor(line.Total));
        writer.WriteStartArray("discounts");
        foreach (var discount in line.Discounts)
        {
            writer.WriteStartObject();
            writer.WriteString("campaignId", discount.CampaignId);
            writer.WriteNumber("amount", currency.ToMajor(discount.Amount));
            writer.WriteStartArray("unitAmounts");
            foreach (var unit in discount.UnitAmounts)
                writer.WriteNumberValue(currency.ToMajor(unit));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("gift", line.GiftOf is not null);
        if (line.GiftOf is not null)
            writer.WriteString("campaignId", line.GiftOf);
        writer.WriteEndObject();
    }

    private static void Campaign(Utf8JsonWriter writer, in CampaignOutcome campaign, Currency currency, QuoteWords words)
    {
        writer.WriteStartObject();
        writer.WriteString("id", campaign.Id);
        writer.WriteBoolean("applied", campaign.Applied);
        writer.WriteNumber("amount", currency.ToMajor(campaign.Amount));
        writer.WriteNumber("desired", currency.ToMajor(campaign.Desired));
        if (campaign.Code is { } code)
            writer.WriteString("code", code);
        if (campaign.Reason is { } reason)
            Reason(writer, reason, currency, words);
        writer.WriteEndObject();
    }

    private static void Reason(Utf8JsonWriter writer, QuoteReason reason, Currency currency, QuoteWords words)
    {
        writer.WriteStartObject("reason");
        writer.WriteString("code", reason.Code.Name());
        writer.WriteString("message", words.Of(reason));
        if (reason.Missing is { } missing)
            Missing(writer, missing, reason.MissingIsQuantity, currency);
        if (reason.CampaignId is { } rival)
            writer.WriteString("campaignId", rival);
        if (reason.By is { } by)
            writer.WriteNumber("by", currency.ToMajor(by));
        if (reason.Limit is { } limit)
            writer.WriteString("limit", limit);
        writer.WriteEndObject();
    }

    private static void Miss(Utf8JsonWriter writer, NearMiss miss, Currency currency, QuoteWords words)
    {
        writer.WriteStartObject();
        writer.WriteString("campaignId", miss.CampaignId);
        Missing(writer, miss.Missing, miss.MissingIsQuantity, currency);
        writer.WriteNumber("gain", currency.ToMajor(miss.Gain));
        if (miss.Gift is { } gift)
            writer.WriteString("gift", gift);
        writer.WriteString("message", words.Of(miss));
        writer.WriteEndObject();
    }

    // Units of goods are counted, money is in major units; the unit says which.
    private static void Missing(Utf8JsonWriter writer, long missing, bool quantity, Currency currency)
    {
        writer.WriteNumber("missing", quantity ? missing : currency.ToMajor(missing));
        writer.WriteString("missingUnit", quantity ? "quantity" : "money");
    }

    private static void Code(Utf8JsonWriter writer, CodeOutcome code, Currency currency, QuoteWords words)
    {
        writer.WriteStartObject();
        writer.WriteString("code", code.Code);
        writer.WriteBoolean("applied", code.Reason is null);
        if (code.CampaignId is { } campaign)
            writer.WriteString("campaignId", campaign);
        if (code.Reason is { } reason)
            Reason(writer, reason, currency, words);
        writer.WriteEndObject();
    }
}
