using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Imports;

/// <summary>
/// One file brought in: where it lies, how its columns are read, and what came of it. How far the work is stands in its
/// <see cref="Jobs.JobRun"/>; without one the file is only uploaded.
/// </summary>
public sealed class ImportRun
{
    public Guid Id { get; init; }

    /// <summary>What the file holds: the name of an <see cref="IImportKind"/>.</summary>
    public required string Kind { get; init; }

    public required string FileName { get; init; }

    public long SizeBytes { get; init; }

    /// <summary>SHA-256 of the file as it was sent, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>JSON array of <see cref="ImportFile"/>: what was uploaded after the first file, in that order.</summary>
    public string MoreFiles { get; set; } = "[]";

    /// <summary>The mapping as JSON (docs/data-import.md); null until someone has decided it.</summary>
    public string? Mapping { get; set; }

    public Guid? JobRunId { get; set; }

    /// <summary>The files are read and counted, and nothing is written.</summary>
    public bool DryRun { get; set; }

    /// <summary>JSON array of <see cref="ImportQuestion"/> that somebody has to answer before anything is written.</summary>
    public string Questions { get; set; } = "[]";

    /// <summary>JSON of <see cref="ImportFindings"/>; null where nothing was found yet, or the kind finds none.</summary>
    public string? Findings { get; set; }

    /// <summary>When it was taken back as a whole; null while it stands.</summary>
    public DateTime? UndoneAt { get; set; }

    /// <summary>Fixed at upload, so that a second run of the same import writes to the same place.</summary>
    public Guid ExperimentId { get; init; }

    public long RowsRead { get; set; }

    public long RowsKept { get; set; }

    /// <summary>Kept rows of which a number had to be cleaned (currency sign, thousands separators, decimal comma).</summary>
    public long RowsRepaired { get; set; }

    public long RowsSkipped { get; set; }

    public long RowsRejected { get; set; }

    /// <summary>JSON object: rejected rows by reason.</summary>
    public string Reasons { get; set; } = "{}";

    /// <summary>JSON array of <see cref="ImportWarning"/>.</summary>
    public string Warnings { get; set; } = "[]";

    /// <summary>Why the whole file was refused: kebab-case, names the text; null when it was not.</summary>
    public string? RefusalCode { get; set; }

    public string? RefusalDetail { get; set; }

    /// <summary>True when the table stands in the lake.</summary>
    public bool Published { get; set; }

    /// <summary>All its files, the first one first.</summary>
    public IReadOnlyList<ImportFile> Files() =>
        [new ImportFile(null, FileName, SizeBytes, Sha256), .. JsonSerializer.Deserialize<List<ImportFile>>(MoreFiles, JsonSerializerOptions.Web)!];

    public required string UploadedById { get; init; }

    public required string UploadedByName { get; init; }

    public DateTime UploadedAt { get; init; }
}

public sealed class ImportRunConfiguration : IEntityTypeConfiguration<ImportRun>
{
    public void Configure(EntityTypeBuilder<ImportRun> builder)
    {
        builder.ToTable("ImportRuns");
        builder.Property(r => r.Kind).HasMaxLength(20);
        builder.Property(r => r.FileName).HasMaxLength(260);
        builder.Property(r => r.Sha256).HasMaxLength(64);
        builder.Property(r => r.RefusalCode).HasMaxLength(60);
        builder.HasIndex(r => r.UploadedAt);
        builder.HasIndex(r => r.JobRunId);
    }
}
