using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Accounts;

/// <summary>Somebody's signing in, for as long as it lasts: the cookie names it, and without its row the cookie opens nothing.</summary>
public sealed class SignInSession
{
    public Guid Id { get; init; }

    public required string UserId { get; init; }

    /// <summary>Browser and system, in words.</summary>
    public required string Device { get; init; }

    /// <summary>Where it came from when it began.</summary>
    public string? Address { get; init; }

    public DateTime StartedAt { get; init; }

    /// <summary>Written down every few minutes only.</summary>
    public DateTime SeenAt { get; set; }
}

public sealed class SignInSessionConfiguration : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> builder)
    {
        builder.ToTable("SignInSessions");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasOne<AppUser>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(s => s.Device).HasMaxLength(100);
        builder.Property(s => s.Address).HasMaxLength(45);
        builder.HasIndex(s => s.SeenAt);
    }
}
