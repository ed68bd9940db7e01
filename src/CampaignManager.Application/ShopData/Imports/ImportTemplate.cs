using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>A template that somebody saved: how the files of one source are read. The built-in ones are no rows.</summary>
public sealed class ImportTemplate
{
    public Guid Id { get; init; }

    /// <summary>What people and the API call it.</summary>
    public required string Name { get; init; }

    public required string Kind { get; set; }

    /// <summary>The template as JSON (docs/data-import.md).</summary>
    public required string Json { get; set; }

    /// <summary>Goes up with every change; the concurrency token.</summary>
    public int Version { get; set; } = 1;

    public required string SavedByName { get; set; }

    public DateTime SavedAt { get; set; }
}

public sealed class ImportTemplateConfiguration : IEntityTypeConfiguration<ImportTemplate>
{
    public void Configure(EntityTypeBuilder<ImportTemplate> builder)
    {
        builder.ToTable("ImportTemplates");
        builder.Property(t => t.Name).HasMaxLength(100);
        builder.Property(t => t.Kind).HasMaxLength(20);
        builder.Property(t => t.Version).IsConcurrencyToken();
        builder.HasIndex(t => t.Name).IsUnique();
    }
}
