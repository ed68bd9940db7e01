using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Imports;

/// <summary>The imports there are, each with how its run stands.</summary>
public sealed class ImportViews(IDbContextFactory<AppDbContext> contexts, UploadStore uploads)
{
    public async Task<ImportView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await Joined(context).Where(r => r.Import.Id == id).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : ImportView.Of(found.Import, found.Run, (await UndosAsync(context, [id], cancellationToken)).GetValueOrDefault(id), uploads);
    }

    /// <summary>Sorted by <c>uploaded</c> (default, newest first), <c>name</c> or <c>rows</c>; searched by file name.</summary>
    public async Task<Paged<ImportView>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = Joined(context);
        if (page.Query is { Length: > 0 } query)
            rows = rows.Where(r => r.Import.FileName.Contains(query));
        var sorted = (page.SortKey, page.Descending) switch
        {
            ("name", false) => rows.OrderBy(r => r.Import.FileName),
            ("name", true) => rows.OrderByDescending(r => r.Import.FileName),
            ("rows", false) => rows.OrderBy(r => r.Import.RowsKept),
            ("rows", true) => rows.OrderByDescending(r => r.Import.RowsKept),
            ("uploaded", false) => rows.OrderBy(r => r.Import.UploadedAt),
            _ => rows.OrderByDescending(r => r.Import.UploadedAt),
        };
        var items = await sorted.ThenBy(r => r.Import.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        var undos = await UndosAsync(context, [.. items.Select(r => r.Import.Id)], cancellationToken);
        return new Paged<ImportView>([.. items.Select(r => ImportView.Of(r.Import, r.Run, undos.GetValueOrDefault(r.Import.Id), uploads))], await rows.CountAsync(cancellationToken));
    }

    /// <summary>The newest run that takes each of them back.</summary>
    private static async Task<Dictionary<Guid, JobRun>> UndosAsync(AppDbContext context, IReadOnlyList<Guid> imports, CancellationToken cancellationToken)
    {
        var arguments = imports.Distinct().ToDictionary(id => JsonSerializer.Serialize(new ImportArguments(id), JsonSerializerOptions.Web));
        List<string> wanted = [.. arguments.Keys];
        var runs = await context.JobRuns.AsNoTracking().Where(r => r.Kind == UndoImportJob.Kind && wanted.Contains(r.Arguments))
            .OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken);
        return runs.GroupBy(r => arguments[r.Arguments]).ToDictionary(g => g.Key, g => g.Last());
    }

    internal async Task<ImportRun?> FindRowAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ImportRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken);
    }

    internal static IQueryable<ImportAndRun> Joined(AppDbContext context) =>
        from import in context.ImportRuns.AsNoTracking()
        join run in context.JobRuns.AsNoTracking() on import.JobRunId equals (Guid?)run.Id into found
        from run in found.DefaultIfEmpty()
        select new ImportAndRun { Import = import, Run = run };

    internal sealed class ImportAndRun
    {
        public required ImportRun Import { get; init; }

        public JobRun? Run { get; init; }
    }
}
