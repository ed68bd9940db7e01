using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Customers;

/// <summary>A customer's orders, refunds, events, exposures, redemptions and coupons, the newest first.</summary>
public sealed class CustomerTimeline(DataLake lake, SettingsService settings, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    /// <summary>Nobody reads on after this many.</summary>
    public const int Furthest = 10_000;

    /// <param name="id">The id under which the customer is kept.</param>
    /// <param name="kinds">What to show; none for all.</param>
    /// <param name="page">Which part.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<Outcome<Paged<TimelineEntry>>> ListAsync(
        string id, IReadOnlyList<TimelineKind> kinds, PageRequest page, Actor actor, CancellationToken cancellationToken)
    {
        if (CustomerAccess.Refusal(actor) is { } refused)
            return refused;
        if (page.Skip + page.Take > Furthest)
            return Failure.Invalid("page", $"The newest {Furthest} entries can be paged through.");
        var asked = kinds.Count == 0 ? Enum.GetValues<TimelineKind>() : kinds;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var most = page.Skip + page.Take;
        using var connection = lake.Open(threads: 1);
        var person = await Task.Run(() => new Person(lake, id, connection, cancellationToken), cancellationToken);
        var behaviour = new LakeTimeline(lake, person, connection, cancellationToken);
        var (rows, all) = await Task.Run(() => behaviour.Read(asked, most), cancellationToken);
        if (asked.Contains(TimelineKind.Redemption))
            all += await AddRedemptionsAsync(context, person, rows, most, cancellationToken);
        if (asked.Contains(TimelineKind.Coupon))
            all += await AddCouponsAsync(context, person, rows, most, cancellationToken);
        var shown = rows.OrderByDescending(e => e.At).ThenBy(e => e.Kind).Skip(page.Skip).Take(page.Take).ToList();
        var full = await Task.Run(() => behaviour.WithLines(shown), cancellationToken);
        var known = await KnownCampaigns.ReadAsync(
            context, lake, full.SelectMany(e => e.Campaigns).Select(c => c.Id), time.GetUtcNow().UtcDateTime, cancellationToken);
        var currency = (await settings.GetAsync(cancellationToken)).Currency;
        return new Paged<TimelineEntry>([.. full.Select(e => Told(e, known, currency))], (int)Math.Min(all, int.MaxValue));
    }

    /// <summary>In the shop's currency where nobody said; with the campaigns' names; without the arm while the experiment runs.</summary>
    private static TimelineEntry Told(TimelineEntry entry, KnownCampaigns known, string currency) => entry with
    {
        Currency = entry.Currency ?? currency,
        What = entry.Kind == TimelineKind.Exposure && !entry.Campaigns.All(c => known.Closed(c.Id)) ? null : entry.What,
        Campaigns = [.. entry.Campaigns.Select(c => c with { Name = known.Name(c.Id) })],
    };

    private static async Task<int> AddRedemptionsAsync(
        AppDbContext context, Person person, List<TimelineEntry> rows, int most, CancellationToken cancel)
    {
        var own = context.Redemptions.AsNoTracking().Where(r => r.CustomerId != null && person.Ids.Contains(r.CustomerId) && !r.Sandbox);
        var newest = await own.OrderByDescending(r => r.ReservedAt).ThenByDescending(r => r.Id).Take(most)
            .Select(r => new { r.Id, r.ReservedAt, r.State, r.OrderId, r.DiscountMinor, r.Currency }).ToListAsync(cancel);
        var ids = newest.Select(r => r.Id).ToList();
        var parts = (await context.RedemptionCampaigns.AsNoTracking().Where(c => ids.Contains(c.RedemptionId)).OrderBy(c => c.Id)
            .Select(c => new { c.RedemptionId, c.CampaignId, c.AmountMinor, c.CodeKey }).ToListAsync(cancel)).ToLookup(c => c.RedemptionId);
        rows.AddRange(newest.Select(r => new TimelineEntry(
            r.ReservedAt, TimelineKind.Redemption, r.State.Name(), null, r.OrderId, r.DiscountMinor, r.Currency)
        {
            Campaigns = [.. parts[r.Id].Select(c => new TimelineCampaign(c.CampaignId.ToString(), null, c.AmountMinor, c.CodeKey))],
        }));
        return await own.CountAsync(cancel);
    }

    /// <summary>Codes that were made for this customer alone.</summary>
    private static async Task<int> AddCouponsAsync(
        AppDbContext context, Person person, List<TimelineEntry> rows, int most, CancellationToken cancel)
    {
        var own = from batch in context.CodeBatches.AsNoTracking()
                  where batch.CustomerId != null && person.Ids.Contains(batch.CustomerId) && batch.RevokedAt == null
                  join code in context.IssuedCodes.AsNoTracking() on batch.Id equals code.BatchId
                  where code.RevokedAt == null
                  select new { code.Id, batch.CreatedAt, code.Code, code.CampaignId };
        var newest = await own.OrderByDescending(c => c.CreatedAt).ThenBy(c => c.Id).Take(most).ToListAsync(cancel);
        rows.AddRange(newest.Select(c => new TimelineEntry(c.CreatedAt, TimelineKind.Coupon, c.Code, null, null, null, null)
        {
            Campaigns = [new(c.CampaignId.ToString(), null, null, c.Code)],
        }));
        return await own.CountAsync(cancel);
    }
}
