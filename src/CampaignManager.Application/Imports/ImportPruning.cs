using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Imports;

/// <summary>
/// Uploads and rejected lines hold customers' data: they go when their import is done and the time for another try is over, or when
/// nobody knows them (an upload that was cut off).
/// </summary>
public sealed class ImportPruning(IDbContextFactory<AppDbContext> contexts, UploadStore uploads, IOptions<ImportOptions> options, TimeProvider time)
{
    private static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    /// <returns>How many files have gone.</returns>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var files = uploads.List().Where(f => f.WrittenAt < now - OrphanAge).ToList();
        var rejects = uploads.ListRejects().Where(f => f.WrittenAt < now - OrphanAge).ToList();
        if (files.Count + rejects.Count == 0)
            return 0;
        var oldest = now.AddDays(-options.Value.KeepUploadDays);
        var ids = files.Concat(rejects).Select(f => f.Id).Distinct().ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await ImportViews.Joined(context).Where(r => ids.Contains(r.Import.Id))
            .Select(r => new { r.Import.Id, r.Import.UploadedAt, State = r.Run == null ? (JobState?)null : r.Run.State }).ToListAsync(cancellationToken);
        var busy = known.Where(k => k.State is JobState.Queued or JobState.Running).Select(k => k.Id).ToHashSet();
        var wanted = known.Where(k => busy.Contains(k.Id) || k.UploadedAt >= oldest).Select(k => k.Id).ToHashSet();
        var gone = files.Where(f => !wanted.Contains(f.Id)).ToList();
        foreach (var file in gone)
            uploads.Delete(file.Id);
        // Of an import that was tried again the rejects are younger than its file.
        var ours = known.Select(k => k.Id).ToHashSet();
        var old = rejects.Where(f => !busy.Contains(f.Id) && (!ours.Contains(f.Id) || f.WrittenAt < oldest)).ToList();
        foreach (var file in old)
            uploads.DeleteRejects(file.Id);
        return gone.Count + old.Count;
    }
}
