using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>How good what a source said into one table is, at one moment. The older ones are its history.</summary>
public sealed class QualityReport
{
    public Guid Id { get; init; }

    /// <summary>The shop's system; empty for what lies outside the catalogue (the demo shop, an earlier release).</summary>
    public required string Source { get; init; }

    public required string Table { get; init; }

    public DateTime At { get; init; }

    /// <summary>The rows that were judged: those of the last days.</summary>
    public long Rows { get; init; }

    /// <summary>Of the days before, which drift is measured against.</summary>
    public long RowsBefore { get; init; }

    public QualityGrade Grade { get; init; }

    /// <summary>JSON array of <see cref="QualityFinding"/>.</summary>
    public required string Findings { get; init; }

    public IReadOnlyList<QualityFinding> Read() => JsonSerializer.Deserialize<List<QualityFinding>>(Findings, JsonSerializerOptions.Web)!;
}

public sealed class QualityReportConfiguration : IEntityTypeConfiguration<QualityReport>
{
    public void Configure(EntityTypeBuilder<QualityReport> builder)
    {
        builder.ToTable("QualityReports");
        builder.Property(r => r.Source).HasMaxLength(100);
        builder.Property(r => r.Table).HasMaxLength(40);
        builder.Property(r => r.Grade).HasConversion<string>().HasMaxLength(8);
        builder.HasIndex(r => new { r.Source, r.Table, r.At });
        builder.HasIndex(r => r.At);
    }
}

/// <summary>The last grade of a check, so that a change is told once, whoever finds it.</summary>
public sealed class QualityState
{
    public required string Source { get; init; }

    public required string Table { get; init; }

    /// <summary>One of <see cref="QualityChecks"/>.</summary>
    public required string Check { get; init; }

    public QualityGrade Grade { get; set; }

    public DateTime Since { get; set; }
}

public sealed class QualityStateConfiguration : IEntityTypeConfiguration<QualityState>
{
    public void Configure(EntityTypeBuilder<QualityState> builder)
    {
        builder.ToTable("QualityStates");
        builder.HasKey(s => new { s.Source, s.Table, s.Check });
        builder.Property(s => s.Source).HasMaxLength(100);
        builder.Property(s => s.Table).HasMaxLength(40);
        builder.Property(s => s.Check).HasMaxLength(20);
        builder.Property(s => s.Grade).HasConversion<string>().HasMaxLength(8);
    }
}

public enum QualityGrade
{
    /// <summary>Measured, and within the thresholds; or nothing could be measured.</summary>
    Ok,

    Warn,

    Fail,
}

/// <summary>One figure.</summary>
/// <param name="Check">One of <see cref="QualityChecks"/>.</param>
/// <param name="Column">Empty where the check is of the whole table.</param>
/// <param name="Value">A share of 0 to 1, days for gaps, PSI for drift.</param>
/// <param name="Count">The rows or days behind it.</param>
public sealed record QualityFinding(string Check, string Column, double Value, long Count, QualityGrade Grade);
