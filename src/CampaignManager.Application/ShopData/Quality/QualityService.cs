using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>The reports of sources, their history and their thresholds.</summary>
public sealed class QualityService(IDbContextFactory<AppDbContext> contexts, JobService jobs)
{
    /// <summary>Of the job that checks.</summary>
    public const string JobKind = CheckQualityJob.Kind;

    private const int History = 60;

    /// <summary>The newest report of each source and table, the worst first.</summary>
    public async Task<IReadOnlyList<QualityReport>> LatestAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var reports = context.QualityReports.AsNoTracking();
        var latest = await reports.Where(r => !reports.Any(n => n.Source == r.Source && n.Table == r.Table && n.Id > r.Id)).ToListAsync(cancellationToken);
        return [.. latest.OrderByDescending(r => r.Grade).ThenBy(r => r.Source, StringComparer.Ordinal).ThenBy(r => r.Table, StringComparer.Ordinal)];
    }

    /// <summary>The reports of a source and table, newest first.</summary>
    public async Task<IReadOnlyList<QualityReport>> HistoryAsync(string source, string table, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.QualityReports.AsNoTracking().Where(r => r.Source == source && r.Table == table).OrderByDescending(r => r.Id).Take(History).ToListAsync(cancellationToken);
    }

    public async Task<DataSettings> SettingsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.DataSettings.AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? new DataSettings();
    }

    /// <summary>Sets thresholds; they count from the next check.</summary>
    public async Task<Outcome> SaveThresholdsAsync(IReadOnlyDictionary<string, QualityThreshold> thresholds, int expectedVersion, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin changes the thresholds of quality.");
        var errors = thresholds.Where(t => !QualityChecks.All.Contains(t.Key) || t.Value.Warn < 0 || t.Value.Fail < t.Value.Warn || !double.IsFinite(t.Value.Fail))
            .ToDictionary(t => t.Key, _ => (string[])["The fail threshold must not lie below the warn threshold, and neither below 0."]);
        return errors.Count > 0 ? Failure.Invalid(errors)
            : await ChangeAsync(s => s.Thresholds = JsonSerializer.Serialize(thresholds, JsonSerializerOptions.Web), expectedVersion, cancellationToken);
    }

    /// <summary>Starts a check unless one waits already.</summary>
    public async Task<Guid?> StartAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.JobRuns.AnyAsync(r => r.Kind == CheckQualityJob.Kind && r.State == JobState.Queued, cancellationToken)
            ? null
            : await jobs.StartAsync(CheckQualityJob.Kind, new CheckQuality(), actor, cancellationToken);
    }

    internal async Task<Outcome> ChangeAsync(Action<DataSettings> change, int expectedVersion, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var settings = await context.DataSettings.SingleOrDefaultAsync(cancellationToken);
        if (expectedVersion != (settings?.Version ?? 1))
            return new Failure(FailureKind.Stale, "stale", "Somebody changed the settings in the meantime. Load them again and repeat the change.");
        if (settings is null)
            context.DataSettings.Add(settings = new DataSettings());
        change(settings);
        settings.Version++;
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return Outcome.Success;
        }
        catch (DbUpdateException)
        {
            return new Failure(FailureKind.Stale, "stale", "Somebody changed the settings in the meantime. Load them again and repeat the change.");
        }
    }
}
