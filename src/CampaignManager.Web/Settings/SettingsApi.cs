using CampaignManager.Application.Accounts;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Settings;

/// <summary>The shop's own settings over HTTP; changing them takes a key that acts as admin.</summary>
public static class SettingsApi
{
    public static void MapSettingsApi(this IEndpointRouteBuilder api)
    {
        var settings = api.MapGroup("/settings").WithTags("Settings").RequireScope(Scopes.Campaigns);
        settings.MapGet("/", async (SettingsService service, HttpContext http, CancellationToken stop) => Show(await service.GetAsync(stop), http))
            .WithName("getSettings").WithSummary("Read the shop's settings").Produces<SettingsResource>();
        settings.MapPut("/", ReplaceAsync).RequireScope(Scopes.Everything).WithSummary("Change the shop's settings")
            .Produces<SettingsResource>().ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    /// <summary>What is left out stays as it is.</summary>
    private static async Task<IResult> ReplaceAsync(SettingsInput body, SettingsService service, HttpContext http, CancellationToken stop)
    {
        var seen = http.IfMatch();
        if (!seen.Succeeded)
            return seen.Failure.ToProblem();
        var now = await service.GetAsync(stop);
        var change = new SettingsChange(
            body.Currency ?? now.Currency,
            body.TimeZone ?? now.TimeZone,
            body.StoreMarginPercent ?? now.StoreMarginPercent,
            body.Shipping ?? Currency.Get(now.Currency).ToMajor(now.ShippingMinor),
            body.ConflictResolution ?? now.ConflictResolution)
        { UnknownFields = body.UnknownFields, ApiIds = body.ApiIds, GlobalHoldoutPercent = body.GlobalHoldoutPercent };
        var saved = await service.SaveAsync(change, seen.Value, http.ApiActor(), stop);
        return saved.Succeeded ? Show(saved.Value, http) : saved.Failure.ToProblem();
    }

    private static IResult Show(ShopSettings settings, HttpContext http)
    {
        http.SetVersion(settings.Version);
        return TypedResults.Ok(new SettingsResource(
            settings.Currency, settings.TimeZone, settings.StoreMarginPercent, Currency.Get(settings.Currency).ToMajor(settings.ShippingMinor),
            settings.ConflictResolution, settings.UnknownFields, settings.ApiIds, settings.GlobalHoldoutPercent, settings.Version));
    }

    public sealed record SettingsInput(
        string? Currency, string? TimeZone, decimal? StoreMarginPercent, decimal? Shipping, ConflictResolution? ConflictResolution, UnknownFieldPolicy? UnknownFields,
        ApiIdKind? ApiIds, decimal? GlobalHoldoutPercent);

    /// <param name="StoreMarginPercent">Gross margin in percent of the price, for products without a unit cost.</param>
    /// <param name="Shipping">The shipping fee in major units.</param>
    /// <param name="UnknownFields">What becomes of carts with fields that do not exist.</param>
    /// <param name="ApiIds">What events, carts, redemptions and codes say for a customer: the shop's own ids, or e-mail addresses or phone numbers, which become pseudonyms.</param>
    /// <param name="GlobalHoldoutPercent">Percent of customers who get no campaign at all for a quarter; a change counts from the next quarter on, 0 at once.</param>
    public sealed record SettingsResource(
        string Currency, string TimeZone, decimal StoreMarginPercent, decimal Shipping, ConflictResolution ConflictResolution, UnknownFieldPolicy UnknownFields,
        ApiIdKind ApiIds, decimal GlobalHoldoutPercent, int Version);
}
