using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Experiments.Enrolment;
using CampaignManager.Application.Offers;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Offers;

/// <summary>Which campaigns a shop that shows them itself is to show a customer.</summary>
public static class DecisionsApi
{
    private const int MostCampaigns = 1000;

    /// <param name="Customer">Needed.</param>
    /// <param name="Campaigns">Ids; left out or empty: all live campaigns that take no code.</param>
    public sealed record DecisionInput(DecisionCustomer? Customer, IReadOnlyList<Guid>? Campaigns);

    /// <param name="Id">Needed: the shop's id of the customer. Guests are in no experiment.</param>
    /// <param name="Segments">Left out: as the last computation knows them.</param>
    /// <param name="IsNew">Left out: as known.</param>
    public sealed record DecisionCustomer(string? Id, IReadOnlyList<string>? Segments, bool? IsNew);

    public static void MapDecisionsApi(this IEndpointRouteBuilder api) => api.MapGroup("/decisions").WithTags("Offers").RequireScope(Scopes.Offers).OpenToSandbox()
        .MapPost("/", DecideAsync).WithName("decideCampaigns").WithSummary("Which arm a customer is in, for shops that show campaigns themselves")
        .Produces<IReadOnlyList<Decision>>();

    private static async Task<IResult> DecideAsync(
        Sent<DecisionInput> sent, DecisionService decisions, CustomerLookup customers, CallerIds ids, CallFields fields, HttpContext http, CancellationToken stop)
    {
        var (body, errors) = (sent.Body, new InputErrors());
        errors.Add("", sent.Unknown);
        if (string.IsNullOrWhiteSpace(body.Customer?.Id) || body.Customer.Id.Length > 200 || body.Customer.Id.Any(char.IsControl))
            errors.Add("customer.id", "Say whom it is about, in at most 200 characters.");
        if (body.Campaigns?.Count > MostCampaigns)
            errors.Add("campaigns", "At most 1000 campaigns are decided at once.");
        await errors.WarningsAsync(fields, stop);
        if (errors.Any)
            return errors.ToFailure().ToProblem();
        var id = await ids.OfAsync(body.Customer!.Id!, stop);
        var (segments, isNew) = (body.Customer.Segments, body.Customer.IsNew);
        var found = segments is null || isNew is null ? await customers.FindAsync(id, stop) : null;
        var question = new CustomerQuestion(id, segments ?? found?.Segments ?? [], isNew ?? found?.IsNew, null, null);
        return Results.Ok(await decisions.DecideAsync(question, body.Campaigns ?? [], !http.IsSandbox(), stop));
    }
}
