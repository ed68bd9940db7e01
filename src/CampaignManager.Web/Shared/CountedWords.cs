using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared;

/// <summary>
/// Texts that count: <c>{0} {0|campaign waits|campaigns wait}</c> takes the first word where the value is one and the second elsewhere, so that nobody
/// reads "1 campaigns". All else is as in the resources.
/// </summary>
public sealed partial class CountedWords<T>(IStringLocalizerFactory factory) : IStringLocalizer<T>
{
    private readonly IStringLocalizer inner = factory.Create(typeof(T));

    public LocalizedString this[string name] => inner[name];

    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            var text = inner[name];
            var chosen = text.Value.Contains('|') ? Choice().Replace(text.Value, m => m.Groups[IsOne(arguments, m.Groups[1].Value) ? 2 : 3].Value) : text.Value;
            return new LocalizedString(name, string.Format(CultureInfo.CurrentCulture, chosen, arguments), text.ResourceNotFound, text.SearchedLocation);
        }
    }

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => inner.GetAllStrings(includeParentCultures);

    // Figures often come as text already.
    private static bool IsOne(object[] arguments, string index) =>
        int.Parse(index, CultureInfo.InvariantCulture) is var i && i < arguments.Length && Convert.ToString(arguments[i], CultureInfo.InvariantCulture) == "1";

    [GeneratedRegex(@"\{(\d)\|([^|{}]*)\|([^|{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Choice();
}
