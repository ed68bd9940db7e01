using System.Text.RegularExpressions;
using CampaignManager.Application.ShopData.Keys;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>Keys for a file of rejects: what is a pseudonym already stays as it is, so that a mended row meets its person.</summary>
internal sealed partial class MarkedKeys(IPersonKeys keys) : IPersonKeys
{
    public string Pseudonym(string kind, string value) => Made().IsMatch(value) ? value : keys.Pseudonym(kind, value);

    [GeneratedRegex("^p[A-Z2-7]{25}$")]
    private static partial Regex Made();
}
