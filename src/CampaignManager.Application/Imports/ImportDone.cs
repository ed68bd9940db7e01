using CampaignManager.Application.Data;
using CampaignManager.Application.Webhooks;

namespace CampaignManager.Application.Imports;

/// <summary>Tells whoever listens that an import has ended.</summary>
internal static class ImportDone
{
    /// <param name="context">In whose transaction it is told.</param>
    /// <param name="run">The import with its counts.</param>
    /// <param name="state"><c>succeeded</c>, <c>waiting</c> or <c>refused</c>.</param>
    /// <param name="experimentId">What an experiment became.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Task TellAsync(AppDbContext context, ImportRun run, string state, Guid? experimentId, DateTimeOffset now, CancellationToken cancellationToken) =>
        context.TellAsync(
            WebhookTopics.ImportDone,
            $"import:{run.Id}:{run.JobRunId}",
            new
            {
                importId = run.Id,
                run.Kind,
                run.FileName,
                state,
                read = run.RowsRead,
                kept = run.RowsKept,
                repaired = run.RowsRepaired,
                skipped = run.RowsSkipped,
                rejected = run.RowsRejected,
                refusal = run.RefusalCode,
                experimentId,
            },
            now,
            cancellationToken);
}
