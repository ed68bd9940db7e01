using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Customers;

/// <summary>
/// What some campaigns are called, and whether their experiments have closed: only then is a customer's arm shown, since whoever knows it
/// earlier may make up for it.
/// </summary>
internal sealed class KnownCampaigns
{
    private readonly Dictionary<string, (string Name, bool Closed)> byId = new(StringComparer.OrdinalIgnoreCase);

    public string? Name(string id) => byId.TryGetValue(id, out var known) ? known.Name : null;

    /// <summary>Its end and the days in which orders count are over.</summary>
    public bool Closed(string id) => byId.TryGetValue(id, out var known) && known.Closed;

    /// <summary>Campaigns by the ids that the lake has of them: the app's own, and those of before that were imported.</summary>
    public static async Task<KnownCampaigns> ReadAsync(
        AppDbContext context, DataLake lake, IEnumerable<string> which, DateTime now, CancellationToken cancellationToken)
    {
        var known = new KnownCampaigns();
        var ids = which.Distinct().Select(id => Guid.TryParse(id, out var guid) ? guid : (Guid?)null).OfType<Guid>().ToList();
        if (ids.Count == 0)
            return known;
        foreach (var past in new PastCampaigns(lake).List().Where(c => ids.Contains(c.Id)))
        {
            var days = past.AttributionDays ?? new ExperimentPlan().AttributionDays;
            known.byId[past.Id.ToString()] = (past.Name ?? past.SourceId, past.EndsAt.AddDays(days) <= now);
        }

        foreach (var own in await context.Campaigns.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancellationToken))
        {
            var over = own.Status is CampaignStatus.Ended or CampaignStatus.Archived && CampaignBook.Judge(own).Rules is { } rules
                && (own.EndsAt ?? own.UpdatedAt).AddDays(rules.Experiment.AttributionDays) <= now;
            known.byId[own.Id.ToString()] = (own.Name, over);
        }

        return known;
    }
}
