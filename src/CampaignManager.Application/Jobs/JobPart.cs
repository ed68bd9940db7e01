using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Jobs;

public enum JobPartState
{
    Waiting,
    Running,
    Done,
    Failed,
}

/// <summary>One part of a run's work, which any worker may take; see <see cref="JobParts"/>.</summary>
public sealed class JobPart
{
    public Guid RunId { get; init; }

    /// <summary>Kebab-case name of the work, under which its <see cref="IJobPart"/> is registered.</summary>
    public required string Work { get; init; }

    /// <summary>From 0; the results are put together in this order.</summary>
    public int Number { get; init; }

    public JobPartState State { get; set; }

    /// <summary>JSON of what all parts of the work are told.</summary>
    public required string Arguments { get; set; }

    public Guid? Node { get; set; }

    public DateTime? HeartbeatAt { get; set; }

    public int Attempt { get; set; }

    /// <summary>JSON of what came out; files go by their path.</summary>
    public string? Result { get; set; }

    public string? Error { get; set; }

    /// <summary>JSON of the <see cref="JobSentence"/> whose English text <see cref="Error"/> is.</summary>
    public string? ErrorSentence { get; set; }
}

public sealed class JobPartConfiguration : IEntityTypeConfiguration<JobPart>
{
    public void Configure(EntityTypeBuilder<JobPart> builder)
    {
        builder.HasKey(p => new { p.RunId, p.Work, p.Number });
        builder.Property(p => p.Work).HasMaxLength(40);
        builder.Property(p => p.State).HasConversion<string>().HasMaxLength(12);
        builder.HasOne<JobRun>().WithMany().HasForeignKey(p => p.RunId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(p => p.State);
    }
}
