using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Imports;

/// <summary>Takes an import back as a whole. Killed half-way it has changed nothing or all, and the next try says so.</summary>
internal sealed class UndoImportJob(IDbContextFactory<AppDbContext> contexts, ImportKindList kinds, TimeProvider time) : IJob
{
    public const string Kind = "undo-import";

    private static readonly JobStage TakingBack = new("taking-back");

    public static readonly JobKind Declared = new(Kind, TakingBack);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var id = context.Arguments<ImportArguments>().ImportId;
        await context.ReportAsync(TakingBack, 0, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var import = await database.ImportRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken)
            ?? throw new JobFailedException("import-gone", $"This import no longer exists.");
        if (import.UndoneAt is not null)
            return null;
        var share = 0.0;
        var work = kinds.Of(import).UndoAsync(id, done => Volatile.Write(ref share, done), cancellationToken)
            ?? throw new JobFailedException("import-not-to-undo", $"Nothing of this import is to be taken back.");
        while (await Task.WhenAny(work, Task.Delay(LookEvery, time, CancellationToken.None)) != work)
            await context.ReportAsync(TakingBack, Volatile.Read(ref share), CancellationToken.None);
        await work;
        // Not cancellable: the rows are gone, so it has to be said.
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        await RunClaim.HoldAsync(database, CancellationToken.None);
        var now = time.GetUtcNow().UtcDateTime;
        await database.ImportRuns.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.UndoneAt, now), CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return null;
    }
}
