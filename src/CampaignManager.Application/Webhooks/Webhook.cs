using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Webhooks;

/// <summary>An address that is told of what happens.</summary>
public sealed class Webhook
{
    public Guid Id { get; init; }

    public required string Url { get; set; }

    public string? Description { get; set; }

    /// <summary>Topics, space-separated with a space at both ends.</summary>
    public required string Topics { get; set; }

    /// <summary>
    /// Signs what is sent: it has to be read again for every message, so it is kept encrypted; see <see cref="WebhookSecrets"/>.
    /// </summary>
    public required string Secret { get; set; }

    public bool Active { get; set; }

    public required string CreatedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>Goes up with every change; the concurrency token.</summary>
    public int Version { get; set; } = 1;
}

public sealed class WebhookConfiguration : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("Webhooks");
        builder.Property(w => w.Url).HasMaxLength(500);
        builder.Property(w => w.Description).HasMaxLength(200);
        builder.Property(w => w.Topics).HasMaxLength(300);
        builder.Property(w => w.Secret).HasMaxLength(200);
        builder.Property(w => w.Version).IsConcurrencyToken();
    }
}

/// <summary>Something that happened, written in the transaction in which it happened, with the message that tells it.</summary>
public sealed class WebhookEvent
{
    public Guid Id { get; init; }

    public required string Topic { get; init; }

    /// <summary>Names what happened, so that it is told once.</summary>
    public required string Key { get; init; }

    /// <summary>The message, to the byte as it is signed and sent.</summary>
    public required string Body { get; init; }

    public DateTime At { get; init; }
}

public sealed class WebhookEventConfiguration : IEntityTypeConfiguration<WebhookEvent>
{
    public void Configure(EntityTypeBuilder<WebhookEvent> builder)
    {
        builder.ToTable("WebhookEvents");
        builder.Property(e => e.Topic).HasMaxLength(40);
        builder.Property(e => e.Key).HasMaxLength(200);
        builder.HasIndex(e => e.Key).IsUnique();
        builder.HasIndex(e => e.At);
    }
}

public enum DeliveryState
{
    Pending,
    Delivered,

    /// <summary>Given up after the last attempt.</summary>
    Failed,
}

/// <summary>One event on its way to one address.</summary>
public sealed class WebhookDelivery
{
    public Guid Id { get; init; }

    public Guid WebhookId { get; init; }

    public Guid EventId { get; init; }

    public DeliveryState State { get; set; }

    /// <summary>Attempts begun since it was written or asked for again.</summary>
    public int Attempts { get; set; }

    /// <summary>When it is due; while somebody sends it, when that one is taken for dead.</summary>
    public DateTime NextAttemptAt { get; set; }

    /// <summary>Who sends it now; null when nobody does.</summary>
    public Guid? ClaimId { get; set; }

    public int? LastStatus { get; set; }

    public string? LastError { get; set; }

    public int? LastMilliseconds { get; set; }

    public DateTime? LastAttemptAt { get; set; }

    public DateTime CreatedAt { get; init; }
}

public sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("WebhookDeliveries");
        builder.HasOne<Webhook>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<WebhookEvent>().WithMany().HasForeignKey(d => d.EventId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(d => d.State).HasConversion<string>().HasMaxLength(12);
        builder.Property(d => d.LastError).HasMaxLength(300);
        builder.HasIndex(d => new { d.State, d.NextAttemptAt });
        builder.HasIndex(d => new { d.WebhookId, d.CreatedAt });
    }
}

/// <summary>One try to deliver, for the log.</summary>
public sealed class WebhookAttempt
{
    public long Id { get; init; }

    public Guid DeliveryId { get; init; }

    public DateTime At { get; init; }

    /// <summary>What the address answered; null when it did not.</summary>
    public int? Status { get; init; }

    public string? Error { get; init; }

    public int Milliseconds { get; init; }
}

public sealed class WebhookAttemptConfiguration : IEntityTypeConfiguration<WebhookAttempt>
{
    public void Configure(EntityTypeBuilder<WebhookAttempt> builder)
    {
        builder.ToTable("WebhookAttempts");
        builder.HasOne<WebhookDelivery>().WithMany().HasForeignKey(a => a.DeliveryId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(a => a.Error).HasMaxLength(300);
    }
}
