using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace CampaignManager.Web.Offers;

/// <summary>An order's claim on campaigns over HTTP: reserved, confirmed, cancelled, extended.</summary>
public static class RedemptionsApi
{
    public static void MapRedemptionsApi(this IEndpointRouteBuilder api)
    {
        var redemptions = api.MapGroup("/redemptions").WithTags("Offers").RequireScope(Scopes.Offers).OpenToSandbox();
        redemptions.MapPost("/", RedeemAsync).WithSummary("Reserve what campaigns grant an order")
            .Produces<RedemptionResource>(StatusCodes.Status201Created)
            .Produces<PriceProblem>(StatusCodes.Status409Conflict, "application/problem+json");
        redemptions.MapGet("/", ListAsync).WithSummary("Redemptions of an order, the newest first").Produces<Paged<RedemptionResource>>();
        redemptions.MapGet("/{id:guid}", GetAsync).WithSummary("Read a redemption")
            .Produces<RedemptionResource>().ProducesProblem(StatusCodes.Status404NotFound);
        Step("confirm", "The order is paid: the reservation holds for good", (life, id, caller, stop) => life.ConfirmAsync(id, caller, stop));
        Step("cancel", "Give a reservation back", (life, id, caller, stop) => life.CancelAsync(id, caller, stop));
        redemptions.MapPost("/{id:guid}/extend", async (
                Guid id, [FromQuery] string[]? include, RedemptionLife life, LiveOffers live, HttpContext http, CancellationToken stop) =>
            {
                var body = await http.BodyAsync<ExtendInput>();
                return await ShowAsync(() => life.ExtendAsync(id, body?.Minutes, http.OfferCaller(), stop), include, live, stop);
            }).TakesOptional<ExtendInput>().WithSummary("Hold a reservation longer")
            .Produces<RedemptionResource>().ProducesProblem(StatusCodes.Status409Conflict);

        redemptions.MapPost("/{id:guid}/refunds", RefundAsync).WithSummary("Pay back what came back")
            .Produces<MadeRefundResource>().ProducesProblem(StatusCodes.Status409Conflict);

        void Step(string name, string summary, Func<RedemptionLife, Guid, OfferCaller, CancellationToken, Task<Outcome<RedemptionView>>> step) =>
            redemptions.MapPost($"/{{id:guid}}/{name}", async (
                Guid id, [FromQuery] string[]? include, RedemptionLife life, LiveOffers live, HttpContext http, CancellationToken stop) =>
                await ShowAsync(() => step(life, id, http.OfferCaller(), stop), include, live, stop))
                .WithSummary(summary).Produces<RedemptionResource>()
                .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> RedeemAsync(
        RedeemInput body, RedemptionService service, CartCustomers customers, LiveOffers live, CallFields fields, HttpContext http, CancellationToken stop)
    {
        var errors = new InputErrors();
        var cart = errors.Cart(body.Cart);
        var explain = errors.Explain(body.Explain, Explain.Shopper, http.MostExplained());
        var expected = errors.Money("expectedTotal", body.ExpectedTotal, body.Cart?.Currency);
        errors.Key("orderId", body.OrderId);
        var units = errors.Units(body.Include);
        errors.Unknown<RedeemInput>("", body.Unknown);
        var warnings = await errors.WarningsAsync(fields, stop);
        if (errors.Any)
            return errors.ToFailure().ToProblem();
        var known = await customers.CompleteAsync(cart!, body.Cart!.Customer?.Segments is not null, stop);
        var answer = await service.RedeemAsync(new RedeemRequest(known, body.Cart!.At?.UtcDateTime, expected, body.OrderId!, CallKey(http, body)), http.OfferCaller(explain), stop);
        if (answer.Redemption is { } made)
            return OfferAnswers.Created(made, await live.CurrentAsync(stop), units, warnings);
        return answer.Now is { } now ? OfferAnswers.Problem(answer.Failure!, now, units) : answer.Failure!.ToProblem();
    }

    private static async Task<IResult> RefundAsync(
        Guid id, RefundInput body, RefundService service, CallFields fields, HttpContext http, CancellationToken stop)
    {
        var errors = new InputErrors();
        foreach (var (i, line) in (body.Lines ?? []).Index())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"lines[{i}]");
            if (line is null)
                errors.Add(path, "The entry is blank.");
            else if (line.Quantity is not { } quantity || quantity < 1 || quantity > CartValidation.MostUnits || decimal.Truncate(quantity) != quantity)
                errors.Add(path + ".quantity", "The quantity must be a whole number from 1.");
            errors.Unknown<RefundLineInput>(path, line?.Unknown);
        }

        errors.Unknown<RefundInput>("", body.Unknown);
        var warnings = await errors.WarningsAsync(fields, stop);

        if (body.Lines is { Count: > CartValidation.MostLines } or { Count: 0 } || body is { Lines: null, Shipping: null, Amount: null })
            errors.Add("lines", "Name the lines that come back, at most 1000, or shipping or an amount to pay back.");
        if (errors.Any)
            return errors.ToFailure().ToProblem();
        ReturnedLine[] lines = [.. (body.Lines ?? []).Select(l => new ReturnedLine(l!.Id ?? "", (int)l.Quantity!.Value))];
        var made = await service.RefundAsync(id, new AskedRefund(lines, body.Shipping, body.Amount), CallKey(http, body), http.OfferCaller(), stop);
        return made.Succeeded ? OfferAnswers.Of(made.Value, warnings) : made.Failure.ToProblem();
    }

    /// <summary>Caller, key and body: after a crash the same call finds what it has done.</summary>
    private static string? CallKey<T>(HttpContext http, T body) => http.Request.Headers[IdempotentCalls.Header].ToString() is { Length: > 0 } key
        ? $"{http.OfferCaller().Id}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}|{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body)))}"
        : null;

    private static async Task<IResult> ListAsync(
        [AsParameters] ListQuery query, string? orderId, [FromQuery] string[]? include, RedemptionService service, LiveOffers live, HttpContext http, CancellationToken stop)
    {
        var errors = new InputErrors();
        if (orderId?.Any(char.IsControl) == true)
            errors.Add("orderId", "An id has at most 200 characters, all of them printable.");
        var units = errors.Units(include);
        if (errors.Any)
            return errors.ToFailure().ToProblem();
        return OfferAnswers.List(await service.ListAsync(orderId, query.ToRequest(), http.OfferCaller(), stop), await live.CurrentAsync(stop), units);
    }

    private static Task<IResult> GetAsync(Guid id, [FromQuery] string[]? include, RedemptionService service, LiveOffers live, HttpContext http, CancellationToken stop) =>
        ShowAsync(
            async () => await service.GetAsync(id, http.OfferCaller(), stop) is { } found ? found : Failure.NotFound("The redemption"), include, live, stop);

    private static async Task<IResult> ShowAsync(
        Func<Task<Outcome<RedemptionView>>> step, string[]? include, LiveOffers live, CancellationToken stop)
    {
        var errors = new InputErrors();
        var units = errors.Units(include);
        if (errors.Any)
            return errors.ToFailure().ToProblem();
        var outcome = await step();
        return outcome.Succeeded ? OfferAnswers.Of(outcome.Value, await live.CurrentAsync(stop), units) : outcome.Failure.ToProblem();
    }

    /// <param name="Lines">What comes back. This, <c>shipping</c> or <c>amount</c> is needed.</param>
    public sealed record RefundInput(IReadOnlyList<RefundLineInput?>? Lines)
    {
        // Left out of the call's hash when they are not there, as include is.
        /// <summary>So much of what was paid for shipping, major units.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public decimal? Shipping { get; init; }

        /// <summary>So much of what was paid for goods, though none comes back; later returns may pay that much less. Major units.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public decimal? Amount { get; init; }

        /// <inheritdoc cref="CartInput.Unknown"/>
        [JsonExtensionData]
        public IDictionary<string, JsonElement>? Unknown { get; init; }
    }

    public sealed record RefundLineInput(string? Id, decimal? Quantity)
    {
        /// <inheritdoc cref="CartInput.Unknown"/>
        [JsonExtensionData]
        public IDictionary<string, JsonElement>? Unknown { get; init; }
    }

    /// <param name="Minutes">From now; as long as it was reserved for when left out.</param>
    public sealed record ExtendInput(int? Minutes);
}
