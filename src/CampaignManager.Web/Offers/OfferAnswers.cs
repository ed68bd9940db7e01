using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Hosting;
using Microsoft.Net.Http.Headers;

namespace CampaignManager.Web.Offers;

/// <summary>JSON that is written without objects in between: a checkout asks often.</summary>
public sealed class WrittenJson(int status, Action<Utf8JsonWriter> write, string? location = null, string type = WrittenJson.UsualType) : IResult
{
    public const string UsualType = "application/json; charset=utf-8";

    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? kept;

    [ThreadStatic]
    private static Utf8JsonWriter? keptWriter;

    private static readonly JsonWriterOptions Options = new() { Encoder = Engine.Offers.RulesJson.Options.Encoder, SkipValidation = true };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = type;
        if (location is not null)
            httpContext.Response.Headers[HeaderNames.Location] = location;
        Write(httpContext.Response);
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    /// <summary>Into a buffer first, so that the answer has a length and goes out in one piece.</summary>
    private void Write(HttpResponse response)
    {
        var buffer = kept ?? new ArrayBufferWriter<byte>(16 * 1024);
        kept = null;
        var writer = keptWriter ?? new Utf8JsonWriter(buffer, Options);
        keptWriter = null;
        writer.Reset(buffer);
        write(writer);
        writer.Flush();
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
        (kept, keptWriter) = buffer.Capacity <= MostKept ? (buffer, writer) : (null, null);
    }
}

/// <summary>A quote as the whole answer.</summary>
public sealed class WrittenQuote(Quote quote, HeldOffers? offers, bool units, IReadOnlyList<RuleError> warnings) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = WrittenJson.UsualType;
        using (var json = QuoteJson.Of(quote, CultureInfo.CurrentUICulture, offers is null ? null : offers.NameOf, units, warnings))
        {
            response.ContentLength = json.Written.Length;
            response.BodyWriter.Write(json.Written);
        }

        return response.BodyWriter.FlushAsync(httpContext.RequestAborted).AsTask();
    }
}

/// <summary>Quotes and redemptions as callers read them.</summary>
public static class OfferAnswers
{
    public static IResult Of(Quoted quoted, bool units, IReadOnlyList<RuleError> warnings) => new WrittenQuote(quoted.Quote, quoted.Offers, units, warnings);

    public static IResult Of(Quote quote, bool units, IReadOnlyList<RuleError> warnings) => new WrittenQuote(quote, null, units, warnings);

    public static IResult Of(RedemptionView redemption, HeldOffers offers, bool units) =>
        new WrittenJson(StatusCodes.Status200OK, writer => Write(writer, redemption, offers, units));

    public static IResult Created(RedemptionView redemption, HeldOffers offers, bool units, IReadOnlyList<RuleError> warnings) => new WrittenJson(
        StatusCodes.Status201Created, writer => Write(writer, redemption, offers, units, warnings), $"{Api.Prefix}/redemptions/{redemption.Id}");

    public static IResult List(Paged<RedemptionView> page, HeldOffers offers, bool units) => new WrittenJson(StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var item in page.Items)
            Write(writer, item, offers, units);
        writer.WriteEndArray();
        writer.WriteNumber("total", page.Total);
        writer.WriteEndObject();
    });

    /// <summary>A refusal whose reason is the price: the problem carries the quote as it is now.</summary>
    public static IResult Problem(Failure failure, Quoted now, bool units) => new WrittenJson((int)failure.Kind, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", "https://tools.ietf.org/html/rfc9110#section-15.5.10");
        writer.WriteString("title", "Conflict");
        writer.WriteNumber("status", (int)failure.Kind);
        writer.WriteString("detail", failure.Message);
        writer.WriteString("code", failure.Code);
        writer.WriteString("reason", failure.Message);
        writer.WritePropertyName("quote");
        Write(writer, now, units);
        writer.WriteEndObject();
    }, type: "application/problem+json");

    public static string Name(RedemptionState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private static void Write(Utf8JsonWriter writer, Quoted quoted, bool units) => Write(writer, quoted.Quote, quoted.Offers, units);

    private static void Write(Utf8JsonWriter writer, Quote quote, HeldOffers offers, bool units) => QuoteJson.Write(
        writer, quote, CultureInfo.CurrentUICulture, offers.NameOf, units);

    private static void Write(Utf8JsonWriter writer, RedemptionView redemption, HeldOffers offers, bool units, IReadOnlyList<RuleError>? warnings = null)
    {
        var currency = Currency.Get(redemption.Currency);
        writer.WriteStartObject();
        writer.WriteString("id", redemption.Id);
        writer.WriteString("state", Name(redemption.State));
        writer.WriteString("orderId", redemption.OrderId);
        writer.WriteBoolean("sandbox", redemption.Sandbox);
        writer.WriteString("currency", redemption.Currency);
        writer.WriteNumber("total", currency.ToMajor(redemption.TotalMinor));
        writer.WriteNumber("refunded", currency.ToMajor(redemption.RefundedMinor));
        writer.WriteString("reservedAt", redemption.ReservedAt);
        writer.WriteString("expiresAt", redemption.ExpiresAt);
        if (redemption.ConfirmedAt is { } confirmed)
            writer.WriteString("confirmedAt", confirmed);
        if (redemption.ClosedAt is { } closed)
            writer.WriteString("closedAt", closed);
        writer.WriteStartArray("refunds");
        foreach (var refund in redemption.Refunds)
        {
            writer.WriteStartObject();
            writer.WriteString("id", refund.Id);
            writer.WriteString("at", refund.At);
            writer.WriteNumber("refund", currency.ToMajor(refund.AmountMinor));
            Details(writer, refund.Detail, currency);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("quote");
        Write(writer, redemption.Quote, offers, units);
        QuoteJson.Warnings(writer, warnings);
        writer.WriteEndObject();
    }

    public static IResult Of(MadeRefund made, IReadOnlyList<RuleError> warnings) => new WrittenJson(StatusCodes.Status200OK, writer =>
    {
        var currency = Currency.Get(made.Currency);
        writer.WriteStartObject();
        writer.WriteString("id", made.Refund.Id);
        writer.WriteNumber("refund", currency.ToMajor(made.Refund.AmountMinor));
        Details(writer, made.Refund.Detail, currency);
        writer.WriteString("state", Name(made.State));
        QuoteJson.Warnings(writer, warnings);
        writer.WriteEndObject();
    });

    private static void Details(Utf8JsonWriter writer, RefundDetail detail, Currency currency)
    {
        writer.WriteStartArray("lines");
        foreach (var line in detail.Lines)
        {
            writer.WriteStartObject();
            writer.WriteString("id", line.Id);
            writer.WriteNumber("quantity", line.Quantity);
            writer.WriteNumber("refund", currency.ToMajor(line.Amount));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("gifts");
        foreach (var gift in detail.Gifts)
        {
            writer.WriteStartObject();
            writer.WriteString("campaignId", gift.CampaignId);
            writer.WriteString("sku", gift.Sku);
            writer.WriteNumber("quantity", gift.Quantity);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (detail.Shipping is { } shipping)
            writer.WriteNumber("shipping", currency.ToMajor(shipping));
        if (detail.Free is { } free)
            writer.WriteNumber("amount", currency.ToMajor(free));
        if (detail.PaidShare is true)
            writer.WriteBoolean("paidShare", true);
    }
}
