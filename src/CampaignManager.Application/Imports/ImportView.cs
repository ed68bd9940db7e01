using System.Text.Json;
using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Imports;

/// <summary>Where an import is: its job's state, only uploaded, waiting for somebody's answer, being taken back, or taken back.</summary>
public enum ImportState { Uploaded, Queued, Running, Succeeded, Failed, Cancelled, Waiting, Undone, Undoing }

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
    /// <summary>All files, the first one first.</summary>
    public IReadOnlyList<ImportFile> Files { get; init; } = [];

    /// <summary>Nothing was written, or is to be.</summary>
    public bool DryRun { get; init; }

    /// <summary>What somebody has to answer while it waits.</summary>
    public IReadOnlyList<ImportQuestion> Questions { get; init; } = [];

    public ImportFindings? Findings { get; init; }

    public DateTime? UndoneAt { get; init; }

    /// <summary>All that was read is in the lake, and can be taken back.</summary>
    public bool CanUndo { get; init; }

    /// <summary>The run that takes it back, or tried to.</summary>
    public Guid? UndoRunId { get; init; }

    /// <summary>Why it could not be taken back: it stands as it was.</summary>
    public string? UndoError { get; init; }

    internal static ImportView Of(ImportRun import, JobRun? run, JobRun? undo, UploadStore uploads)
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
        var questions = JsonSerializer.Deserialize<List<ImportQuestion>>(import.Questions, JsonSerializerOptions.Web)!;
        if (state == ImportState.Succeeded)
        {
            state = import.UndoneAt is not null ? ImportState.Undone
                : undo?.State is JobState.Queued or JobState.Running ? ImportState.Undoing
                : questions.Count > 0 ? ImportState.Waiting : state;
        }

        var at = state == ImportState.Undoing ? undo : run;
        return new ImportView(
            import.Id, import.Kind, import.FileName, import.SizeBytes, state, at?.Stage, at?.Progress ?? 0,
            import.RowsRead, import.RowsKept, import.RowsRepaired, import.RowsSkipped, import.RowsRejected,
            JsonSerializer.Deserialize<Dictionary<string, long>>(import.Reasons, JsonSerializerOptions.Web)!,
            JsonSerializer.Deserialize<List<ImportWarning>>(import.Warnings, JsonSerializerOptions.Web)!,
            run?.Error, import.RefusalCode, import.RefusalDetail,
            state == ImportState.Succeeded && import.Findings is null ? import.ExperimentId : null,
            import.JobRunId,
            ImportService.IsOpen(state, import.DryRun) && uploads.Exists(import),
            uploads.RejectsOf(import), import.UploadedByName, import.UploadedAt, at?.StartedAt, run?.FinishedAt)
        {
            Files = import.Files(),
            DryRun = import.DryRun,
            Questions = questions,
            Findings = import.Findings is { } found ? JsonSerializer.Deserialize<ImportFindings>(found, JsonSerializerOptions.Web) : null,
            UndoneAt = import.UndoneAt,
            UndoRunId = undo?.Id,
            UndoError = undo?.State == JobState.Failed && state == ImportState.Succeeded ? undo.Error : null,
            CanUndo = state == ImportState.Succeeded && import is { DryRun: false, Findings: not null },
        };
    }
}
