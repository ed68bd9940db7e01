using System.Text.Json;
using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Imports;

/// <summary>Where an import is: its job's state, or only uploaded.</summary>
public enum ImportState { Uploaded, Queued, Running, Succeeded, Failed, Cancelled }

/// <summary>An import as pages and the API show it.</summary>
public sealed record ImportView(
    Guid Id,
    string Kind,
    string FileName,
    long SizeBytes,
    ImportState State,
    string? Stage,
    double Progress,
    long Read,
    long Kept,
    long Repaired,
    long Skipped,
    long Rejected,
    IReadOnlyDictionary<string, long> Reasons,
    IReadOnlyList<ImportWarning> Warnings,
    string? Error,
    string? RefusalCode,
    string? RefusalDetail,
    Guid? ExperimentId,
    Guid? JobRunId,
    bool CanRetry,
    string? RejectsFile,
    string UploadedByName,
    DateTime UploadedAt,
    DateTime? StartedAt,
    DateTime? FinishedAt)
{
    internal static ImportView Of(ImportRun import, JobRun? run, UploadStore uploads)
    {
        var state = run?.State switch
        {
            null => ImportState.Uploaded,
            JobState.Queued => ImportState.Queued,
            JobState.Running => ImportState.Running,
            JobState.Succeeded => ImportState.Succeeded,
            JobState.Failed => ImportState.Failed,
            JobState.Cancelled => ImportState.Cancelled,
            _ => throw new InvalidOperationException($"No import state is known for {run.State}."),
        };
        return new ImportView(
            import.Id, import.Kind, import.FileName, import.SizeBytes, state, run?.Stage, run?.Progress ?? 0,
            import.RowsRead, import.RowsKept, import.RowsRepaired, import.RowsSkipped, import.RowsRejected,
            JsonSerializer.Deserialize<Dictionary<string, long>>(import.Reasons, JsonSerializerOptions.Web)!,
            JsonSerializer.Deserialize<List<ImportWarning>>(import.Warnings, JsonSerializerOptions.Web)!,
            run?.Error, import.RefusalCode, import.RefusalDetail,
            state == ImportState.Succeeded ? import.ExperimentId : null,
            import.JobRunId,
            state is ImportState.Uploaded or ImportState.Failed or ImportState.Cancelled && uploads.Exists(import),
            uploads.RejectsOf(import), import.UploadedByName, import.UploadedAt, run?.StartedAt, run?.FinishedAt);
    }
}
