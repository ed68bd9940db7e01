using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Notifications;

/// <summary>
/// Something that waits for a person. <see cref="Code"/> names the text resource and <see cref="Subject"/> fills it, so that each reader sees it
/// in their own language.
/// </summary>
public sealed class Notification
{
    public Guid Id { get; init; }

    public required string UserId { get; init; }

    /// <summary>For example <c>campaign-submitted</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What it is about, for example the campaign's name.</summary>
    public required string Subject { get; init; }

    /// <summary>Where to go, a path inside the app.</summary>
    public required string Link { get; init; }

    public string? Detail { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? ReadAt { get; set; }
}

public sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> builder)
    {
        builder.ToTable("Notifications");
        builder.HasIndex(n => new { n.UserId, n.ReadAt, n.CreatedAt });
        builder.Property(n => n.Code).HasMaxLength(60);
        builder.Property(n => n.Subject).HasMaxLength(200);
        builder.Property(n => n.Link).HasMaxLength(300);
        builder.Property(n => n.Detail).HasMaxLength(1000);
    }
}
