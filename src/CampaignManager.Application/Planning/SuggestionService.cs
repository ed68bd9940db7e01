using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>A suggestion as pages and the API see it.</summary>
public sealed record SuggestionView(
    Guid Id,
    int CampaignVersion,
    CampaignMove Move,
    CampaignRules Before,
    double Delta,
    double Low,
    double High,
    double ProbabilityPositive,
    int Customers,
    double DiscountChange,
    SuggestionEvidence Evidence,
    SuggestionState State,
    string? DismissReason,
    int? AppliedVersion,
    string? DecidedByName);

/// <summary>The suggestions of a campaign's current version, those decided on before, and, when there are none, what would have to be learnt.</summary>
public sealed record SuggestionList(IReadOnlyList<SuggestionView> Open, IReadOnlyList<SuggestionView> Decided, int Candidates, CampaignMove? Nearest, double NearestDelta, double DataNeeded);

/// <summary>Makes, applies, undoes and dismisses suggestions.</summary>
public sealed class SuggestionService(PlannerSource planners, CampaignService campaigns, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    private readonly NothingFound nothing = new();

    /// <summary>Searches anew for the current version and replaces the open suggestions of the campaign.</summary>
    public async Task<Outcome<SuggestionList>> SearchAsync(Guid campaignId, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var source = await planners.GetAsync(cancellationToken);
        if (!source.Succeeded)
            return source.Failure;
        var planner = source.Value;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().Where(c => c.Id == campaignId)
            .Select(c => new { c.Version, c.RulesJson }).SingleOrDefaultAsync(cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");

        var rules = RulesJson.Read(campaign.RulesJson);
        if (!OfferTerms.Knows(rules.Offer))
            return PredictionService.OfferUnknown;
        var found = await Task.Run(() => new SuggestionSearch(planner).Run(rules, progress, cancellationToken), cancellationToken);
        var now = time.GetUtcNow();
        var dismissed = await context.Set<CampaignSuggestion>().AsNoTracking()
            .Where(s => s.CampaignId == campaignId && s.CampaignVersion == campaign.Version && s.State == SuggestionState.Dismissed)
            .Select(s => s.MoveJson).ToListAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.Set<CampaignSuggestion>().Where(s => s.CampaignId == campaignId && s.State == SuggestionState.Open).ExecuteDeleteAsync(cancellationToken);
        foreach (var move in found.Moves)
        {
            var json = JsonSerializer.Serialize(move.Move, RulesJson.Options);
            if (!dismissed.Contains(json))
                context.Add(ToRow(campaignId, campaign.Version, campaign.RulesJson, planner, rules, move, json, found.Candidates, now));
        }

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var list = await ReadAsync(context, campaignId, cancellationToken);
        list = list with { Candidates = found.Candidates, Nearest = found.Nearest?.Move, NearestDelta = found.Nearest?.Value.Delta ?? 0, DataNeeded = found.DataNeeded };
        nothing.Remember(campaignId, campaign.Version, planner.Model.ModelId, list);
        return list;
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
        var current = await context.Set<CampaignSuggestion>().AnyAsync(
            s => s.CampaignId == campaignId && s.CampaignVersion == version && s.ModelId == planner.Model.ModelId && s.State == SuggestionState.Open, cancellationToken);
        if (current)
            return list;
        return nothing.Find(campaignId, version.Value, planner.Model.ModelId) is { } known
            ? known with { Decided = list.Decided } : await SearchAsync(campaignId, progress, cancellationToken);
    }

    /// <summary>Applies a suggestion: the draft gets a new version.</summary>
    public async Task<Outcome<int>> ApplyAsync(Guid campaignId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, campaignId, id, cancellationToken) is not { } suggestion)
            return Failure.NotFound("The suggestion");
        if (suggestion.State is not (SuggestionState.Open or SuggestionState.Undone))
            return Failure.Conflict("suggestion-decided", "This suggestion has been decided on already.");
        var move = Move(suggestion);
        // The version is the lock: of two who apply at once, one finds it stale.
        var revised = await campaigns.ReviseAsync(
            campaignId, suggestion.State == SuggestionState.Undone ? suggestion.AppliedVersion!.Value + 1 : suggestion.CampaignVersion,
            move.After, "suggestion-applied", Describe(move), Describe(move), actor, cancellationToken);
        if (!revised.Succeeded)
            return revised.Failure;
        await DecideAsync(context, id, SuggestionState.Applied, actor, revised.Value, null, cancellationToken);
        return revised.Value;
    }

    /// <summary>Takes an applied suggestion back, as long as nothing was changed after it: the version before comes again, as a new one.</summary>
    public async Task<Outcome<int>> UndoAsync(Guid campaignId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, campaignId, id, cancellationToken) is not { } suggestion)
            return Failure.NotFound("The suggestion");
        if (suggestion.State != SuggestionState.Applied || suggestion.AppliedVersion is not { } applied)
            return Failure.Conflict("suggestion-not-applied", "This suggestion is not applied.");
        var move = Move(suggestion);
        var revised = await campaigns.ReviseAsync(
            campaignId, applied, RulesJson.Read(suggestion.BeforeJson), "suggestion-undone", Describe(move), Describe(move), actor, cancellationToken);
        if (!revised.Succeeded)
            return revised.Failure;
        await DecideAsync(context, id, SuggestionState.Undone, actor, applied, null, cancellationToken);
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
            return Failure.Conflict("suggestion-decided", "This suggestion has been decided on already.");
        await DecideAsync(context, id, SuggestionState.Dismissed, actor, null, reason.Trim(), cancellationToken);
        return Outcome.Success;
    }

    /// <summary>Tries a suggestion on a tenth: a draft copy with the change, in which nine of ten are held out at random.</summary>
    public async Task<Outcome<Guid>> TestAsync(Guid campaignId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, campaignId, id, cancellationToken) is not { } suggestion)
            return Failure.NotFound("The suggestion");
        if (suggestion.State is not (SuggestionState.Open or SuggestionState.Undone))
            return Failure.Conflict("suggestion-decided", "This suggestion has been decided on already.");
        var name = await context.Campaigns.Where(c => c.Id == campaignId).Select(c => c.Name).SingleAsync(cancellationToken);
        var after = Move(suggestion).After;
        var test = after with { Experiment = after.Experiment with { HoldoutPercent = 90 } };
        var created = await campaigns.CreateDraftAsync($"{name} · 10%", test, actor, cancellationToken);
        if (!created.Succeeded)
            return created.Failure;
        await DecideAsync(context, id, SuggestionState.Tested, actor, null, null, cancellationToken);
        return created.Value;
    }

    private async Task DecideAsync(AppDbContext context, Guid id, SuggestionState state, Actor actor, int? version, string? reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await context.Set<CampaignSuggestion>().Where(s => s.Id == id).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.State, state).SetProperty(x => x.AppliedVersion, version).SetProperty(x => x.DismissReason, reason)
                .SetProperty(x => x.DecidedByName, actor.Name).SetProperty(x => x.DecidedAt, now),
            cancellationToken);
    }

    private static Task<CampaignSuggestion?> FindAsync(AppDbContext context, Guid campaignId, Guid id, CancellationToken cancellationToken) =>
        context.Set<CampaignSuggestion>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.CampaignId == campaignId, cancellationToken);

    private static async Task<SuggestionList> ReadAsync(AppDbContext context, Guid campaignId, CancellationToken cancellationToken)
    {
        var rows = await context.Set<CampaignSuggestion>().AsNoTracking().Where(s => s.CampaignId == campaignId)
            .OrderByDescending(s => s.Delta).ThenBy(s => s.Id).ToListAsync(cancellationToken);
        var views = rows.Select(View).ToList();
        return new SuggestionList(
            [.. views.Where(v => v.State == SuggestionState.Open)], [.. views.Where(v => v.State != SuggestionState.Open)], 0, null, 0, 0);
    }

    private static SuggestionView View(CampaignSuggestion s) => new(
        s.Id, s.CampaignVersion, Move(s), RulesJson.Read(s.BeforeJson), s.Delta, s.Low, s.High, s.ProbabilityPositive, s.Customers, s.DiscountChange,
        JsonSerializer.Deserialize<SuggestionEvidence>(s.EvidenceJson, RulesJson.Options)!, s.State, s.DismissReason, s.AppliedVersion, s.DecidedByName);

    private static CampaignMove Move(CampaignSuggestion suggestion) => JsonSerializer.Deserialize<CampaignMove>(suggestion.MoveJson, RulesJson.Options)!;

    private static CampaignSuggestion ToRow(
        Guid campaignId, int version, string beforeJson, Planner planner, CampaignRules rules, ValuedMove move, string moveJson, int candidates, DateTimeOffset now)
    {
        var rows = planner.Model.RowsByLifecycle;
        var evidence = new SuggestionEvidence(
            move.Move.Segment is { } segment && rows.TryGetValue(segment, out var own) ? own : rows.Values.Sum(),
            planner.Model.Effects.Campaigns,
            move.Extrapolated,
            rules.Limits.Budget is { } budget && move.DiscountAfter > (double)budget,
            candidates);
        return new CampaignSuggestion
        {
            Id = Guid.CreateVersion7(now),
            CampaignId = campaignId,
            CampaignVersion = version,
            ModelId = planner.Model.ModelId,
            MoveJson = moveJson,
            BeforeJson = beforeJson,
            Delta = move.Value.Delta,
            Low = move.Low,
            High = move.High,
            ProbabilityPositive = move.Value.ProbabilityPositive,
            Customers = (int)Math.Round(move.Value.Customers),
            DiscountChange = move.DiscountChange,
            EvidenceJson = JsonSerializer.Serialize(evidence, RulesJson.Options),
            CreatedAt = now.UtcDateTime,
        };
    }

    /// <summary>Short and language-free, for the activity log: kind, segment, categories or offer.</summary>
    private static string Describe(CampaignMove move)
    {
        var what = move.Offer is { } offer ? JsonSerializer.Serialize(offer, RulesJson.Options) : string.Join(", ", move.Categories);
        return string.Join(" · ", ((string?[])[move.Kind.ToString(), move.Segment, what]).Where(s => !string.IsNullOrEmpty(s)));
    }
}
