using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>What the editor leaves with a draft beside its rules.</summary>
/// <param name="FormJson">All that is typed, as typed; null when the rules say it all.</param>
/// <param name="Step">Where it was left.</param>
/// <param name="Sitting">Whose saves belong together.</param>
internal sealed record EditorNote(string? FormJson, string Step, Guid Sitting);

/// <summary>What the editor holds at a moment.</summary>
/// <param name="Draft">As typed, right or wrong.</param>
/// <param name="FormJson">The same with what no rules can hold (an amount that is missing).</param>
/// <param name="IsComplete">Nothing is wrong with it.</param>
/// <param name="Step">The step that is open.</param>
public sealed record TypedDraft(CampaignDraft Draft, string FormJson, bool IsComplete, string Step);

/// <summary>Where an autosave has left the draft.</summary>
public sealed record SavedDraft(Guid Id, int Version);

/// <summary>
/// Saves a draft while it is typed. Valid parts go into the rules at once; a part with a wrong field keeps its last valid state there, and the whole form is kept as
/// typed beside the rules, so nothing that was typed is lost and nothing wrong is priced. Why: docs/decisions/campaign-drafts.md.
/// </summary>
public sealed class DraftAutosave(CampaignService campaigns, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>A new draft from the first input.</summary>
    /// <param name="typed">What the editor holds.</param>
    /// <param name="usual">Rules that stand in for parts that are not valid yet.</param>
    /// <param name="untitled">Its name until it has one.</param>
    /// <param name="sitting">The editor's sitting.</param>
    /// <param name="actor">Who types.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Outcome<SavedDraft>> CreateAsync(TypedDraft typed, CampaignRules usual, string untitled, Guid sitting, Actor actor, CancellationToken cancellationToken)
    {
        var draft = ValidParts.Of(typed.Draft, new CampaignDraft(untitled, usual));
        var made = await campaigns.CreateAsync(draft, "created", null, actor, cancellationToken, Note(typed, sitting));
        return made.Succeeded ? new SavedDraft(made.Value, 1) : made.Failure!;
    }

    /// <summary>Saves over the version that the editor has seen; stale, and nothing changed, when there is a newer one.</summary>
    public async Task<Outcome<SavedDraft>> SaveAsync(Guid id, TypedDraft typed, int expectedVersion, Guid sitting, Actor actor, CancellationToken cancellationToken)
    {
        CampaignDraft Valid(Campaign c) => ValidParts.Of(typed.Draft, new CampaignDraft(c.Name, RulesJson.Read(c.RulesJson), c.Note, CampaignView.TagsOf(c.Tags)));
        var change = new DraftChange(id, expectedVersion, Valid, "edited", actor) { Editor = Note(typed, sitting) };
        var saved = await campaigns.ChangeAsync(change, cancellationToken);
        return saved.Succeeded ? new SavedDraft(id, saved.Value) : saved.Failure!;
    }

    /// <summary>Keeps the step for coming back. No change of the draft: its version stays.</summary>
    public async Task KeepStepAsync(Guid id, string step, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Campaigns.Where(c => c.Id == id && c.Status == CampaignStatus.Draft).ExecuteUpdateAsync(s => s.SetProperty(c => c.EditorStep, step), cancellationToken);
    }

    private static EditorNote Note(TypedDraft typed, Guid sitting) => new(typed.IsComplete ? null : typed.FormJson, typed.Step, sitting);
}

/// <summary>The valid parts of what is typed, with the last valid ones in place of the rest.</summary>
internal static class ValidParts
{
    public static CampaignDraft Of(CampaignDraft typed, CampaignDraft last)
    {
        var wrong = typed.Check().Select(e => e.Path.Split('.', '[')[0]).ToHashSet(StringComparer.Ordinal);
        if (wrong.Count == 0)
            return typed;
        var draft = new CampaignDraft(
            wrong.Contains("name") ? last.Name : typed.Name,
            Rules(typed.Rules, last.Rules, wrong),
            wrong.Contains("note") ? last.Note : typed.Note,
            wrong.Contains("tags") ? last.Tags : typed.Tags);
        // Parts that are each valid may not be so together (an amount in a currency without cents).
        return draft.Check().Count == 0 ? draft : draft with { Rules = last.Rules };
    }

    private static CampaignRules Rules(CampaignRules typed, CampaignRules last, HashSet<string> wrong) => new()
    {
        Currency = wrong.Contains("currency") ? last.Currency : typed.Currency,
        Offer = wrong.Contains("offer") ? last.Offer : typed.Offer,
        Scope = wrong.Contains("scope") ? last.Scope : typed.Scope,
        Audience = wrong.Contains("audience") ? last.Audience : typed.Audience,
        Combining = wrong.Contains("combining") ? last.Combining : typed.Combining,
        Trigger = wrong.Contains("trigger") ? last.Trigger : typed.Trigger,
        Schedule = wrong.Contains("schedule") ? last.Schedule : typed.Schedule,
        Limits = wrong.Contains("limits") ? last.Limits : typed.Limits,
        ReturnPolicy = wrong.Contains("returnPolicy") ? last.ReturnPolicy : typed.ReturnPolicy,
        Experiment = wrong.Contains("experiment") ? last.Experiment : typed.Experiment,
    };
}
