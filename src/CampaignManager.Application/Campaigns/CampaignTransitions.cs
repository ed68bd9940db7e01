using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace CampaignManager.Application.Campaigns;

/// <summary>
/// Moves campaigns along their lifecycle. Every move is one transaction around a conditional update: of two at once exactly one finds its row.
/// The optional version is the one the caller has seen.
/// </summary>
public sealed class CampaignTransitions(IDbContextFactory<AppDbContext> contexts, NotificationNotifier notifier, TimeProvider time, CampaignChecks? checks = null)
{
    public const int LongestComment = 1000;

    public async Task<Outcome> SubmitAsync(Guid id, Actor actor, CancellationToken cancellationToken, int? version = null)
    {
        // Looked at before the move, which waits for nothing; a draft that changes in between has another version.
        var never = await NeverGrantsAsync(id, cancellationToken);
        return await MoveAsync(new Move(id, CampaignAction.Submit, "submitted", actor, version)
        {
            Refuse = (c, now) => c.EditorJson is not null ? Failure.Conflict("unfinished", "Some fields of the draft are not right yet: finish them in the editor.")
                : c.EndsAt <= now ? Failure.Invalid("schedule.end", "The last day has passed. Choose a later one.") with { Code = "end-passed" }
                : CampaignDraft.FailureOf(CampaignBook.Judge(c).Refused) ?? (never.RulesJson == c.RulesJson ? CampaignDraft.FailureOf(never.Errors) : never.RulesJson is null ? null : CampaignService.Stale()),
            Set = (s, _, _) => s.SetProperty(c => c.SubmittedById, actor.Id).SetProperty(c => c.ApprovedById, (string?)null).SetProperty(c => c.RejectionComment, (string?)null),
            Notify = (context, c, at) => context.NotifyManagersAsync(
                "campaign-submitted", c, CampaignView.StakeOf(c) with { SubmittedById = actor.Id }, actor.Name, actor, at, cancellationToken),
        }, cancellationToken);
    }

    private async Task<(string? RulesJson, IReadOnlyList<Engine.Offers.RuleError> Errors)> NeverGrantsAsync(Guid id, CancellationToken cancellationToken)
    {
        if (checks is null)
            return (null, []);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken);
        return campaign is null || CampaignBook.Judge(campaign) is not { Rules: { } rules, Refused.Count: 0 } ? (null, []) : (campaign.RulesJson, await checks.RefusalsAsync(rules, cancellationToken));
    }

    /// <summary>Takes it back before anybody has decided: it is a draft again.</summary>
    public Task<Outcome> WithdrawAsync(Guid id, Actor actor, CancellationToken cancellationToken, int? version = null) =>
        MoveAsync(new Move(id, CampaignAction.Withdraw, "withdrawn", actor, version)
        {
            Notify = (context, c, at) => context.NotifyManagersAsync("campaign-withdrawn", c, CampaignView.StakeOf(c), actor.Name, actor, at, cancellationToken),
        }, cancellationToken);

    public Task<Outcome> ApproveAsync(Guid id, string? comment, Actor actor, CancellationToken cancellationToken, int? version = null) =>
        MoveAsync(new Move(id, CampaignAction.Approve, "approved", actor, version)
        {
            Detail = comment,
            Refuse = RefusePassed,
            Set = (s, _, _) => s.SetProperty(c => c.ApprovedById, actor.Id),
            Notify = (context, c, at) => TellOwnerAsync(context, c, "campaign-approved", comment, actor, at, cancellationToken),
        }, cancellationToken);

    /// <summary>Sends it back to draft. The comment says what to change.</summary>
    public Task<Outcome> RejectAsync(Guid id, string? comment, Actor actor, CancellationToken cancellationToken, int? version = null)
    {
        var words = comment?.Trim();
        return MoveAsync(new Move(id, CampaignAction.Reject, "rejected", actor, version)
        {
            Detail = words,
            Refuse = (_, _) => string.IsNullOrEmpty(words) ? Failure.Invalid("comment", "Say what has to change.") with { Code = "comment-missing" } : null,
            Set = (s, _, _) => s.SetProperty(c => c.RejectionComment, words),
            Notify = (context, c, at) => TellOwnerAsync(context, c, "campaign-rejected", words, actor, at, cancellationToken),
        }, cancellationToken);
    }

    /// <summary>Makes an approved campaign live now, before its start if need be.</summary>
    public Task<Outcome> LaunchAsync(Guid id, Actor actor, CancellationToken cancellationToken, int? version = null) =>
        MoveAsync(new Move(id, CampaignAction.Launch, "launched", actor, version)
        {
            Refuse = RefusePassed,
            Set = (s, c, now) => SetLaunched(s, c, now),
            Notify = (context, c, at) => TellOwnerAsync(context, c, "campaign-live", null, actor, at, cancellationToken),
        }, cancellationToken);

    public Task<Outcome> PauseAsync(Guid id, string? comment, Actor actor, CancellationToken cancellationToken, int? version = null) =>
        MoveAsync(new Move(id, CampaignAction.Pause, "paused", actor, version)
        {
            Detail = comment,
            Notify = (context, c, at) => TellOwnerAsync(context, c, "campaign-paused", comment, actor, at, cancellationToken),
        }, cancellationToken);

    public Task<Outcome> ResumeAsync(Guid id, Actor actor, CancellationToken cancellationToken, int? version = null) =>
        MoveAsync(new Move(id, CampaignAction.Resume, "resumed", actor, version) { Refuse = RefusePassed }, cancellationToken);

    public Task<Outcome> EndAsync(Guid id, string? comment, Actor actor, CancellationToken cancellationToken, int? version = null) =>
        MoveAsync(new Move(id, CampaignAction.End, "ended", actor, version)
        {
            Detail = comment,
            Set = (s, c, now) => SetEnded(s, c, now),
            Notify = (context, c, at) => TellOwnerAsync(context, c, "campaign-ended", comment, actor, at, cancellationToken),
        }, cancellationToken);

    public Task<Outcome> ArchiveAsync(Guid id, Actor actor, CancellationToken cancellationToken, int? version = null) =>
        MoveAsync(new Move(id, CampaignAction.Archive, "archived", actor, version), cancellationToken);

    /// <summary>What the clock does at a campaign's start and end; false when somebody else had done it.</summary>
    internal async Task<bool> AdvanceAsync(Guid id, CampaignAction action, string activityCode, string noticeCode, CancellationToken cancellationToken)
    {
        var moved = await MoveAsync(new Move(id, action, activityCode, Actor.System, null)
        {
            Set = action == CampaignAction.Launch ? SetLaunched : SetEnded,
            Notify = (context, c, at) => TellOwnerAsync(context, c, noticeCode, null, Actor.System, at, cancellationToken),
        }, cancellationToken);
        return moved.Succeeded;
    }

    // Frozen here: who is held out follows from the salt and this share, whatever happens to the rules later.
    private static void SetLaunched(UpdateSettersBuilder<Campaign> setters, Campaign campaign, DateTime now)
    {
        var share = ShareOf(campaign);
        var start = campaign.StartsAt < now ? campaign.StartsAt : now;
        setters.SetProperty(c => c.LaunchedAt, now).SetProperty(c => c.LaunchedHoldoutShare, share).SetProperty(c => c.StartsAt, start);
    }

    private static double ShareOf(Campaign campaign) => (double)Engine.Offers.RulesJson.Read(campaign.RulesJson).Experiment.HoldoutPercent / 100;

    private static void SetEnded(UpdateSettersBuilder<Campaign> setters, Campaign campaign, DateTime now) =>
        setters.SetProperty(c => c.EndsAt, campaign.EndsAt < now ? campaign.EndsAt : now);

    private static Failure? RefusePassed(Campaign campaign, DateTime now) =>
        campaign.EndsAt <= now ? Failure.Conflict("window-passed", "The campaign's last day has passed.") : null;

    private static Task TellOwnerAsync(AppDbContext context, Campaign campaign, string code, string? detail, Actor actor, DateTimeOffset at, CancellationToken cancellationToken) =>
        campaign.OwnerId == actor.Id ? Task.CompletedTask : context.NotifyAsync(campaign.OwnerId, code, campaign, detail, at, cancellationToken);

    private static object Told(Campaign campaign, CampaignStatus status) => new
    {
        campaignId = campaign.Id,
        campaign.Name,
        status,
        campaign.Currency,
        campaign.StartsAt,
        campaign.EndsAt,
        discountSpent = Engine.Money.Currency.Get(campaign.Currency).ToMajor(campaign.DiscountSpentMinor),
    };

    private sealed record Move(Guid Id, CampaignAction Action, string Code, Actor Actor, int? Version)
    {
        public string? Detail { get; init; }

        public Func<Campaign, DateTime, Failure?> Refuse { get; init; } = (_, _) => null;

        public Action<UpdateSettersBuilder<Campaign>, Campaign, DateTime> Set { get; init; } = (_, _, _) => { };

        public Func<AppDbContext, Campaign, DateTimeOffset, Task> Notify { get; init; } = (_, _, _) => Task.CompletedTask;
    }

    private async Task<Outcome> MoveAsync(Move move, CancellationToken cancellationToken)
    {
        if (move.Detail?.Length > LongestComment)
            return Failure.Invalid("comment", "At most 1000 characters.") with { Code = "comment-long" };
        var at = time.GetUtcNow();
        var now = at.UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == move.Id, cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        if (CampaignLifecycle.Check(move.Action, campaign.Status, CampaignView.StakeOf(campaign), move.Actor) is { } refused)
            return refused;
        if (move.Version is { } seen && seen != campaign.Version)
            return CampaignService.Stale();
        if (move.Refuse(campaign, now) is { } unfit)
            return unfit;

        var to = CampaignLifecycle.To(move.Action)!.Value;
        var moved = await context.Campaigns.Where(c => c.Id == move.Id && c.Status == campaign.Status && c.Version == campaign.Version).ExecuteUpdateAsync(
            s =>
            {
                s.SetProperty(c => c.Status, to).SetProperty(c => c.UpdatedAt, now);
                move.Set(s, campaign, now);
            },
            cancellationToken);
        if (moved == 0)
            return CampaignService.Stale();
        if (move.Action == CampaignAction.Launch)
            await EpochBook.LaunchAsync(context, campaign, ShareOf(campaign), now, cancellationToken);
        if (to is CampaignStatus.Ended)
        {
            await EpochBook.EndAsync(context, move.Id, now, cancellationToken);
            await CampaignChangeService.WithdrawAllAsync(context, move.Id, now, cancellationToken);
        }

        context.AddActivity(move.Id, move.Code, move.Detail, move.Actor, at);
        await move.Notify(context, campaign, at);
        if (move.Action == CampaignAction.Launch)
            await context.TellAsync(WebhookTopics.CampaignStarted, $"started:{move.Id}", Told(campaign, to), at, cancellationToken);
        else if (to == CampaignStatus.Ended)
            await context.TellAsync(WebhookTopics.CampaignEnded, $"ended:{move.Id}", Told(campaign, to), at, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.RingBells(notifier);
        return Outcome.Success;
    }
}
