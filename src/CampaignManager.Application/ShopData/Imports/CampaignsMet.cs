using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>The campaigns that a file of exposures brings along, or only names, met while it is read. Exposures without a time take their campaign's start.</summary>
/// <param name="starts">Of the source's campaigns that are known already, by the source's id.</param>
internal sealed class CampaignsMet(IReadOnlyDictionary<string, DateTime> starts)
{
    private readonly Dictionary<string, CampaignRow> described = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTime? From, DateTime? To)> named = new(StringComparer.Ordinal);

    public IEnumerable<ReadRow> Watch(IEnumerable<ReadRow> rows)
    {
        foreach (var row in rows)
        {
            switch (row)
            {
                case CampaignRow campaign:
                    described[campaign.Id] = campaign;
                    yield return row;
                    break;
                case ExposureRow exposure:
                    var at = exposure.AssignedAt ?? (starts.TryGetValue(exposure.CampaignId, out var start) ? start : null);
                    var (from, to) = named.GetValueOrDefault(exposure.CampaignId);
                    named[exposure.CampaignId] = (from < at ? from : at ?? from, to > at ? to : at ?? to);
                    yield return exposure with { AssignedAt = at };
                    break;
                default:
                    yield return row;
                    break;
            }
        }
    }

    /// <param name="otherwise">When a campaign was, of which nothing says when.</param>
    public IEnumerable<CampaignRow> Rows(DateTime otherwise) => described.Values.Concat(named.Where(n => !described.ContainsKey(n.Key))
        .Select(n => new CampaignRow(n.Key, n.Value.From ?? otherwise, n.Value.To ?? otherwise, 0) { OnlyNamed = true }));
}
