using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Application.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>A version in a list.</summary>
public sealed record ModelRow(
    Guid Id, int Number, string Scope, Guid? ExperimentId, string Source, string Outcome, string OutcomeKind, string Learner, int Seed, int Rows, DateTime? DataFrom, DateTime? DataTo,
    DateTime CreatedAt, double DurationSeconds, string? CreatedByName, bool InUse, ModelMetrics Metrics)
{
    /// <summary>Whether its data were not randomised.</summary>
    public bool Observational => Metrics.Observational;
}

/// <summary>A version with its whole manifest; without one when its files are damaged, and then why.</summary>
/// <param name="OtherAmounts">It learnt amounts in another unit than the shop's have now, and is asked nothing.</param>
/// <param name="TakenBack">Files of imports that were there when it learnt, and were taken back since: what it says rests on them.</param>
public sealed record ModelDetail(ModelRow Row, ModelManifest? Manifest, string? Damage, bool OtherAmounts = false, IReadOnlyList<string>? TakenBack = null);

/// <summary>The registry of trained models, and which of them is in use.</summary>
public sealed class ModelService(
    IDbContextFactory<AppDbContext> contexts, ModelStore store, JobService jobs, SettingsService settings, TimeProvider time)
{
    /// <summary>What is said wherever a version is asked that learnt amounts in another unit than the shop's have now.</summary>
    public static Failure OtherAmounts { get; } = Failure.Conflict(
        "model-other-amounts",
        "This version learnt amounts in another unit than the shop's currency has now. Train again: the new version is then in use at once.");

    public static readonly IReadOnlyList<string> SortKeys = ["created", "source", "rows"];

    public async Task<Paged<ModelRow>> ListAsync(PageRequest page, CancellationToken cancellationToken, string? scope = null)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var versions = context.ModelVersions.AsNoTracking().Where(m => scope == null || m.Scope == scope);
        if (!string.IsNullOrWhiteSpace(page.Query))
        {
            var pattern = Like.Contains(page.Query);
            versions = versions.Where(m => EF.Functions.Like(m.Source, pattern, Like.Escape) || EF.Functions.Like(m.Outcome, pattern, Like.Escape));
        }

        var total = await versions.CountAsync(cancellationToken);
        var ordered = (page.SortKey, page.Descending) switch
        {
            ("source", false) => versions.OrderBy(m => m.Source),
            ("source", true) => versions.OrderByDescending(m => m.Source),
            ("rows", false) => versions.OrderBy(m => m.Rows),
            ("rows", true) => versions.OrderByDescending(m => m.Rows),
            ("created", false) => versions.OrderBy(m => m.CreatedAt),
            _ => versions.OrderByDescending(m => m.CreatedAt),
        };
        var items = await ordered.ThenBy(m => m.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        var champions = await ChampionsAsync(context, [.. items.Select(m => m.Scope).Distinct()], cancellationToken);
        return new Paged<ModelRow>([.. items.Select(m => Row(m, champions.Contains(m.Id)))], total);
    }

    public async Task<Outcome<ModelDetail>> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken) is not { } version)
            return Failure.NotFound("The model");
        var champions = await ChampionsAsync(context, [version.Scope], cancellationToken);
        var row = Row(version, champions.Contains(id));
        try
        {
            var manifest = await store.ManifestAsync(id, cancellationToken);
            return new ModelDetail(row, manifest, null, !manifest.CountsIn(await UnitAsync(cancellationToken)), await TakenBackAsync(context, version, cancellationToken));
        }
        catch (ModelDamagedException damage)
        {
            return new ModelDetail(row, null, damage.Message);
        }
    }

    // Of the shop's own data every import counts: features are made of all of them.
    private static Task<List<string>> TakenBackAsync(AppDbContext context, ModelVersion version, CancellationToken cancellationToken)
    {
        // Taken back while it learnt: it may have read the rows before.
        var began = version.CreatedAt.AddSeconds(-version.DurationSeconds);
        return context.ImportRuns.Where(r => version.ExperimentId == null && r.UndoneAt > began && r.UploadedAt < version.CreatedAt)
            .OrderBy(r => r.UploadedAt).ThenBy(r => r.Id).Select(r => r.FileName).ToListAsync(cancellationToken);
    }

    /// <summary>How many imports a version rests on that were taken back since.</summary>
    internal async Task<int> TakenBackAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken);
        return version is null ? 0 : (await TakenBackAsync(context, version, cancellationToken)).Count;
    }

    /// <summary>Names of campaigns that a training table knows by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> CampaignNamesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Select(id => Guid.TryParse(id, out var guid) ? guid : Guid.Empty).Where(g => g != Guid.Empty).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Campaigns.AsNoTracking().Where(c => wanted.Contains(c.Id)).ToDictionaryAsync(c => c.Id.ToString(), c => c.Name, cancellationToken);
    }

    /// <summary>The version in use in a scope; null when nothing was trained yet.</summary>
    public async Task<ModelRow?> ChampionAsync(string scope, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await ChampionOf(context, scope).FirstOrDefaultAsync(cancellationToken);
        return version is null ? null : Row(version, true);
    }

    /// <summary>The version that rolling the one in use back would bring; null where there is none.</summary>
    public async Task<ModelRow?> BeforeChampionAsync(string scope, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await ChampionOf(context, scope).Skip(1).FirstOrDefaultAsync(cancellationToken);
        return version is null ? null : Row(version, false);
    }

    /// <summary>How audiences find the shop's version in use.</summary>
    public static ShopModelInUse ShopModelOf(IDbContextFactory<AppDbContext> contexts) => async cancellationToken =>
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await ChampionOf(context, ModelVersion.ShopScope).FirstOrDefaultAsync(cancellationToken);
        return version is null ? null : new RankingModel(version.Id, version.Number);
    };

    /// <summary>The version in use first.</summary>
    internal static IQueryable<ModelVersion> ChampionOf(AppDbContext context, string scope) =>
        context.ModelPromotions.AsNoTracking().Where(p => p.Scope == scope && p.TakenBackAt == null).OrderByDescending(p => p.Id)
            .Join(context.ModelVersions.AsNoTracking(), p => p.ModelVersionId, m => m.Id, (p, m) => m);

    /// <summary>The version of the scope before this one; null for the first.</summary>
    public async Task<ModelRow?> PreviousAsync(ModelRow row, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await context.ModelVersions.AsNoTracking().Where(m => m.Scope == row.Scope && m.Number < row.Number && m.Outcome == row.Outcome)
            .OrderByDescending(m => m.Number).FirstOrDefaultAsync(cancellationToken);
        return version is null ? null : Row(version, false);
    }

    public async Task<Outcome> PromoteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!MayPromote(actor))
            return Failure.Forbidden("Putting a model into use needs the role Admin.");
        var found = await FindAsync(id, cancellationToken);
        if (!found.Succeeded)
            return found.Failure;
        if (found.Value.Damage is { } damage)
            return Failure.Conflict("model-damaged", damage);
        if (found.Value.OtherAmounts)
            return OtherAmounts;
        if (found.Value.Row.InUse)
            return Failure.Conflict("model-in-use", "This model is in use already.");
        if (found.Value.Row.Learner == UpliftLearners.Response)
            return Failure.Conflict("model-without-effect", "A response model predicts who buys, not who is moved by an offer: it cannot be put into use.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var at = time.GetUtcNow();
        var row = found.Value.Row;
        context.ModelPromotions.Add(new ModelPromotion { Scope = row.Scope, ModelVersionId = id, At = at.UtcDateTime, ByName = actor.Name });
        await TellPromotedAsync(context, id, row.Number, row.Scope, row.Learner, at, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await RankAsync(row.Scope, actor);
        return Outcome.Success;
    }

    /// <summary>Takes the version in use back: the one before it is in use again.</summary>
    public async Task<Outcome<Guid>> RollbackAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!MayPromote(actor))
            return Failure.Forbidden("Rolling a model back needs the role Admin.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken) is not { } version)
            return Failure.NotFound("The model");
        var standing = await context.ModelPromotions.AsNoTracking().Where(p => p.Scope == version.Scope && p.TakenBackAt == null)
            .OrderByDescending(p => p.Id).Take(2).ToListAsync(cancellationToken);
        if (standing.Count == 0 || standing[0].ModelVersionId != id)
            return Failure.Conflict("model-not-in-use", "Only the model in use can be rolled back.");
        if (standing.Count < 2)
            return Failure.Conflict("no-earlier-model", "There is no earlier model to go back to.");
        var at = time.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        // Judged by the row count: of two people pressing the button together one gets through.
        var taken = await context.ModelPromotions.Where(p => p.Id == standing[0].Id && p.TakenBackAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.TakenBackAt, at.UtcDateTime), cancellationToken);
        if (taken != 1)
            return Failure.Conflict("model-not-in-use", "Only the model in use can be rolled back.");
        // Whoever follows which version is in use hears of the one that is in use again.
        var back = await context.ModelVersions.AsNoTracking().SingleAsync(m => m.Id == standing[1].ModelVersionId, cancellationToken);
        await TellPromotedAsync(context, back.Id, back.Number, back.Scope, back.Learner, at, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await RankAsync(version.Scope, actor);
        return back.Id;
    }

    public static bool MayPromote(Actor actor) => actor.Is(Roles.Admin);

    /// <summary>What a run that already ended had made; null when it made nothing yet.</summary>
    internal async Task<TrainModelResult?> ResultAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.ModelVersions.AnyAsync(m => m.Id == id, cancellationToken))
            return null;
        return Result(await store.ManifestAsync(id, cancellationToken), promoted: false);
    }

    /// <summary>
    /// Enters a version whose files are in place. It is in use at once if it predicts effects and nothing else can be used in its scope:
    /// as the first there, or because the one in use learnt amounts in another unit.
    /// </summary>
    internal async Task<TrainModelResult> RegisterAsync(ModelManifest manifest, string? byId, CancellationToken cancellationToken)
    {
        var outdated = await OutdatedAsync(manifest, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await RunClaim.HoldAsync(context, cancellationToken);
        var inUse = await ChampionOf(context, manifest.Scope).Select(m => (Guid?)m.Id).FirstOrDefaultAsync(cancellationToken);
        var result = Result(manifest, promoted: manifest.Learner != UpliftLearners.Response && (inUse is null || inUse == outdated));
        var by = byId is null ? null : await context.Users.Where(u => u.Id == byId).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellationToken);
        context.ModelVersions.Add(new ModelVersion
        {
            Id = manifest.Id,
            Number = 1 + (await context.ModelVersions.Where(m => m.Scope == manifest.Scope).MaxAsync(m => (int?)m.Number, cancellationToken) ?? 0),
            Scope = manifest.Scope,
            ExperimentId = manifest.ExperimentId,
            Source = manifest.Source,
            Outcome = manifest.Outcome.Name,
            OutcomeKind = manifest.Outcome.Kind,
            Learner = manifest.Learner,
            Seed = manifest.Seed,
            Rows = manifest.Rows,
            DataHash = manifest.DataHash,
            DataFrom = manifest.DataFrom,
            DataTo = manifest.DataTo,
            Metrics = FigureJson.Write(result.Metrics),
            CreatedAt = manifest.CreatedAt,
            DurationSeconds = manifest.DurationSeconds,
            CreatedByName = by,
        });
        if (result.Promoted)
        {
            context.ModelPromotions.Add(new ModelPromotion { Scope = manifest.Scope, ModelVersionId = manifest.Id, At = Now });
            await TellPromotedAsync(context, manifest.Id, context.ModelVersions.Local.Single().Number, manifest.Scope, manifest.Learner, time.GetUtcNow(), cancellationToken);
        }

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>The version in use, where it learnt amounts in another unit and the new one did not.</summary>
    private async Task<Guid?> OutdatedAsync(ModelManifest added, CancellationToken cancellationToken)
    {
        if (!added.CountsIn(await UnitAsync(cancellationToken)) || await ChampionAsync(added.Scope, cancellationToken) is not { } champion)
            return null;
        return (await FindAsync(champion.Id, cancellationToken)) is { Succeeded: true, Value.OtherAmounts: true } ? champion.Id : null;
    }

    private async Task<AmountUnit> UnitAsync(CancellationToken cancellationToken) =>
        AmountUnit.Of(await settings.GetAsync(cancellationToken));

    // The segments by uplift follow the version in use. Not given up with the page that asked: the version is in use already.
    private Task RankAsync(string scope, Actor actor) =>
        scope == ModelVersion.ShopScope ? jobs.StartAsync(RankCustomersJob.Kind, new RankCustomers(), actor, CancellationToken.None) : Task.CompletedTask;

    // The same version may come into use again after another one: each time is told.
    private static Task TellPromotedAsync(AppDbContext context, Guid id, int number, string scope, string learner, DateTimeOffset at, CancellationToken cancellationToken) =>
        context.TellAsync(WebhookTopics.ModelPromoted, $"promoted:{id}:{at.UtcTicks.ToString(CultureInfo.InvariantCulture)}", new { modelId = id, number, scope, learner }, at, cancellationToken);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private static TrainModelResult Result(ModelManifest manifest, bool promoted)
    {
        var arms = manifest.Evaluation.Select(arm => ModelMetrics.Of(arm, manifest.Observational, manifest.Outcome.Currency)).ToList();
        return new TrainModelResult(manifest.Id, arms[0], arms, promoted);
    }

    private static async Task<HashSet<Guid>> ChampionsAsync(AppDbContext context, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        var newest = context.ModelPromotions.Where(p => scopes.Contains(p.Scope) && p.TakenBackAt == null).GroupBy(p => p.Scope).Select(g => g.Max(p => p.Id));
        return [.. await context.ModelPromotions.Where(p => newest.Contains(p.Id)).Select(p => p.ModelVersionId).ToListAsync(cancellationToken)];
    }

    private static ModelRow Row(ModelVersion m, bool inUse) => new(
        m.Id, m.Number, m.Scope, m.ExperimentId, m.Source, m.Outcome, m.OutcomeKind, m.Learner, m.Seed, m.Rows, m.DataFrom, m.DataTo,
        m.CreatedAt, m.DurationSeconds, m.CreatedByName, inUse, FigureJson.Read<ModelMetrics>(m.Metrics));
}
