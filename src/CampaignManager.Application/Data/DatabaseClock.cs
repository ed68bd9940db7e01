using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Data;

/// <summary>
/// The clock by which nodes judge each other. Beside PostgreSQL it is the server's, since the clocks of machines differ; the one process
/// beside SQLite has its own.
/// </summary>
public static class DatabaseClock
{
    /// <returns>UTC.</returns>
    public static async Task<DateTime> NowAsync(this AppDbContext context, TimeProvider time, CancellationToken cancellationToken) =>
        context.Database.IsNpgsql()
            ? (await context.Database.SqlQuery<DateTime>($"SELECT clock_timestamp() AS \"Value\"")
                .ToListAsync(cancellationToken))[0].ToUniversalTime()
            : time.GetUtcNow().UtcDateTime;
}
