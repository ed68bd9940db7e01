using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Jobs.Schedules;

/// <summary>Work that comes round by itself. The row is the truth; Hangfire's recurring job is made from it at every start and change.</summary>
public sealed class Schedule
{
    public Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Kind of the job it starts, one of <see cref="SchedulableJobs"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>JSON of what the job is asked for.</summary>
    public required string Arguments { get; set; }

    /// <summary>Five fields: minute, hour, day of month, month, day of week.</summary>
    public required string Cron { get; set; }

    /// <summary>IANA zone by whose clock <see cref="Cron"/> is read.</summary>
    public required string Zone { get; set; }

    public bool Paused { get; set; }

    /// <summary>Occurrences up to here are settled (run, or before the schedule was made, changed or resumed); only later ones are due.</summary>
    public DateTime SettledUntil { get; set; }

    public string? CreatedById { get; init; }

    public string? CreatedByName { get; init; }

    public DateTime CreatedAt { get; init; }
}

public sealed class ScheduleConfiguration : IEntityTypeConfiguration<Schedule>
{
    public void Configure(EntityTypeBuilder<Schedule> builder)
    {
        builder.ToTable("Schedules");
        builder.Property(s => s.Name).HasMaxLength(100);
        builder.Property(s => s.Kind).HasMaxLength(40);
        builder.Property(s => s.Cron).HasMaxLength(100);
        builder.Property(s => s.Zone).HasMaxLength(64);
        builder.HasIndex(s => s.Name);
    }
}
