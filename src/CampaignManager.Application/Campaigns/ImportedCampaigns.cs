using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>
/// Past campaigns that imports brought, as ended campaigns: listed and measured like others, changed and taken back with their imports. The imports' files are the truth; this
/// brings the database up to them, however often it is called.
/// </summary>
internal sealed class ImportedCampaigns(
    IDbContextFactory<AppDbContext> contexts, PastCampaigns past, DataLake lake, SettingsService settings, TimeProvider time) : IDisposable
{
    private const int UsualDays = 14;

    private readonly SemaphoreSlim gate = new(1, 1);

    public async Task BringAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await ReconcileAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another node brought the same campaigns in this moment: what is left is what it had not seen.
            await ReconcileAsync(cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task ReconcileAsync(CancellationToken cancel)
    {
        var said = past.List();
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var there = await context.Campaigns.Where(c => c.Origin == CampaignOrigin.Imported).ToDictionaryAsync(c => c.Id, cancel);
        if (said.Count == 0 && there.Count == 0)
            return;
        var shop = await settings.GetAsync(cancel);
        var shares = HeldBack();
        var now = time.GetUtcNow();
        var imports = said.Select(s => s.ImportId).OfType<Guid>().Distinct().ToList();
        var files = await context.ImportRuns.Where(r => imports.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.FileName, cancel);
        context.Campaigns.RemoveRange(there.Values.Where(c => said.All(s => s.Id != c.Id)));
        foreach (var campaign in said)
        {
            var share = shares.GetValueOrDefault(campaign.Id);
            var columns = CampaignColumns.Of(Rules(campaign, share, shop));
            var name = Name(campaign);
            // Nobody of this shop made it: it belongs to the file that tells of it.
            var file = campaign.ImportId is { } import ? files.GetValueOrDefault(import) : null;
            if (!there.TryGetValue(campaign.Id, out var row))
            {
                Add(context, campaign, name, file, columns, share, now);
                continue;
            }

            row.OwnerName = file ?? row.OwnerName;
            if ((row.Name, row.RulesJson, row.StartsAt, row.EndsAt, row.LaunchedHoldoutShare) != (name, columns.RulesJson, campaign.StartsAt, campaign.EndsAt, share))
            {
                (row.Name, row.RulesJson, row.OfferType, row.StartsAt, row.EndsAt, row.LaunchedAt) =
                    (name, columns.RulesJson, columns.OfferType, campaign.StartsAt, campaign.EndsAt, campaign.StartsAt);
                (row.LaunchedHoldoutShare, row.UpdatedAt, row.Version) = (share, now.UtcDateTime, row.Version + 1);
                context.CampaignVersions.Add(VersionOf(row, now));
            }
        }

        await context.SaveChangesAsync(cancel);
    }

    private static void Add(AppDbContext context, PastCampaign campaign, string name, string? file, CampaignColumns columns, double? share, DateTimeOffset now)
    {
        var row = new Campaign
        {
            Id = campaign.Id,
            Name = name,
            Status = CampaignStatus.Ended,
            Origin = CampaignOrigin.Imported,
            RulesJson = columns.RulesJson,
            OfferType = columns.OfferType,
            Currency = columns.Currency,
            StartsAt = campaign.StartsAt,
            EndsAt = campaign.EndsAt,
            OwnerId = Actor.System.Id,
            OwnerName = file ?? campaign.Source,
            HoldoutSalt = "",
            LaunchedAt = campaign.StartsAt,
            LaunchedHoldoutShare = share,
            CreatedAt = now.UtcDateTime,
            UpdatedAt = now.UtcDateTime,
        };
        context.Campaigns.Add(row);
        context.CampaignVersions.Add(VersionOf(row, now));
        context.AddActivity(row.Id, "imported", null, Actor.System, now);
    }

    private static CampaignVersion VersionOf(Campaign row, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        CampaignId = row.Id,
        Number = row.Version,
        RulesJson = row.RulesJson,
        ActorName = row.OwnerName,
        CreatedAt = now.UtcDateTime,
    };

    private static string Name(PastCampaign campaign)
    {
        var name = string.IsNullOrWhiteSpace(campaign.Name) ? campaign.SourceId : campaign.Name.Trim();
        return name.Length > CampaignDraft.LongestName ? name[..CampaignDraft.LongestName] : name;
    }

    private static CampaignRules Rules(PastCampaign campaign, double? share, ShopSettings shop)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(shop.TimeZone);
        DateOnly Day(DateTime utc) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone));
        return new CampaignRules
        {
            Currency = shop.Currency,
            Offer = ImportedOffer.Read(campaign.Offer),
            Schedule = new Schedule { TimeZone = shop.TimeZone, Start = Day(campaign.StartsAt), End = Day(campaign.EndsAt) },
            Experiment = new ExperimentPlan { HoldoutPercent = Math.Round((decimal)(100 * (share ?? 0)), 2), AttributionDays = campaign.AttributionDays ?? UsualDays },
        };
    }

    private Dictionary<Guid, double?> HeldBack()
    {
        using var connection = lake.Open(threads: 1);
        return connection.Query(
                $"SELECT campaign_id, avg(1 - propensity) FROM {lake.Source(LakeTable.Exposures)} GROUP BY 1",
                r => (Id: Guid.TryParse(r.GetString(0), out var id) ? id : Guid.Empty, Share: r.IsDBNull(1) ? (double?)null : r.GetDouble(1)))
            .Where(r => r.Id != Guid.Empty).ToDictionary(r => r.Id, r => r.Share);
    }
}
