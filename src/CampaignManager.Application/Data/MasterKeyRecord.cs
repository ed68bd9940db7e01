using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Data;

/// <summary>By which the database knows the master key that its secrets are encrypted with; one row.</summary>
public sealed class MasterKeyRecord
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    public required string Fingerprint { get; init; }

    public DateTime RecordedAt { get; init; }
}

public sealed class MasterKeyRecordConfiguration : IEntityTypeConfiguration<MasterKeyRecord>
{
    public void Configure(EntityTypeBuilder<MasterKeyRecord> builder)
    {
        builder.ToTable("MasterKey");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Fingerprint).HasMaxLength(64);
    }
}
