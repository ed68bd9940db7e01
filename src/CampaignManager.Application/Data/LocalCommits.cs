using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CampaignManager.Application.Data;

/// <summary>Counts what this process has committed: who keeps something in memory looks again when the count has moved.</summary>
public sealed class LocalCommits : DbTransactionInterceptor
{
    internal static readonly LocalCommits Instance = new();
    private static long count;

    public static long Count => Interlocked.Read(ref count);

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Interlocked.Increment(ref count);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref count);
        return Task.CompletedTask;
    }
}
