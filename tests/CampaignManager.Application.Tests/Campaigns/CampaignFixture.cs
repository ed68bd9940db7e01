using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Campaigns;

/// <summary>The campaign services over a real SQLite file, with a clock that tests set.</summary>
internal sealed class CampaignFixture : IDbContextFactory<AppDbContext>, IDisposable
{
    public static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);
    public static readonly Actor Max = Actor.Of("max", "Max", Roles.Manager);
    public static readonly Actor Eve = Actor.Of("eve", "Eve", Roles.Manager);
    public static readonly Actor Ada = Actor.Of("ada", "Ada", Roles.Admin);

    private readonly string folder = Directory.CreateTempSubdirectory("campaigns-").FullName;
    private readonly DbContextOptions<AppDbContext> options;

    public CampaignFixture(string now = "2026-10-01T00:00:00Z")
    {
        Time = Clocks.At(now);
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, new DatabaseOptions { Path = Path.Combine(folder, "app.db") });
        options = builder.Options;
        using var context = CreateDbContext();
        context.Database.EnsureCreated();
        context.Roles.Add(new IdentityRole(Roles.Manager) { Id = "manager-role" });
        context.Users.AddRange(((Actor[])[Mia, Max, Eve, Ada]).Select(p => new AppUser { Id = p.Id, UserName = p.Id, DisplayName = p.Name }));
        foreach (var manager in (Actor[])[Max, Eve])
        {
            context.UserRoles.Add(new IdentityUserRole<string> { UserId = manager.Id, RoleId = "manager-role" });
        }

        context.SaveChanges();
        Campaigns = new CampaignService(this, Time, NullLogger<CampaignService>.Instance);
        Transitions = new CampaignTransitions(this, Bells, Time);
        Changes = new CampaignChangeService(this, Bells, Time);
        List = new CampaignList(this);
        History = new CampaignHistory(this);
        Advance = new AdvanceCampaignsJob(this, Transitions, Time);
    }

    public FakeTimeProvider Time { get; }

    public NotificationNotifier Bells { get; } = new();

    public CampaignService Campaigns { get; }

    public CampaignTransitions Transitions { get; }

    public CampaignChangeService Changes { get; }

    public CampaignList List { get; }

    public CampaignHistory History { get; }

    public AdvanceCampaignsJob Advance { get; }

    public static CampaignRules Rules(
        string? start = "2026-11-01", string? end = "2026-11-11", string zone = "Asia/Shanghai", decimal? budget = 50_000, decimal off = 30, decimal holdout = 10, params string[] segments) => new()
        {
            Offer = new FullReduction { Tiers = [new SpendTier(200, off)] },
            Audience = new Audience { AnyOf = segments },
            Schedule = new Schedule { TimeZone = zone, Start = start is null ? null : DateOnly.Parse(start), End = end is null ? null : DateOnly.Parse(end) },
            Limits = new Limits { Budget = budget },
            Experiment = new ExperimentPlan { HoldoutPercent = holdout },
        };

    /// <summary>A code issued for a campaign, in a batch of its own.</summary>
    public async Task IssueAsync(Guid campaign, string code, int? uses = null, bool revoked = false)
    {
        await using var context = CreateDbContext();
        var now = Time.GetUtcNow().UtcDateTime;
        var batch = new CodeBatch { Id = Guid.NewGuid(), CampaignId = campaign, Count = 1, UsesPerCode = uses, CreatedBy = Mia.Name, CreatedAt = now };
        context.CodeBatches.Add(batch);
        context.IssuedCodes.Add(new IssuedCode
        {
            BatchId = batch.Id,
            CampaignId = campaign,
            Code = code,
            Normalised = CouponCode.Normalise(code),
            MaxUses = uses,
            RevokedAt = revoked ? now : null,
        });
        await context.SaveChangesAsync();
    }

    /// <summary>Counts a use.</summary>
    public async Task UseAsync(Guid campaign, UsageKind kind, string key)
    {
        await using var context = CreateDbContext();
        context.UsageCounters.Add(new UsageCounter { CampaignId = campaign, Kind = kind, Key = key, Used = 1 });
        await context.SaveChangesAsync();
    }

    public async Task<Guid> DraftAsync(string name = "Autumn", CampaignRules? rules = null, Actor? owner = null) =>
        (await Campaigns.CreateDraftAsync(name, rules ?? Rules(), owner ?? Mia, Cancel)).Value;

    /// <summary>A campaign of Mia's, brought to a state by the services themselves.</summary>
    public async Task<Guid> InStateAsync(CampaignStatus status, CampaignRules? rules = null)
    {
        var id = await DraftAsync(rules: rules);
        if (status >= CampaignStatus.InReview)
            Done(await Transitions.SubmitAsync(id, Mia, Cancel));
        if (status >= CampaignStatus.Approved)
            Done(await Transitions.ApproveAsync(id, null, Max, Cancel));
        if (status >= CampaignStatus.Live)
            Done(await Transitions.LaunchAsync(id, Max, Cancel));
        if (status == CampaignStatus.Paused)
            Done(await Transitions.PauseAsync(id, null, Max, Cancel));
        if (status >= CampaignStatus.Ended)
            Done(await Transitions.EndAsync(id, null, Max, Cancel));
        if (status >= CampaignStatus.Archived)
            Done(await Transitions.ArchiveAsync(id, Max, Cancel));
        return id;
    }

    public async Task<CampaignView> GetAsync(Guid id) => (await Campaigns.GetAsync(id, Cancel))!;

    public async Task<string[]> LogAsync(Guid id) => [.. (await History.ActivityAsync(id, new PageRequest(), Cancel)).Items.Select(a => a.Code).Reverse()];

    public async Task<Notification[]> NotesOfAsync(Actor person)
    {
        await using var context = CreateDbContext();
        return await context.Notifications.Where(n => n.UserId == person.Id).OrderBy(n => n.CreatedAt).ThenBy(n => n.Id).ToArrayAsync(Cancel);
    }

    public static void Done(Outcome outcome) => Assert.True(outcome.Succeeded, outcome.Failure?.Message);

    public AppDbContext CreateDbContext() => new(options);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
