using System.Security.Claims;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Access;

namespace CampaignManager.Web.Offers;

internal static class OfferAccess
{
    /// <summary>The most a caller may know: a shop's key what a shopper may see, staff and keys that explain all of it.</summary>
    public static Explain MostExplained(this HttpContext http) =>
        http.User.Identity?.AuthenticationType != ApiKeyAuthentication.SchemeName
            || http.User.HasClaim(c => c.Type == ApiKeyAuthentication.ScopeClaim && c.Value is Scopes.OffersExplain or Scopes.Everything)
            ? Explain.Full
            : Explain.Shopper;

    public static OfferCaller OfferCaller(this HttpContext http, Explain? explain = null) =>
        new(http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", http.IsSandbox(), explain ?? http.MostExplained());
}
