using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Campaigns.Epochs;

/// <summary>
/// A quarter in which some customers get no campaign at all: the only measure of the whole programme. Then, for 14 days, nobody is held out of everything, and the next
/// quarter draws others.
/// </summary>
[ToldAs(Campaign.Topic)]
public sealed class GlobalHoldout
{
    /// <summary>In which nobody is held out of everything between two quarters.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromDays(14);

    public int Id { get; init; }

    public required string Salt { get; init; }

    /// <summary>0..1; the same from the beginning to the end.</summary>
    public double Share { get; init; }

    public DateTime BeganAt { get; init; }

    /// <summary>Three months later, or when an admin turned it off.</summary>
    public DateTime EndsAt { get; set; }
}

public sealed class GlobalHoldoutConfiguration : IEntityTypeConfiguration<GlobalHoldout>
{
    public void Configure(EntityTypeBuilder<GlobalHoldout> builder)
    {
        builder.ToTable("GlobalHoldouts");
        // Two nodes that begin the same quarter begin it once.
        builder.Property(h => h.Id).ValueGeneratedNever();
        builder.Property(h => h.Salt).HasMaxLength(64);
    }
}
