using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Access;

/// <summary>Lists of customers that leave by the API: written down with the reason, which a person has to give.</summary>
public static class LeavingLists
{
    public const string Parameter = "reason";

    public const string Header = "X-Reason";

    public const string Described = "Each call is written into the audit log. `?reason=` (or the header `X-Reason`) says what the list is for: a person signed in has to, a key may.";

    /// <returns>Why it may not leave; null once it is written down.</returns>
    public static async Task<Failure?> RefusalAsync(this AuditLog audit, AuditAction what, string subject, HttpContext http, CancellationToken cancellationToken)
    {
        var reason = http.Request.Query[Parameter].FirstOrDefault() ?? http.Request.Headers[Header].FirstOrDefault();
        var isKey = http.User.Identity?.AuthenticationType == ApiKeyAuthentication.SchemeName;
        return (await audit.LeaveAsync(what, subject, reason, !isKey, http.ApiActor(), cancellationToken)).Failure;
    }
}
