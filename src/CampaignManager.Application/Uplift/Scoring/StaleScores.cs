using System.Text.Json;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift.Models;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Uplift.Scoring;

/// <summary>
/// Takes scores of versions away that nobody ranks by: what stays is the version in use and the one a rollback brings back, those being scored just now, and the newest.
/// </summary>
public sealed class StaleScores(CustomerScores scores, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>Runs that stay because they are the newest.</summary>
    internal const int Newest = 2;

    /// <summary>A clearing that is killed is finished by the next one.</summary>
    /// <returns>How many versions' scores went.</returns>
    public async Task<int> ClearAsync(CancellationToken cancellationToken)
    {
        var standing = new List<(Guid Id, DateTime? At)>();
        foreach (var id in scores.Models())
            standing.Add((id, (await scores.RunAsync(id, cancellationToken))?.At));
        HashSet<Guid> kept = [.. standing.Where(s => s.At is not null).OrderByDescending(s => s.At).ThenBy(s => s.Id).Take(Newest).Select(s => s.Id)];
        // Asked for last: who has begun to score since the look at the folders is left alone.
        kept.UnionWith(await InUseAsync(cancellationToken));
        var stale = standing.Where(s => !kept.Contains(s.Id)).ToList();
        foreach (var (id, _) in stale)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores.Remove(id);
        }

        return stale.Count;
    }

    private async Task<IEnumerable<Guid>> InUseAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var running = await context.JobRuns.AsNoTracking()
            .Where(r => r.Kind == ScoreCustomersJob.Kind && (r.State == JobState.Queued || r.State == JobState.Running)).Select(r => r.Arguments).ToListAsync(cancellationToken);
        var champions = await ModelService.ChampionOf(context, ModelVersion.ShopScope).Take(2).Select(m => m.Id).ToListAsync(cancellationToken);
        return champions.Concat(running.Select(r => JsonSerializer.Deserialize<ScoreCustomers>(r, JsonSerializerOptions.Web)?.ModelId).OfType<Guid>());
    }
}
