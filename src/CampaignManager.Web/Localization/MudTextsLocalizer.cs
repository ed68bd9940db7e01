using Microsoft.Extensions.Localization;
using MudBlazor;

namespace CampaignManager.Web.Localization;

/// <summary>MudBlazor's own words (pagers, filters, labels for screen readers) in the reader's language; in English it uses its own.</summary>
public sealed class MudTextsLocalizer(IStringLocalizer<MudTexts> texts) : MudLocalizer
{
    public override LocalizedString this[string key] => texts[key];

    public override LocalizedString this[string key, params object[] arguments] => texts[key, arguments];
}
