using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>An imported experiment: what lists show of it. The rows and the full manifest are in the lake under <c>experiments/</c>.</summary>
public sealed class DataSet
{
    public Guid Id { get; init; }

    public Guid ImportId { get; init; }

    public required string Name { get; set; }

    public long Rows { get; set; }

    /// <summary>JSON array of arm labels, control first.</summary>
    public required string Arms { get; set; }

    /// <summary>JSON array of outcome names, in the mapping's order.</summary>
    public required string Outcomes { get; set; }

    public int Features { get; set; }

    public long SizeBytes { get; set; }

    public required string ImportedByName { get; init; }

    public DateTime ImportedAt { get; set; }
}

public sealed class DataSetConfiguration : IEntityTypeConfiguration<DataSet>
{
    public void Configure(EntityTypeBuilder<DataSet> builder)
    {
        builder.Property(e => e.Name).HasMaxLength(200);
        builder.HasIndex(e => e.ImportId).IsUnique();
        builder.HasIndex(e => e.ImportedAt);
    }
}
