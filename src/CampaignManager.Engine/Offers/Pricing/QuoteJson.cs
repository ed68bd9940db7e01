using System.Globalization;
using System.Text.Json;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Writes a quote as the API shows it: major units, reasons with a sentence and their figures. Field names are the contract.</summary>
public static class QuoteJson
{
    /// <summary>Writes the quote as one object within other JSON.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="quote">The quote.</param>
    /// <param name="culture">Language of the sentences.</param>
    /// <param name="campaignName">How a campaign is called in sentences; its id when null.</param>
    /// <param name="units">Whether each unit's share of a line's discount is written: with many campaigns that is most of the answer.</param>
    public static void Write(
        Utf8JsonWriter writer, Quote quote, CultureInfo culture, Func<string, string>? campaignName = null, bool units = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var text = Of(quote, culture, campaignName, units);
        writer.WriteRawValue(text.Written, skipInputValidation: true);
    }

    /// <summary>The quote as a whole answer. To be disposed by who asked for it, and used on one thread.</summary>
    /// <param name="quote">The quote.</param>
    /// <param name="culture">Language of the sentences.</param>
    /// <param name="campaignName">How a campaign is called in sentences; its id when null.</param>
    /// <param name="units">Whether each unit's share of a line's discount is written.</param>
    /// <param name="warnings">What is wrong with the call, though it is answered.</param>
    public static JsonText Of(
        Quote quote, CultureInfo culture, Func<string, string>? campaignName = null, bool units = false, IReadOnlyList<RuleError>? warnings = null)
    {
        ArgumentNullException.ThrowIfNull(quote);
        var text = JsonText.Rent();
        Quote(text, quote, new QuoteWords(quote.Currency, culture, campaignName), units);
        Warnings(text, warnings);
        text.Raw("}"u8);
        return text;
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

    private static void Warnings(JsonText text, IReadOnlyList<RuleError>? warnings)
    {
        if (warnings is not { Count: > 0 })
            return;
        text.Raw(""","warnings":["""u8);
        foreach (var warning in warnings)
        {
            text.Raw("""{"path":"""u8);
            text.Text(warning.Path);
            text.Raw(""","code":"""u8);
            text.Text(warning.Code);
            text.Raw(""","message":"""u8);
            text.Text(warning.Message);
            text.Raw("},"u8);
        }

        text.DropComma();
        text.Raw("]"u8);
    }

    // Every value is followed by a comma, and what closes a list or an object takes the last one back: nothing needs to know what
    // comes next.
    private static void Quote(JsonText text, Quote quote, QuoteWords words, bool units)
    {
        var currency = Currency.Get(quote.Currency);
        text.Raw("""{"currency":"""u8);
        text.Text(quote.Currency);
        text.Raw(""","lines":["""u8);
        foreach (var line in quote.Lines)
            Line(text, line, currency, units);
        text.DropComma();
        text.Raw("""],"unselected":["""u8);
        foreach (var line in quote.Unselected)
            Unselected(text, line, currency);
        text.DropComma();
        text.Raw("""],"goodsTotal":"""u8);
        text.Amount(quote.GoodsTotal, currency);
        text.Raw(""","shipping":"""u8);
        text.Amount(quote.Shipping, currency);
        text.Raw(""","shippingDiscount":"""u8);
        text.Amount(quote.ShippingDiscount, currency);
        text.Raw(""","discountTotal":"""u8);
        text.Amount(quote.DiscountTotal, currency);
        text.Raw(""","total":"""u8);
        text.Amount(quote.Total, currency);
        text.Raw(""","campaigns":["""u8);
        foreach (var campaign in quote.Campaigns)
            Campaign(text, campaign, currency, words);
        text.DropComma();
        text.Raw("""],"nearMisses":["""u8);
        foreach (var miss in quote.NearMisses)
            Miss(text, miss, currency, words);
        text.DropComma();
        text.Raw("""],"codes":["""u8);
        foreach (var code in quote.Codes)
            Code(text, code, currency, words);
        text.DropComma();
        text.Raw("]"u8);
    }

    private static void Unselected(JsonText text, UnselectedLine line, Currency currency)
    {
        text.Raw("""{"id":"""u8);
        text.Text(line.Id);
        text.Raw(""","sku":"""u8);
        text.Text(line.Sku);
        text.Raw(""","quantity":"""u8);
        text.Number(line.Quantity);
        text.Raw(""","listTotal":"""u8);
        text.Amount(line.ListTotal, currency);
        text.Raw("},"u8);
    }

    private static void Line(JsonText text, QuoteLine line, Currency currency, bool units)
    {
        text.Raw("""{"id":"""u8);
        text.Text(line.Id);
        text.Raw(""","sku":"""u8);
        text.Text(line.Sku);
        text.Raw(""","quantity":"""u8);
        text.Number(line.Quantity);
        text.Raw(""","listTotal":"""u8);
        text.Amount(line.ListTotal, currency);
        text.Raw(""","discount":"""u8);
        text.Amount(line.Discount, currency);
        text.Raw(""","total":"""u8);
        text.Amount(line.Total, currency);
        text.Raw(""","discounts":["""u8);
        foreach (var discount in line.Discounts)
        {
            text.Raw("""{"campaignId":"""u8);
            text.Text(discount.CampaignId);
            text.Raw(""","amount":"""u8);
            text.Amount(discount.Amount, currency);
            if (units)
                Units(text, discount.UnitAmounts, currency);
            text.Raw("},"u8);
        }

        text.DropComma();
        text.Raw(line.GiftOf is null ? """],"gift":false"""u8 : """],"gift":true,"campaignId":"""u8);
        if (line.GiftOf is { } campaign)
            text.Text(campaign);
        text.Raw("},"u8);
    }

    private static void Units(JsonText text, IReadOnlyList<long> amounts, Currency currency)
    {
        text.Raw(""","unitAmounts":["""u8);
        foreach (var unit in amounts)
        {
            text.Amount(unit, currency);
            text.Raw(","u8);
        }

        text.DropComma();
        text.Raw("]"u8);
    }

    private static void Campaign(JsonText text, in CampaignOutcome campaign, Currency currency, QuoteWords words)
    {
        text.Raw("""{"id":"""u8);
        text.Text(campaign.Id);
        text.Raw(campaign.Applied ? ""","applied":true,"amount":"""u8 : ""","applied":false,"amount":"""u8);
        text.Amount(campaign.Amount, currency);
        text.Raw(""","desired":"""u8);
        text.Amount(campaign.Desired, currency);
        Named(text, ""","code":"""u8, campaign.Code);
        if (campaign.Reason is { } reason)
            Reason(text, reason, currency, words);
        text.Raw("},"u8);
    }

    private static void Reason(JsonText text, QuoteReason reason, Currency currency, QuoteWords words)
    {
        text.Raw(""","reason":{"code":"""u8);
        text.Text(reason.Code.Name());
        text.Raw(""","message":"""u8);
        text.Text(words.Of(reason));
        if (reason.Missing is { } missing)
            Missing(text, missing, reason.MissingIsQuantity, currency);
        Named(text, ""","campaignId":"""u8, reason.CampaignId);
        if (reason.By is { } by)
        {
            text.Raw(""","by":"""u8);
            text.Amount(by, currency);
        }

        Named(text, ""","limit":"""u8, reason.Limit);
        text.Raw("}"u8);
    }

    private static void Miss(JsonText text, NearMiss miss, Currency currency, QuoteWords words)
    {
        text.Raw("""{"campaignId":"""u8);
        text.Text(miss.CampaignId);
        Missing(text, miss.Missing, miss.MissingIsQuantity, currency, miss.IsCustomer);
        text.Raw(""","gain":"""u8);
        text.Amount(miss.Gain, currency);
        Named(text, ""","gift":"""u8, miss.Gift);
        text.Raw(""","message":"""u8);
        text.Text(words.Of(miss));
        text.Raw("},"u8);
    }

    // Units of goods are counted, money is in major units; the unit says which.
    private static void Missing(JsonText text, long missing, bool quantity, Currency currency, bool customer = false)
    {
        text.Raw(""","missing":"""u8);
        if (quantity)
            text.Number(missing);
        else
            text.Amount(missing, currency);
        text.Raw(customer ? ",\"missingUnit\":\"customer\""u8 : quantity ? ",\"missingUnit\":\"quantity\""u8 : ",\"missingUnit\":\"money\""u8);
    }

    private static void Code(JsonText text, CodeOutcome code, Currency currency, QuoteWords words)
    {
        text.Raw("""{"code":"""u8);
        text.Text(code.Code);
        text.Raw(code.Reason is null ? ""","applied":true"""u8 : ""","applied":false"""u8);
        Named(text, ""","campaignId":"""u8, code.CampaignId);
        text.Raw(""","campaignIds":["""u8);
        foreach (var owner in code.CampaignIds)
        {
            text.Text(owner);
            text.Raw(","u8);
        }

        text.DropComma();
        text.Raw("]"u8);
        if (code.Reason is { } reason)
            Reason(text, reason, currency, words);
        text.Raw("},"u8);
    }

    private static void Named(JsonText text, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
            return;
        text.Raw(name);
        text.Text(value);
    }
}
