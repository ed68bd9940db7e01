using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CampaignManager.Application.Data;

/// <summary>
/// Counts what this process has committed: who keeps something in memory looks again when the count has moved. Redemptions come by the hundred a second and change
/// nothing but what is used up, so they are counted by themselves.
/// </summary>
public sealed class LocalCommits : DbTransactionInterceptor
{
    internal static readonly LocalCommits Instance = new();
    private static long count;
    private static long usage;

    /// <summary>All but those that only use something up.</summary>
    public static long Count => Interlocked.Read(ref count);

    /// <summary>Those that only use something up.</summary>
    public static long Usage => Interlocked.Read(ref usage);

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Note(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Note(eventData.Context);
        return Task.CompletedTask;
    }

    private static void Note(DbContext? context)
    {
        if (context is AppDbContext { OnlyChangesUsage: true })
            Interlocked.Increment(ref usage);
        else
            Interlocked.Increment(ref count);
    }
}
