using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Demo;

/// <summary>The demo shop's campaigns as rows of the database: past, running, and two drafts that wait for somebody.</summary>
internal sealed class DemoCampaignRows(IDbContextFactory<AppDbContext> contexts, DataLake lake)
{
    private static readonly (string Key, string Name, string Note, CampaignRules Rules)[] Drafts =
    [
        ("draft-new-shoes", "新客鞋靴 满200减30 · New customers, shoes", "First try for newcomers; shoes only for now.", new CampaignRules
        {
            Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
            Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } },
            Audience = new Audience { AnyOf = [Lifecycle.New.Key()] },
            Experiment = new ExperimentPlan { HoldoutPercent = 20 },
        }),
        ("draft-tea-time", "茶歇时光 每满100减12 · Tea time", "", new CampaignRules
        {
            Offer = new FullReduction { Every = 100, Off = 12, MaxTimes = 3 },
            Scope = new Scope { Include = new ScopeSelector { Categories = ["food", "kitchen"] } },
            Audience = new Audience { AnyOf = [Lifecycle.Active.Key(), Lifecycle.Loyal.Key()] },
            Limits = new Limits { Budget = 20_000 },
            Experiment = new ExperimentPlan { HoldoutPercent = 20 },
        }),
    ];

    /// <summary>Writes all of them in one transaction. Campaigns already there are replaced, so a second try leaves the same.</summary>
    public async Task WriteAsync(DemoWorld world, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await RunClaim.HoldAsync(context, cancel);
        var owner = await PersonAsync(context, "marketer@demo", cancel);
        var approver = await PersonAsync(context, "manager@demo", cancel);
        var ended = world.Calendar.Midnight(world.Calendar.Days);
        var spent = Spent();

        var rows = world.Campaigns.Select(w => Placed(w, world, owner, approver, spent.GetValueOrDefault(w.Campaign.Id)))
            .Concat(Drafts.Select((d, i) => Draft(d.Key, d.Name, d.Note, Dated(d.Rules, world.End), world.Seed, owner, ended.AddHours(-30 + (i * 7))))).ToList();
        var ids = rows.Select(r => r.Id).ToList();
        await context.Campaigns.Where(c => ids.Contains(c.Id)).ExecuteDeleteAsync(cancel);
        foreach (var row in rows)
        {
            context.Campaigns.Add(row);
            context.CampaignVersions.Add(new CampaignVersion
            {
                Id = DemoCampaign.Identity(world.Seed, "version:" + row.Id),
                CampaignId = row.Id,
                Number = 1,
                RulesJson = row.RulesJson,
                ActorName = owner.Name,
                CreatedAt = row.CreatedAt,
            });
            context.CampaignActivities.AddRange(Log(row, owner, approver, ended));
        }

        await MembersAsync(context, owner, ended, cancel);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Whom the member day was for.</summary>
    private static async Task MembersAsync(AppDbContext context, Actor owner, DateTime now, CancellationToken cancel)
    {
        await context.Audiences.Where(a => a.Key == DemoCampaign.Members).ExecuteDeleteAsync(cancel);
        context.Audiences.Add(new SavedAudience
        {
            Key = DemoCampaign.Members,
            Name = "银卡金卡会员 · Silver and gold members",
            PredicateJson = PredicateJson.Write(new WordIn(WordAttribute.MemberTier, [DemoTier.Silver.Name(), DemoTier.Gold.Name()])),
            CreatedAt = now,
            UpdatedAt = now,
            UpdatedById = owner.Id,
        });
    }

    private Dictionary<Guid, long> Spent()
    {
        using var connection = lake.Open();
        return connection.Query(
                $"SELECT campaign_id, sum(campaign_discount_minor)::BIGINT FROM {lake.Source(LakeTable.Orders)} WHERE campaign_id IS NOT NULL GROUP BY 1",
                r => (Guid.Parse(r.GetString(0)), r.GetInt64(1)))
            .ToDictionary(r => r.Item1, r => r.Item2);
    }

    private static Campaign Placed(DemoWindow window, DemoWorld world, Actor owner, Actor approver, long spent)
    {
        var plan = window.Campaign;
        var rules = plan.Rules(world.End);
        var starts = world.Calendar.Midnight(window.Start);
        return Columns(rules, new Campaign
        {
            Id = plan.Id,
            Name = $"{plan.NameZh} · {plan.NameEn}",
            Status = plan.IsPast ? CampaignStatus.Ended : CampaignStatus.Live,
            RulesJson = "",
            OfferType = "",
            Currency = "",
            DiscountSpentMinor = spent,
            StartsAt = starts,
            EndsAt = world.Calendar.Midnight(window.OfferEnd),
            OwnerId = owner.Id,
            OwnerName = owner.Name,
            SubmittedById = owner.Id,
            ApprovedById = approver.Id,
            HoldoutSalt = plan.Salt,
            LaunchedHoldoutShare = DemoCampaign.Holdout,
            LaunchedAt = starts,
            CreatedAt = starts.AddDays(-9).AddHours(2),
            UpdatedAt = plan.IsPast ? world.Calendar.Midnight(window.OfferEnd) : starts,
        });
    }

    private static Campaign Draft(string key, string name, string note, CampaignRules rules, long seed, Actor owner, DateTime made) => Columns(rules, new Campaign
    {
        Id = DemoCampaign.Identity(seed, key),
        Name = name,
        Note = note.Length == 0 ? null : note,
        Status = CampaignStatus.Draft,
        RulesJson = "",
        OfferType = "",
        Currency = "",
        // Local midnights of the shop's zone, UTC+8 all year.
        StartsAt = rules.Schedule.Start!.Value.Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddHours(-8),
        EndsAt = rules.Schedule.End!.Value.Day.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddHours(-8),
        OwnerId = owner.Id,
        OwnerName = owner.Name,
        HoldoutSalt = DemoCampaign.Identity(seed, "salt:" + key).ToString("N"),
        CreatedAt = made,
        UpdatedAt = made,
    });

    private static Campaign Columns(CampaignRules rules, Campaign row)
    {
        var columns = CampaignColumns.Of(rules);
        (row.RulesJson, row.OfferType, row.Currency) = (columns.RulesJson, columns.OfferType, columns.Currency);
        (row.BudgetMinor, row.SegmentKeys) = (columns.BudgetMinor, columns.SegmentKeys);
        row.Tags = "demo";
        return row;
    }

    private static CampaignRules Dated(CampaignRules rules, DateOnly end) =>
        rules with { Schedule = new Schedule { Start = end.AddDays(7), End = end.AddDays(20) } };

    private static IEnumerable<CampaignActivity> Log(Campaign row, Actor owner, Actor approver, DateTime now)
    {
        yield return Line(row, row.CreatedAt, owner, "created");
        if (row.LaunchedAt is not { } launched)
            yield break;
        yield return Line(row, row.CreatedAt.AddHours(20), owner, "submitted");
        yield return Line(row, row.CreatedAt.AddHours(43), approver, "approved");
        yield return Line(row, launched, Actor.System, "launched");
        if (row.EndsAt <= now)
            yield return Line(row, row.EndsAt.Value, Actor.System, "ended-on-time");
    }

    private static CampaignActivity Line(Campaign row, DateTime at, Actor actor, string code) =>
        new() { CampaignId = row.Id, At = at, ActorId = actor.Id, ActorName = actor.Name, Code = code };

    private static async Task<Actor> PersonAsync(AppDbContext context, string email, CancellationToken cancel)
    {
        var normalised = email.ToUpper(CultureInfo.InvariantCulture);
        var user = await context.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == normalised, cancel);
        return user is null ? Actor.System : Actor.Of(user.Id, user.DisplayName);
    }
}
