using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Reading.Events;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>
/// The campaigns that a file of exposures brings along, or only names, met while it is read. Exposures without a time take their campaign's start. Events that say that a message
/// was sent are a log of who got it: each first one is an exposure that nobody drew, too.
/// </summary>
/// <param name="starts">Of the source's campaigns that are known already, by the source's id.</param>
/// <param name="hasGroups">Whether groups of this campaign are known better than by a log: who was held back, or that they were drawn.</param>
internal sealed class CampaignsMet(IReadOnlyDictionary<string, DateTime> starts, Func<string, bool> hasGroups)
{
    /// <summary>Who got a message is named as a campaign from so many receivers on: of fewer nothing could ever be said, and shops have hundreds of automatic messages.</summary>
    public const int FewestReceivers = 500;


    private readonly Dictionary<string, CampaignRow> described = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTime? From, DateTime? To)> named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> receivers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, long> contacted = [];

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
                    Name(exposure.CampaignId, at);
                    yield return exposure with { AssignedAt = at };
                    break;
                case EventRow { Type: EventTypes.Contact, CampaignId: { } campaign, CustomerId: { } customer } contact:
                    yield return contact;
                    if (IsFirst(campaign, customer, contact.At))
                        yield return new ExposureRow(campaign, customer, 1, contact.Row) { AssignedAt = contact.At, ContactedAt = contact.At };
                    break;
                default:
                    yield return row;
                    break;
            }
        }
    }

    // The row said last is the one that stands: an earlier message, wherever it stands in the file, is said after a later one.
    private bool IsFirst(string campaign, string customer, DateTime at)
    {
        if (!known.TryGetValue(campaign, out var better))
            known[campaign] = better = hasGroups(campaign);
        if (better)
            return false;
        var key = TextHash.Of($"{campaign}\n{customer}");
        var isKnown = contacted.TryGetValue(key, out var earliest);
        if (isKnown ? earliest <= at.Ticks : contacted.Count >= SeenIds.Most)
            return false;
        contacted[key] = at.Ticks;
        receivers[campaign] = receivers.GetValueOrDefault(campaign) + (isKnown ? 0 : 1);
        Name(campaign, at);
        return true;
    }

    private void Name(string campaign, DateTime? at)
    {
        var (from, to) = named.GetValueOrDefault(campaign);
        named[campaign] = (from < at ? from : at ?? from, to > at ? to : at ?? to);
    }

    /// <param name="otherwise">When a campaign was, of which nothing says when.</param>
    public IEnumerable<CampaignRow> Rows(DateTime otherwise) => described.Values.Concat(named.Where(n => !described.ContainsKey(n.Key) && receivers.GetValueOrDefault(n.Key, long.MaxValue) >= FewestReceivers)
        .Select(n => new CampaignRow(n.Key, n.Value.From ?? otherwise, n.Value.To ?? otherwise, 0) { OnlyNamed = true }));
}
