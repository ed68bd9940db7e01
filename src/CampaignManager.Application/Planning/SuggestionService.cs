using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>Makes, applies, undoes and dismisses suggestions.</summary>
public sealed class SuggestionService(
    PlannerSource planners, SuggestionFinder finder, CampaignService campaigns, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    private static Failure Decided { get; } = Failure.Conflict("suggestion-decided", "This suggestion has been decided on already.");

    /// <summary>Searches anew for the current version and replaces the open suggestions of the campaign.</summary>
    public async Task<Outcome<SuggestionList>> SearchAsync(Guid campaignId, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var searched = await finder.SearchAsync(campaignId, progress, unlessDone: false, cancellationToken);
        return searched.Succeeded ? await ListAsync(campaignId, progress, cancellationToken) : searched.Failure;
    }

    /// <summary>What is stored, or that there is nothing; searches when the current version has not been searched with the current model.</summary>
    public async Task<Outcome<SuggestionList>> ListAsync(Guid campaignId, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var source = await planners.GetAsync(cancellationToken);
        if (!source.Succeeded)
            return source.Failure;
        var planner = source.Value;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await context.Campaigns.Where(c => c.Id == campaignId).Select(c => (int?)c.Version).SingleOrDefaultAsync(cancellationToken);
        if (version is null)
            return Failure.NotFound("The campaign");
        var list = await ReadAsync(context, campaignId, cancellationToken);
        var last = await SuggestionFinder.LastAsync(context, campaignId, version.Value, planner.Model.ModelId, cancellationToken);
        if (last is { Offered: 0 })
            return Nothing(list, last);
        var current = await context.CampaignSuggestions.AnyAsync(
            s => s.CampaignId == campaignId && s.CampaignVersion == version && s.ModelId == planner.Model.ModelId && s.State == SuggestionState.Open, cancellationToken);
        return current ? list with { Candidates = last?.Candidates ?? 0 } : await SearchAsync(campaignId, progress, cancellationToken);
    }

    private static SuggestionList Nothing(SuggestionList list, SearchedCampaign last) => list with
    {
        Candidates = last.Candidates,
        Nearest = last.NearestJson is { } json ? SuggestionView.MoveOf(json) : null,
        NearestDelta = last.NearestDelta,
        DataNeeded = last.DataNeeded,
    };

    /// <summary>Applies a suggestion: the draft gets a new version.</summary>
    public async Task<Outcome<int>> ApplyAsync(Guid campaignId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, campaignId, id, cancellationToken) is not { } suggestion)
            return Failure.NotFound("The suggestion");
        if (suggestion.State is not (SuggestionState.Open or SuggestionState.Undone))
            return Decided;
        var move = SuggestionView.MoveOf(suggestion);
        var version = suggestion.State == SuggestionState.Undone ? suggestion.AppliedVersion!.Value + 1 : suggestion.CampaignVersion;
        return await ReviseAsync(
            context, suggestion, version, move.After, SuggestionState.Applied, "suggestion-applied", actor, cancellationToken);
    }

    /// <summary>Takes an applied suggestion back, as long as nothing was changed after it: the version before comes again, as a new one.</summary>
    public async Task<Outcome<int>> UndoAsync(Guid campaignId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, campaignId, id, cancellationToken) is not { } suggestion)
            return Failure.NotFound("The suggestion");
        if (suggestion.State != SuggestionState.Applied || suggestion.AppliedVersion is not { } applied)
            return Failure.Conflict("suggestion-not-applied", "This suggestion is not applied.");
        return await ReviseAsync(
            context, suggestion, applied, RulesJson.Read(suggestion.BeforeJson), SuggestionState.Undone, "suggestion-undone", actor,
                cancellationToken);
    }

    // The draft and what was decided change together. The version is the lock: of two who decide at once, one finds it stale.
    private async Task<Outcome<int>> ReviseAsync(
        AppDbContext context, CampaignSuggestion suggestion, int version, CampaignRules rules, SuggestionState state, string code,
            Actor actor,
        CancellationToken cancellationToken)
    {
        var told = Describe(SuggestionView.MoveOf(suggestion));
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var change = new DraftChange(
            suggestion.CampaignId, version, c => new CampaignDraft(c.Name, rules, c.Note, CampaignView.TagsOf(c.Tags)), code, actor)
        {
            Detail = told,
            Reason = told,
        };
        var revised = await CampaignService.ChangeAsync(context, change, time.GetUtcNow(), cancellationToken);
        if (!revised.Succeeded)
            return revised.Failure;
        var answers = state == SuggestionState.Undone ? version : revised.Value;
        if (!await DecideAsync(context, suggestion, state, actor, answers, null, cancellationToken))
            return Decided;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return revised.Value;
    }

    public async Task<Outcome> DismissAsync(Guid campaignId, Guid id, string reason, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAny(Roles.Marketer, Roles.Manager, Roles.Admin))
            return Failure.Forbidden("Dismissing a suggestion takes a role.");
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 500)
            return Failure.Invalid("reason", "Say in at most 500 characters why it is dismissed.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, campaignId, id, cancellationToken) is not { } suggestion)
            return Failure.NotFound("The suggestion");
        var owner = await context.Campaigns.Where(c => c.Id == campaignId).Select(c => c.OwnerId).SingleAsync(cancellationToken);
        if (!actor.IsAny(Roles.Manager, Roles.Admin) && owner != actor.Id)
            return Failure.Forbidden("Only the owner or a manager dismisses a campaign's suggestions.");
        if (suggestion.State is not (SuggestionState.Open or SuggestionState.Undone))
            return Decided;
        return await DecideAsync(context, suggestion, SuggestionState.Dismissed, actor, null, reason.Trim(), cancellationToken)
            ? Outcome.Success : Decided;
    }

    /// <summary>Tries a suggestion on a tenth: a draft copy with the change, in which nine of ten are held out at random.</summary>
    public async Task<Outcome<Guid>> TestAsync(Guid campaignId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, campaignId, id, cancellationToken) is not { } suggestion)
            return Failure.NotFound("The suggestion");
        if (suggestion.State is not (SuggestionState.Open or SuggestionState.Undone))
            return Decided;
        var name = await context.Campaigns.Where(c => c.Id == campaignId).Select(c => c.Name).SingleAsync(cancellationToken);
        var after = SuggestionView.MoveOf(suggestion).After;
        var test = after with { Experiment = after.Experiment with { HoldoutPercent = 90 } };
        var created = await campaigns.CreateDraftAsync($"{name} · 10%", test, actor, cancellationToken);
        if (!created.Succeeded)
            return created.Failure;
        await DecideAsync(context, suggestion, SuggestionState.Tested, actor, null, null, cancellationToken);
        return created.Value;
    }

    /// <returns>False when somebody else decided first.</returns>
    private async Task<bool> DecideAsync(
        AppDbContext context, CampaignSuggestion suggestion, SuggestionState state, Actor actor, int? version, string? reason,
            CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return await context.CampaignSuggestions.Where(s => s.Id == suggestion.Id && s.State == suggestion.State).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.State, state).SetProperty(x => x.AppliedVersion, version).SetProperty(x => x.DismissReason, reason)
                .SetProperty(x => x.DecidedByName, actor.Name).SetProperty(x => x.DecidedAt, now),
            cancellationToken) == 1;
    }

    private static Task<CampaignSuggestion?> FindAsync(AppDbContext context, Guid campaignId, Guid id, CancellationToken cancellationToken) =>
        context.Set<CampaignSuggestion>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.CampaignId == campaignId, cancellationToken);

    private static async Task<SuggestionList> ReadAsync(AppDbContext context, Guid campaignId, CancellationToken cancellationToken)
    {
        var rows = await context.Set<CampaignSuggestion>().AsNoTracking().Where(s => s.CampaignId == campaignId)
            .OrderByDescending(s => s.Delta).ThenBy(s => s.Id).ToListAsync(cancellationToken);
        var views = rows.Select(SuggestionView.Of).ToList();
        return new SuggestionList(
            [.. views.Where(v => v.State == SuggestionState.Open)], [.. views.Where(v => v.State != SuggestionState.Open)], 0, null, 0, 0);
    }

    /// <summary>Short and language-free, for the activity log: kind, segment, categories or offer.</summary>
    private static string Describe(CampaignMove move)
    {
        var what = move.Offer is { } offer ? JsonSerializer.Serialize(offer, RulesJson.Options) : string.Join(", ", move.Categories);
        return string.Join(" · ", ((string?[])[move.Kind.ToString(), move.Segment, what]).Where(s => !string.IsNullOrEmpty(s)));
    }
}
