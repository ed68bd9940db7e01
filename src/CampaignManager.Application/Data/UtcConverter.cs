using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CampaignManager.Application.Data;

/// <summary>Stores UTC, reads UTC, and refuses local times, which would be wrong by the server's zone.</summary>
public sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
    value => RequireUtc(value),
    value => DateTime.SpecifyKind(value, DateTimeKind.Utc))
{
    private static DateTime RequireUtc(DateTime value) => value.Kind == DateTimeKind.Local
        ? throw new InvalidOperationException("A local time reached the database; times are UTC.")
        : DateTime.SpecifyKind(value, DateTimeKind.Utc);
}
