using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Jobs;

public enum JobState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>The truth about one run of a job; Hangfire only executes. A run that a crash left unfinished is enqueued again at start.</summary>
public sealed class JobRun
{
    public Guid Id { get; init; }

    /// <summary>Kebab-case kind, e.g. <c>train-model</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>JSON of the job's arguments: ids and settings, never data.</summary>
    public required string Arguments { get; init; }

    public JobState State { get; set; }

    /// <summary>Kebab-case name of the current <see cref="JobStage"/>.</summary>
    public string? Stage { get; set; }

    /// <summary>0..1 over the whole run.</summary>
    public double Progress { get; set; }

    public string? Error { get; set; }

    /// <summary>JSON of the <see cref="JobSentence"/> whose English text <see cref="Error"/> is; null for what nobody foresaw.</summary>
    public string? ErrorSentence { get; set; }

    /// <summary>JSON of what came out, e.g. the model's id.</summary>
    public string? Result { get; set; }

    public bool CancelRequested { get; set; }

    public int Attempt { get; set; }

    /// <summary>The process that claimed it, see <see cref="JobNode"/>.</summary>
    public Guid? Node { get; set; }

    /// <summary>When that process last said it is at it, by <see cref="Data.DatabaseClock"/>.</summary>
    public DateTime? HeartbeatAt { get; set; }

    public Guid? ScheduleId { get; init; }

    /// <summary>The occurrence of the schedule this run is for; null when it was started by hand.</summary>
    public DateTime? DueAt { get; init; }

    public string? RequestedById { get; init; }

    public string? RequestedByName { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; set; }

    public DateTime? FinishedAt { get; set; }
}

public sealed class JobRunConfiguration : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> builder)
    {
        builder.Property(r => r.Kind).HasMaxLength(40);
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(12);
        builder.Property(r => r.Stage).HasMaxLength(60);
        builder.HasIndex(r => new { r.Kind, r.CreatedAt });
        builder.HasIndex(r => r.State);
        // One run an occurrence, whoever fires it how often.
        builder.HasIndex(r => new { r.ScheduleId, r.DueAt }).IsUnique();
    }
}

public sealed class JobLogLine
{
    public long Id { get; init; }

    public Guid JobRunId { get; init; }

    public DateTime At { get; init; }

    public required string Text { get; init; }

    /// <summary>JSON of the <see cref="JobSentence"/> whose English text <see cref="Text"/> is.</summary>
    public string? Sentence { get; init; }
}

public sealed class JobLogLineConfiguration : IEntityTypeConfiguration<JobLogLine>
{
    public void Configure(EntityTypeBuilder<JobLogLine> builder)
    {
        builder.HasOne<JobRun>().WithMany().HasForeignKey(l => l.JobRunId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(l => l.JobRunId);
    }
}
