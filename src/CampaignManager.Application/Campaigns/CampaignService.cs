using System.Globalization;
using System.Security.Cryptography;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Campaigns;

/// <summary>Makes, reads, changes, copies and deletes drafts. What happens to a campaign after that is <see cref="CampaignTransitions"/>.</summary>
public sealed class CampaignService(IDbContextFactory<AppDbContext> contexts, TimeProvider time, ILogger<CampaignService> logger)
{
    public async Task<CampaignView?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken);
        return campaign is null ? null : CampaignView.Of(campaign);
    }

    public Task<Outcome<Guid>> CreateDraftAsync(string name, CampaignRules rules, Actor actor, CancellationToken cancellationToken) =>
        CreateDraftAsync(new CampaignDraft(name, rules), actor, cancellationToken);

    public Task<Outcome<Guid>> CreateDraftAsync(CampaignDraft draft, Actor actor, CancellationToken cancellationToken) =>
        CreateAsync(draft, "created", null, actor, cancellationToken);

    /// <summary>A new draft with the same rules, owned by who asked, but for the code: one code for two campaigns would pay twice.</summary>
    /// <param name="name">Its name; null for the old one with "(copy)".</param>
    public async Task<Outcome<Guid>> DuplicateAsync(Guid id, string? name, Actor actor, CancellationToken cancellationToken)
    {
        if (await GetAsync(id, cancellationToken) is not { } source)
            return Failure.NotFound("The campaign");
        var copy = name ?? $"{source.Name[..Math.Min(source.Name.Length, CampaignDraft.LongestName - 7)]} (copy)";
        var rules = source.Rules with { Trigger = source.Rules.Trigger with { Code = null } };
        return await CreateAsync(new CampaignDraft(copy, rules, source.Note, source.Tags), "duplicated", source.Name, actor, cancellationToken);
    }

    /// <summary>Saves a draft over the version the caller has seen. A version row is made when the rules change; saving the same again changes nothing.</summary>
    /// <returns>The campaign's version after it.</returns>
    public Task<Outcome<int>> SaveAsync(
        Guid id, CampaignDraft draft, int expectedVersion, Actor actor, CancellationToken cancellationToken, string? reason = null) =>
        ChangeAsync(new DraftChange(id, expectedVersion, _ => draft, "edited", actor) { Reason = reason }, cancellationToken);

    /// <summary>Replaces a draft's rules, as applying a suggestion or taking it back does.</summary>
    /// <returns>The campaign's version after it.</returns>
    public Task<Outcome<int>> ReviseAsync(
        Guid id, int expectedVersion, CampaignRules rules, string activityCode, string? detail, string reason, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            new DraftChange(id, expectedVersion, c => new CampaignDraft(c.Name, rules, c.Note, CampaignView.TagsOf(c.Tags)), activityCode, actor)
            {
                Detail = detail,
                Reason = reason,
            },
            cancellationToken);

    /// <summary>A draft goes with its versions and its log; what has been live never goes.</summary>
    public async Task<Outcome> DeleteDraftAsync(Guid id, int? expectedVersion, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        if (CampaignLifecycle.Check(CampaignAction.Delete, campaign.Status, CampaignView.StakeOf(campaign), actor) is { } refused)
            return refused;
        var version = expectedVersion ?? campaign.Version;
        var deleted = await context.Campaigns.Where(c => c.Id == id && c.Status == CampaignStatus.Draft && c.Version == version).ExecuteDeleteAsync(cancellationToken);
        if (deleted == 0)
            return Stale();
        logger.LogInformation("Audit: {Actor} ({ActorId}) deleted draft {Campaign} ({CampaignId})", actor.Name, actor.Id, campaign.Name, id);
        return Outcome.Success;
    }

    internal static Failure Stale() =>
        new(FailureKind.Stale, "stale", "Somebody changed the campaign in the meantime. Load it again and repeat the change.");

    internal async Task<Outcome<Guid>> CreateAsync(CampaignDraft draft, string activityCode, string? detail, Actor actor, CancellationToken cancellationToken, EditorNote? editor = null)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var added = Add(context, draft, activityCode, detail, actor, time.GetUtcNow(), editor);
        if (added.Succeeded)
            await context.SaveChangesAsync(cancellationToken);
        return added;
    }

    /// <summary>Why they may make none; asked before anything is read for them.</summary>
    internal static Failure? RefuseMaking(Actor actor) =>
        actor.IsAny(Roles.Marketer, Roles.Manager, Roles.Admin) ? null : Failure.Forbidden("Only staff make campaigns.");

    /// <summary>Adds a draft to a context that the caller saves.</summary>
    internal static Outcome<Guid> Add(AppDbContext context, CampaignDraft draft, string activityCode, string? detail, Actor actor, DateTimeOffset now, EditorNote? editor = null)
    {
        if (RefuseMaking(actor) is { } refused)
            return refused;
        if (draft.Failure() is { } wrong)
            return wrong;
        var columns = CampaignColumns.Of(draft.Rules);
        var campaign = new Campaign
        {
            Id = Guid.CreateVersion7(now),
            Name = draft.Name.Trim(),
            Note = draft.Note,
            Tags = string.Join(' ', draft.CleanTags),
            RulesJson = columns.RulesJson,
            OfferType = columns.OfferType,
            Currency = columns.Currency,
            BudgetMinor = columns.BudgetMinor,
            StartsAt = columns.StartsAt,
            EndsAt = columns.EndsAt,
            SegmentKeys = columns.SegmentKeys,
            OwnerId = actor.Id,
            OwnerName = actor.Name,
            LastEditedById = actor.Id,
            HoldoutSalt = RandomNumberGenerator.GetHexString(32, lowercase: true),
            EditorJson = editor?.FormJson,
            EditorStep = editor?.Step,
            CreatedAt = now.UtcDateTime,
            UpdatedAt = now.UtcDateTime,
        };
        context.Campaigns.Add(campaign);
        context.CampaignVersions.Add(VersionRow(campaign.Id, 1, columns, null, actor, now, editor));
        context.AddActivity(campaign.Id, activityCode, detail, actor, now);
        return campaign.Id;
    }

    /// <summary>The one way a draft changes. Without a note of the editor, what was unfinished there is replaced by what is saved.</summary>
    internal async Task<Outcome<int>> ChangeAsync(DraftChange change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var changed = await ChangeAsync(context, change, time.GetUtcNow(), cancellationToken);
        if (!changed.Succeeded || changed.Value == change.ExpectedVersion)
            return changed;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    /// <summary>Changes a draft in a transaction that the caller saves and commits.</summary>
    internal static async Task<Outcome<int>> ChangeAsync(AppDbContext context, DraftChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, expectedVersion, make, activityCode, actor) = change;
        var editor = change.Editor;
        var campaign = await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        if (CampaignLifecycle.Check(CampaignAction.Edit, campaign.Status, CampaignView.StakeOf(campaign), actor) is { } refused)
            return refused;
        if (campaign.Version != expectedVersion)
            return Stale();
        var draft = make(campaign);
        if (draft.Failure() is { } wrong)
            return wrong;

        var columns = CampaignColumns.Of(draft.Rules);
        var (name, tags, version) = (draft.Name.Trim(), string.Join(' ', draft.CleanTags), expectedVersion + 1);
        var rulesChanged = columns.RulesJson != campaign.RulesJson;
        var step = editor?.Step ?? campaign.EditorStep;
        if (!rulesChanged && name == campaign.Name && tags == campaign.Tags && draft.Note == campaign.Note && editor?.FormJson == campaign.EditorJson)
            return expectedVersion;

        var saved = await context.Campaigns.Where(c => c.Id == id && c.Status == CampaignStatus.Draft && c.Version == expectedVersion).ExecuteUpdateAsync(
            s => s.SetProperty(c => c.Name, name).SetProperty(c => c.Note, draft.Note).SetProperty(c => c.Tags, tags).SetProperty(c => c.Version, version)
                .SetProperty(c => c.RulesJson, columns.RulesJson).SetProperty(c => c.OfferType, columns.OfferType).SetProperty(c => c.Currency, columns.Currency)
                .SetProperty(c => c.BudgetMinor, columns.BudgetMinor).SetProperty(c => c.StartsAt, columns.StartsAt).SetProperty(c => c.EndsAt, columns.EndsAt)
                .SetProperty(c => c.EditorJson, editor == null ? null : editor.FormJson).SetProperty(c => c.EditorStep, step)
                .SetProperty(c => c.SegmentKeys, columns.SegmentKeys).SetProperty(c => c.LastEditedById, actor.Id).SetProperty(c => c.UpdatedAt, now.UtcDateTime),
            cancellationToken);
        if (saved == 0)
            return Stale();
        if (rulesChanged)
            context.CampaignVersions.Add(VersionRow(id, version, columns, change.Reason, actor, now, editor));
        var told = change.Detail ?? (rulesChanged ? $"v{version.ToString(CultureInfo.InvariantCulture)}" : null);
        if (editor is null || !await context.RetellActivityAsync(id, activityCode, told, actor, now, cancellationToken))
            context.AddActivity(id, activityCode, told, actor, now);
        return version;
    }

    private static CampaignVersion VersionRow(Guid campaignId, int number, CampaignColumns columns, string? reason, Actor actor, DateTimeOffset now, EditorNote? editor) => new()
    {
        Id = Guid.CreateVersion7(now),
        CampaignId = campaignId,
        Number = number,
        RulesJson = columns.RulesJson,
        ActorName = actor.Name,
        Reason = reason,
        Sitting = editor?.Sitting,
        CreatedAt = now.UtcDateTime,
    };
}
