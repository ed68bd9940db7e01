using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Audiences.Predicates;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <param name="Key">Its slug or whole key; null makes one of the name. Only of a new one.</param>
/// <param name="Predicate">Who is meant; null where it could not be read.</param>
public sealed record AudienceDraft(string? Name, Predicate? Predicate, string? Description = null, string? Key = null);

/// <param name="Size">At the last computation.</param>
/// <param name="AsOf">As of when, UTC; null before customers were described.</param>
/// <param name="UsedBy">Campaigns that name it, those that are archived left out.</param>
public sealed record OwnAudience(
    string Key, string Name, string? Description, Predicate Predicate, int Version, DateTime CreatedAt, DateTime UpdatedAt, long Size, DateTime? AsOf, IReadOnlyList<NamingCampaign> UsedBy);

/// <summary>A campaign that names a segment.</summary>
/// <param name="Live">Its customers are being assigned: what the audience is now changes who comes in.</param>
public sealed record NamingCampaign(Guid Id, string Name, bool Live);

/// <summary>Campaigns that name a segment and are not archived, by name. Registered by whoever keeps campaigns, which stand after audiences.</summary>
public delegate Task<IReadOnlyList<NamingCampaign>> CampaignsNaming(string segment, CancellationToken cancellationToken);

/// <summary>Writes into the history of live campaigns that an audience of theirs has changed; saved with it or not at all.</summary>
public delegate void NoteAudienceChange(AppDbContext context, IReadOnlyList<NamingCampaign> campaigns, string audience, Actor actor);

/// <summary>Audiences that people made: written down, and at once among the segments.</summary>
public sealed class AudienceService(
    IDbContextFactory<AppDbContext> contexts, SegmentService segments, CampaignsNaming naming, NoteAudienceChange note, TimeProvider time)
{
    public const int MostAudiences = 100;

    private static readonly Failure Unknown = new(FailureKind.NotFound, "audience-unknown", "There is no such audience.");

    private static readonly Failure Stale = new(FailureKind.Stale, "stale", "Somebody has changed this audience since it was read. Read it again.");

    public async Task<OwnAudience?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Audiences.AsNoTracking().SingleOrDefaultAsync(a => a.Key == KeyOf(key), cancellationToken) is { } row ? await ShownAsync(context, row, cancellationToken) : null;
    }

    /// <summary>All of them, by name. At most a hundred, so not paged.</summary>
    public async Task<IReadOnlyList<SavedAudience>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Audiences.AsNoTracking().OrderBy(a => a.Name).ThenBy(a => a.Key).ToListAsync(cancellationToken);
    }

    public async Task<Outcome<OwnAudience>> CreateAsync(AudienceDraft draft, Actor actor, CancellationToken cancellationToken)
    {
        if (Refusal(draft, actor, isNew: true) is { } refusal)
            return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var taken = await context.Audiences.Select(a => a.Key).ToListAsync(cancellationToken);
        if (taken.Count >= MostAudiences)
            return Failure.Conflict("audiences-many", "There are 100 audiences already. Delete one that is no longer needed.");
        var key = draft.Key is { } wanted ? KeyOf(wanted) : AudienceSlug.Free(draft.Name!, taken);
        if (taken.Contains(key))
            return Taken(key);
        var now = time.GetUtcNow().UtcDateTime;
        context.Audiences.Add(new SavedAudience
        {
            Key = key,
            Name = draft.Name!.Trim(),
            Description = Blank(draft.Description),
            PredicateJson = PredicateJson.Write(draft.Predicate!),
            CreatedAt = now,
            UpdatedAt = now,
            UpdatedById = actor.Id,
        });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            await using var again = await contexts.CreateDbContextAsync(cancellationToken);
            if (await again.Audiences.AnyAsync(a => a.Key == key, cancellationToken))
                return Taken(key);
            throw;
        }

        await segments.AudiencesChangedAsync(cancellationToken);
        return (await FindAsync(key, cancellationToken)) is { } made ? made : Unknown;
    }

    /// <summary>
    /// Another meaning under the same key, at once among the segments. Who was assigned by a live campaign keeps their arm, since that hangs on the customer alone and is written down: only
    /// who comes in from now on is told apart by the new meaning. The campaign's history says so.
    /// </summary>
    /// <param name="version">The one that was read; null for whatever stands.</param>
    public async Task<Outcome<OwnAudience>> SaveAsync(string key, AudienceDraft draft, int? version, Actor actor, CancellationToken cancellationToken)
    {
        if (Refusal(draft, actor, isNew: false) is { } refusal)
            return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Audiences.SingleOrDefaultAsync(a => a.Key == KeyOf(key), cancellationToken) is not { } row)
            return Unknown;
        if (version is { } seen && seen != row.Version)
            return Stale;
        var json = PredicateJson.Write(draft.Predicate!);
        if (json != row.PredicateJson)
            note(context, [.. (await naming(row.Key, cancellationToken)).Where(c => c.Live)], row.Name, actor);
        (row.Name, row.Description, row.PredicateJson) = (draft.Name!.Trim(), Blank(draft.Description), json);
        (row.Version, row.UpdatedAt, row.UpdatedById) = (row.Version + 1, time.GetUtcNow().UtcDateTime, actor.Id);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Stale;
        }

        await segments.AudiencesChangedAsync(cancellationToken);
        return (await FindAsync(key, cancellationToken)) is { } saved ? saved : Unknown;
    }

    /// <summary>Refused while a campaign names it.</summary>
    public async Task<Outcome> DeleteAsync(string key, int? version, Actor actor, CancellationToken cancellationToken)
    {
        if (!MayChange(actor))
            return NotAllowed;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Audiences.SingleOrDefaultAsync(a => a.Key == KeyOf(key), cancellationToken) is not { } row)
            return Unknown;
        if (version is { } seen && seen != row.Version)
            return Stale;
        if (await naming(row.Key, cancellationToken) is { Count: > 0 } campaigns)
            return Failure.Conflict("audience-in-use", $"Campaigns name this audience: {string.Join(", ", campaigns.Select(c => $"'{c.Name}'"))}. Take it out of them, or archive them.");
        context.Audiences.Remove(row);
        // Another of that key begins a history of its own.
        context.SegmentSizes.RemoveRange(await context.SegmentSizes.Where(s => s.Key == row.Key).ToListAsync(cancellationToken));
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Stale;
        }

        await segments.AudiencesChangedAsync(cancellationToken);
        return Outcome.Success;
    }

    /// <summary>Segments that a predicate names and no shop has.</summary>
    public static IReadOnlyList<string> UnknownSegments(Predicate predicate) =>
    [
        .. predicate.Conditions().OfType<InSegment>().Select(s => s.Key)
            .Where(k => !k.StartsWith(SegmentKeys.FavouritePrefix, StringComparison.Ordinal) && KnownSegments.All.All(s => s.Key != k)).Distinct(),
    ];

    /// <summary>Of a slug or a whole key.</summary>
    public static string KeyOf(string key) => SegmentKeys.IsOwn(key) ? key : SegmentKeys.OwnPrefix + key;

    private static readonly Failure NotAllowed = Failure.Forbidden("Only marketers and managers change audiences.");

    private static bool MayChange(Actor actor) => actor.IsAny(Roles.Marketer, Roles.Manager, Roles.Admin);

    private static Failure? Refusal(AudienceDraft draft, Actor actor, bool isNew)
    {
        if (!MayChange(actor))
            return NotAllowed;
        var errors = new Dictionary<string, string[]>();
        var name = draft.Name?.Trim() ?? "";
        if (name.Length is 0 or > SavedAudience.LongestName)
            errors["name"] = [$"A name of 1 to {SavedAudience.LongestName} characters is needed."];
        else if (!name.IsOneLine())
            errors["name"] = [OneLine.Rule];
        if (draft.Description?.Trim().Length > SavedAudience.LongestDescription)
            errors["description"] = [$"At most {SavedAudience.LongestDescription} characters."];
        if (isNew && draft.Key is { } key && !AudienceSlug.IsOne(KeyOf(key)[SegmentKeys.OwnPrefix.Length..]))
            errors["key"] = ["A key is of small letters a to z, digits and hyphens, at most 60 of them."];
        if (draft.Predicate is null)
            errors["predicate"] = ["Say who is meant: a condition or a group of conditions."];
        else if (UnknownSegments(draft.Predicate) is [var unknown, ..])
            errors["predicate"] = [$"There is no segment '{unknown}'. GET /audiences lists them."];
        return errors.Count == 0 ? null : Failure.Invalid(errors);
    }

    private static Failure Taken(string key) => Failure.Conflict("audience-taken", $"There is an audience '{key}' already. Choose another key.");

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private async Task<OwnAudience> ShownAsync(AppDbContext context, SavedAudience row, CancellationToken cancellationToken)
    {
        var segment = await context.Segments.AsNoTracking().SingleOrDefaultAsync(s => s.Key == row.Key, cancellationToken);
        var described = await context.Segments.AnyAsync(s => s.Kind == SegmentKind.Lifecycle, cancellationToken);
        return new OwnAudience(
            row.Key, row.Name, row.Description, PredicateJson.Parse(row.PredicateJson), row.Version, row.CreatedAt, row.UpdatedAt, segment?.Size ?? 0, described ? segment?.ComputedAt : null,
            await naming(row.Key, cancellationToken));
    }
}
