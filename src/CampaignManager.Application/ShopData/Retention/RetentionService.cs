using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.ShopData.Quality;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Retention;

/// <summary>For how many months rows are kept, and what is older. Nothing goes before somebody has seen what, and named the table.</summary>
public sealed class RetentionService(
    IDbContextFactory<AppDbContext> contexts, QualityService settings, LakeRetention retention, JobService jobs, NotificationService notifications)
{
    public const int MostMonths = 600;

    private const string DueCode = "retention-due";

    public async Task<IReadOnlyDictionary<string, int>> MonthsAsync(CancellationToken cancellationToken) => (await settings.SettingsAsync(cancellationToken)).ReadRetention();

    /// <summary>Says for how long a table is kept; null keeps it for ever. Nothing is removed by it.</summary>
    public async Task<Outcome> SaveAsync(string table, int? months, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin decides for how long data are kept.");
        if (LakeRetention.Prunable.All(t => t.Name != table))
            return Failure.Invalid("table", $"Rows are kept for ever but in: {string.Join(", ", LakeRetention.Prunable.Select(t => t.Name))}.");
        if (months is < 1 or > MostMonths)
            return Failure.Invalid("months", $"The months must be between 1 and {MostMonths}.");
        var now = await settings.SettingsAsync(cancellationToken);
        var all = now.ReadRetention().Where(m => m.Key != table).ToDictionary();
        if (months is { } kept)
            all[table] = kept;
        return await settings.ChangeAsync(s => s.RetentionMonths = JsonSerializer.Serialize(all, JsonSerializerOptions.Web), now.Version, cancellationToken);
    }

    /// <summary>What is older than it is to be kept, by table.</summary>
    public async Task<IReadOnlyList<PruneView>> DueAsync(CancellationToken cancellationToken)
    {
        var months = await MonthsAsync(cancellationToken);
        return await Task.Run<IReadOnlyList<PruneView>>(
            () => [.. LakeRetention.Prunable.Where(t => months.ContainsKey(t.Name)).Select(t => retention.Preview(t, months[t.Name])).OfType<PruneView>()], cancellationToken);
    }

    /// <summary>Removes what was shown.</summary>
    /// <param name="shown">As it was shown; what has become due since stays until it is shown, too.</param>
    /// <param name="typed">The table's name.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Stops the asking, not the job.</param>
    public async Task<Outcome<Guid>> PruneAsync(PruneView shown, string typed, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin removes data.");
        if (typed.Trim() != shown.Table)
            return Failure.Invalid("name", $"Type {shown.Table} to remove its oldest quarters.");
        if ((await DueAsync(cancellationToken)).FirstOrDefault(d => d.Table == shown.Table) is not { } due || due.Before < shown.Before)
            return Failure.Conflict("nothing-due", "Nothing of it is older than it is to be kept.");
        return await jobs.StartAsync(PruneRowsJob.Kind, new PruneRows(shown.Table, shown.Before), actor, cancellationToken);
    }

    /// <summary>Tells admins that something is due, once for each quarter that becomes so.</summary>
    internal async Task TellAsync(IReadOnlyList<PruneView> due, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var table in due)
        {
            var quarters = string.Join(", ", table.Quarters);
            if (await context.Notifications.AnyAsync(n => n.Code == DueCode && n.Subject == table.Table && n.Detail == quarters, cancellationToken))
                continue;
            await notifications.NotifyRoleAsync(Roles.Admin, DueCode, table.Table, "/data/quality#retention", quarters, cancellationToken);
        }
    }
}
