using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Notifications;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

public sealed record CampaignChangeRow(
    Guid Id, CampaignChangeKind Kind, DateOnly? NewEnd, long? NewBudgetMinor, string RequestedById, string RequestedByName, DateTime RequestedAt)
{
    /// <summary>The new end; null where it does not change.</summary>
    public LocalMoment? End => NewEnd is { } day ? new LocalMoment(day, NewEndTime) : null;

    public TimeOnly? NewEndTime { get; init; }
}

/// <summary>A running campaign may last longer or get more budget, once a manager who neither asked for it nor has a stake in it agrees.</summary>
public sealed class CampaignChangeService(IDbContextFactory<AppDbContext> contexts, NotificationNotifier notifier, TimeProvider time)
{
    public async Task<IReadOnlyList<CampaignChangeRow>> PendingAsync(Guid campaignId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.CampaignChanges.AsNoTracking()
            .Where(c => c.CampaignId == campaignId && c.State == CampaignChangeState.Pending).OrderBy(c => c.RequestedAt).ThenBy(c => c.Id)
            .Select(c => new CampaignChangeRow(c.Id, c.Kind, c.NewEnd, c.NewBudgetMinor, c.RequestedById, c.RequestedByName, c.RequestedAt) { NewEndTime = c.NewEndTime })
            .ToListAsync(cancellationToken);
    }

    /// <summary>Asks for a later last day.</summary>
    public Task<Outcome<Guid>> ExtendAsync(Guid campaignId, LocalMoment newEnd, Actor actor, CancellationToken cancellationToken) =>
        RequestAsync(campaignId, CampaignChangeKind.Extend, rules => Extended(rules, newEnd), actor, cancellationToken);

    /// <summary>Asks for a larger budget; the amount is the new budget in all, in major units.</summary>
    public Task<Outcome<Guid>> TopUpAsync(Guid campaignId, decimal newBudget, Actor actor, CancellationToken cancellationToken) =>
        RequestAsync(campaignId, CampaignChangeKind.TopUp, rules => ToppedUp(rules, newBudget), actor, cancellationToken);

    /// <summary>The rules with a later last day, or why not.</summary>
    internal static Outcome<CampaignRules> Extended(CampaignRules rules, LocalMoment newEnd)
    {
        if (rules.Schedule.End is null)
            return Failure.Conflict("no-end", "The campaign has no last day: there is nothing to extend.");
        var longer = rules.Schedule with { End = newEnd };
        return ScheduleInterval.ToUtc(longer).EndUtc <= ScheduleInterval.ToUtc(rules.Schedule).EndUtc
            ? Failure.Invalid("end", "The new last day must be after the present one.") with { Code = "end-not-later" } : rules with { Schedule = longer };
    }

    /// <summary>The rules with a larger budget, or why not.</summary>
    internal static Outcome<CampaignRules> ToppedUp(CampaignRules rules, decimal newBudget)
    {
        if (rules.Limits.Budget is not { } budget)
            return Failure.Conflict("no-budget", "The campaign has no budget limit: there is nothing to top up.");
        return newBudget <= budget ? Failure.Invalid("budget", "The new budget must be above the present one.") with { Code = "budget-not-higher" } : rules with { Limits = rules.Limits with { Budget = newBudget } };
    }

    public async Task<Outcome> ApproveAsync(Guid changeId, Actor actor, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var (change, campaign, refused) = await FindAsync(context, changeId, actor, cancellationToken);
        if (refused is not null)
            return refused;

        var rules = Changed(RulesJson.Read(campaign!.RulesJson), change!);
        var columns = CampaignColumns.Of(rules);
        var version = campaign.Version + 1;
        // Only what was asked for moves: a campaign launched early keeps its true start.
        var endsAt = change!.Kind == CampaignChangeKind.Extend ? columns.EndsAt : campaign.EndsAt;
        var saved = await context.Campaigns.Where(c => c.Id == campaign.Id && c.Status == campaign.Status && c.Version == campaign.Version).ExecuteUpdateAsync(
            s => s.SetProperty(c => c.RulesJson, columns.RulesJson).SetProperty(c => c.BudgetMinor, columns.BudgetMinor).SetProperty(c => c.EndsAt, endsAt)
                .SetProperty(c => c.Version, version).SetProperty(c => c.UpdatedAt, at.UtcDateTime),
            cancellationToken);
        if (saved == 0 || !await DecideAsync(context, changeId, CampaignChangeState.Approved, null, actor, at, cancellationToken))
            return CampaignService.Stale();
        var code = change.Kind == CampaignChangeKind.Extend ? "extended" : "topped-up";
        context.CampaignVersions.Add(new CampaignVersion
        {
            Id = Guid.CreateVersion7(at),
            CampaignId = campaign.Id,
            Number = version,
            RulesJson = columns.RulesJson,
            ActorName = change.RequestedByName,
            Reason = code,
            CreatedAt = at.UtcDateTime,
        });
        if (campaign.LaunchedAt is not null)
            await EpochBook.FollowAsync(context, campaign.Id, RulesJson.Read(campaign.RulesJson), rules, version, at.UtcDateTime, cancellationToken);
        context.AddActivity(campaign.Id, code, Detail(change, campaign.Currency), actor, at);
        await context.NotifyAsync(change.RequestedById, "campaign-change-approved", campaign, Detail(change, campaign.Currency), at, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.RingBells(notifier);
        return Outcome.Success;
    }

    public async Task<Outcome> RejectAsync(Guid changeId, string? comment, Actor actor, CancellationToken cancellationToken)
    {
        var words = comment?.Trim();
        if (words is not { Length: > 0 and <= CampaignTransitions.LongestComment })
            return Failure.Invalid("comment", "Say why, in at most 1000 characters.") with { Code = "comment-missing" };
        var at = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var (change, campaign, refused) = await FindAsync(context, changeId, actor, cancellationToken);
        if (refused is not null)
            return refused;
        if (!await DecideAsync(context, changeId, CampaignChangeState.Rejected, words, actor, at, cancellationToken))
            return CampaignService.Stale();
        context.AddActivity(campaign!.Id, "change-rejected", words, actor, at);
        await context.NotifyAsync(change!.RequestedById, "campaign-change-rejected", campaign, words, at, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.RingBells(notifier);
        return Outcome.Success;
    }

    internal static Task<int> WithdrawAllAsync(AppDbContext context, Guid campaignId, DateTime now, CancellationToken cancellationToken) =>
        context.CampaignChanges.Where(c => c.CampaignId == campaignId && c.State == CampaignChangeState.Pending)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.State, CampaignChangeState.Withdrawn).SetProperty(c => c.DecidedAt, now), cancellationToken);

    private async Task<Outcome<Guid>> RequestAsync(
        Guid campaignId, CampaignChangeKind kind, Func<CampaignRules, Outcome<CampaignRules>> change, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var asked = await RequestAsync(context, campaignId, kind, change, actor, time.GetUtcNow(), cancellationToken);
        if (!asked.Succeeded)
            return asked;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.RingBells(notifier);
        return asked;
    }

    /// <summary>Asks for a change in a transaction that the caller saves and commits.</summary>
    internal static async Task<Outcome<Guid>> RequestAsync(
        AppDbContext context, Guid campaignId, CampaignChangeKind kind, Func<CampaignRules, Outcome<CampaignRules>> change, Actor actor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId, cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        var stake = CampaignView.StakeOf(campaign);
        if (CampaignLifecycle.Check(CampaignAction.RequestChange, campaign.Status, stake, actor) is { } refused)
            return refused;
        var changed = change(RulesJson.Read(campaign.RulesJson));
        if (!changed.Succeeded)
            return changed.Failure;
        // What it gives does not change: only what would keep it from being priced stands against a longer run.
        if (CampaignDraft.FailureOf(RulesValidation.CheckPriceable(changed.Value)) is { } wrong)
            return wrong;
        if (await context.CampaignChanges.AnyAsync(c => c.CampaignId == campaignId && c.Kind == kind && c.State == CampaignChangeState.Pending, cancellationToken))
            return Failure.Conflict("change-pending", "Such a change is waiting for a decision already.");

        var row = new CampaignChange
        {
            Id = Guid.CreateVersion7(at),
            CampaignId = campaignId,
            Kind = kind,
            NewEnd = kind == CampaignChangeKind.Extend ? changed.Value.Schedule.End?.Day : null,
            NewEndTime = kind == CampaignChangeKind.Extend ? changed.Value.Schedule.End?.Time : null,
            NewBudgetMinor = kind == CampaignChangeKind.TopUp ? CampaignColumns.Of(changed.Value).BudgetMinor : null,
            RequestedById = actor.Id,
            RequestedByName = actor.Name,
            RequestedAt = at.UtcDateTime,
        };
        context.CampaignChanges.Add(row);
        context.AddActivity(campaignId, kind == CampaignChangeKind.Extend ? "extend-requested" : "top-up-requested", Detail(row, campaign.Currency), actor, at);
        await context.NotifyManagersAsync("campaign-change-requested", campaign, stake, actor.Name, actor, at, cancellationToken);
        return row.Id;
    }

    private static async Task<(CampaignChange? Change, Campaign? Campaign, Failure? Refused)> FindAsync(
        AppDbContext context, Guid changeId, Actor actor, CancellationToken cancellationToken)
    {
        var change = await context.CampaignChanges.AsNoTracking().SingleOrDefaultAsync(c => c.Id == changeId, cancellationToken);
        if (change is null)
            return (null, null, Failure.NotFound("The change"));
        if (change.State != CampaignChangeState.Pending)
            return (null, null, Failure.Conflict("decided", "The change has been decided already."));
        var campaign = await context.Campaigns.AsNoTracking().SingleAsync(c => c.Id == change.CampaignId, cancellationToken);
        var refused = CampaignLifecycle.Check(CampaignAction.DecideChange, campaign.Status, CampaignView.StakeOf(campaign), actor);
        if (refused is null && change.RequestedById == actor.Id)
            refused = new Failure(FailureKind.Forbidden, "own-campaign", "Nobody decides on a change that they asked for.");
        return (change, campaign, refused);
    }

    private static async Task<bool> DecideAsync(
        AppDbContext context, Guid changeId, CampaignChangeState state, string? comment, Actor actor, DateTimeOffset at, CancellationToken cancellationToken) =>
        await context.CampaignChanges.Where(c => c.Id == changeId && c.State == CampaignChangeState.Pending).ExecuteUpdateAsync(
            s => s.SetProperty(c => c.State, state).SetProperty(c => c.DecidedById, actor.Id).SetProperty(c => c.DecidedByName, actor.Name)
                .SetProperty(c => c.DecidedAt, at.UtcDateTime).SetProperty(c => c.Comment, comment),
            cancellationToken) == 1;

    private static CampaignRules Changed(CampaignRules rules, CampaignChange change) => change.Kind switch
    {
        CampaignChangeKind.Extend => rules with { Schedule = rules.Schedule with { End = End(change) } },
        CampaignChangeKind.TopUp => rules with { Limits = rules.Limits with { Budget = Currency.Get(rules.Currency).ToMajor(change.NewBudgetMinor!.Value) } },
        _ => throw new InvalidOperationException($"A change of kind {change.Kind} is not known."),
    };

    private static LocalMoment End(CampaignChange change) => new(change.NewEnd!.Value, change.NewEndTime);

    private static string Detail(CampaignChange change, string currency) => change.Kind == CampaignChangeKind.Extend
        ? End(change).ToString()
        : MoneyText.OfMinor(change.NewBudgetMinor!.Value, currency, CultureInfo.InvariantCulture);
}
