using System.Globalization;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Offers;

/// <summary>What a cart costs: with the live campaigns, or with campaigns given inline.</summary>
public static class OffersApi
{
    private const int MostCampaigns = 1000;

    public static void MapOffersApi(this IEndpointRouteBuilder api)
    {
        var offers = api.MapGroup("/offers").WithTags("Offers").RequireScope(Scopes.Offers).OpenToSandbox();
        offers.MapPost("/quote", QuoteAsync).WithName("quoteCart").WithSummary("Price a cart with the live campaigns")
            .Accepts<QuoteInput>("application/json").Produces<QuoteResource>();
        offers.MapPost("/simulate", SimulateAsync).WithName("simulateCart")
            .WithSummary("Price a cart with campaigns given inline; nothing is stored")
            .Produces<QuoteResource>();
        api.MapGroup("/customers").WithTags("Offers").RequireScope(Scopes.Offers, instead: Scopes.Customers)
            .MapGet("/{id}/campaigns", CustomerAsync).WithSummary("Which live campaigns a customer may have").Produces<Paged<CustomerCampaign>>();
    }

    private static async Task<IResult> QuoteAsync(QuoteService quotes, CartCustomers customers, CallFields fields, HttpContext http, CancellationToken stop)
    {
        var body = await QuoteBody.ReadAsync(http);
        var errors = new InputErrors();
        var cart = errors.Cart(body.Cart);
        var explain = errors.Explain(body.Explain, Explain.Shopper, http.MostExplained());
        var units = errors.Units(body.Include);
        errors.Unknown<QuoteInput>("", body.Unknown);
        var warnings = await errors.WarningsAsync(fields, stop);
        if (errors.Any)
            return errors.ToFailure().ToProblem();
        var known = await customers.CompleteAsync(cart!, body.Cart!.Customer?.Segments is not null, stop);
        return OfferAnswers.Of(await quotes.QuoteAsync(known, body.Cart!.At?.UtcDateTime, explain, stop, forReal: !http.IsSandbox()), units, warnings);
    }

    private static async Task<IResult> SimulateAsync(
        Sent<SimulateInput> sent, QuoteService quotes, CartCustomers customers, SettingsService settings, CallFields fields, CancellationToken stop)
    {
        var (body, errors) = (sent.Body, new InputErrors());
        errors.Add("", sent.Unknown);
        var cart = errors.Cart(body.Cart);
        // Whoever sends the campaigns knows them.
        var explain = errors.Explain(body.Explain, Explain.Full, Explain.Full);
        var units = errors.Units(body.Include);
        var campaigns = Campaigns(body, await settings.GetAsync(stop), errors);
        var warnings = await errors.WarningsAsync(fields, stop);
        if (errors.Any)
            return errors.ToFailure().ToProblem();
        var resolution = body.Settings?.ConflictResolution ?? ConflictResolution.BestForCustomer;
        var known = await customers.CompleteAsync(cart!, body.Cart!.Customer?.Segments is not null, stop);
        return OfferAnswers.Of(quotes.Simulate(known, campaigns, resolution, body.Cart!.At?.UtcDateTime, explain), units, warnings);
    }

    private static List<LiveCampaign> Campaigns(SimulateInput body, ShopSettings settings, InputErrors errors)
    {
        List<LiveCampaign> campaigns = [];
        if (body.Campaigns is not { } given)
        {
            errors.Add("campaigns", "Send the campaigns to price with; the list may be empty.");
            return campaigns;
        }

        if (given.Count > MostCampaigns)
        {
            errors.Add("campaigns", "At most 1000 campaigns are priced at once.");
            return campaigns;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < given.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"campaigns[{i}]");
            if (given[i] is not { } campaign)
            {
                errors.Add(path, "The entry is blank.");
                continue;
            }

            var id = campaign.Id ?? campaign.Name;
            if (string.IsNullOrWhiteSpace(id))
                errors.Add(path + ".id", "A campaign needs an id.");
            else if (!ids.Add(id))
                errors.Add(path + ".id", $"'{id}' is named twice.");
            var draft = campaign.ToCampaign().ToDraft(settings);
            if (draft is null)
            {
                errors.Add(path + ".offer", "A campaign needs an offer.");
                continue;
            }

            var rules = draft.Rules with { Currency = campaign.Currency ?? body.Cart?.Currency ?? settings.Currency };
            var wrong = RulesValidation.Check(rules);
            // An unknown currency that it has from the cart is the cart's mistake.
            errors.Add(path + ".", campaign.Currency is null ? wrong.Where(e => e.Path != "currency") : wrong);
            if (wrong.Count == 0)
                campaigns.Add(new LiveCampaign(id ?? "", rules));
        }

        return campaigns;
    }

    private static async Task<IResult> CustomerAsync(
        string id, string? segments, bool? isNew, string? channel, string? region, CustomerCampaigns campaigns, CustomerLookup customers, CallerIds ids, HttpContext http,
        CancellationToken stop)
    {
        var customer = await ids.OfAsync(id.Unescaped(), stop);
        var known = segments?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = known is null || isNew is null ? await customers.FindAsync(customer, stop) : null;
        var rows = await campaigns.ListAsync(new CustomerQuestion(customer, known ?? found?.Segments ?? [], isNew ?? found?.IsNew, channel, region), http.MostExplained(), CultureInfo.CurrentUICulture, stop);
        return TypedResults.Ok(new Paged<CustomerCampaign>(rows, rows.Count));
    }
}
