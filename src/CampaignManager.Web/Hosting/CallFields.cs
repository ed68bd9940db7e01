using CampaignManager.Application.Settings;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Hosting;

/// <summary>What becomes of fields that do not exist in calls of a checkout: the setting of the host, else that of the shop.</summary>
public sealed class CallFields(IOptions<ApiOptions> options, SettingsService settings)
{
    public async ValueTask<bool> RefusesUnknownAsync(CancellationToken cancellationToken) => options.Value.UnknownFields switch
    {
        ApiOptions.Refuse => true,
        ApiOptions.Warn => false,
        _ => (await settings.GetAsync(cancellationToken)).UnknownFields == UnknownFieldPolicy.Refuse,
    };
}
