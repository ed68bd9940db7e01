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

    // Customers share these by their hash: a number moved by another customer makes one read again, no more.
    private static readonly long[] UsageByCustomer = new long[4096];

    /// <summary>All but those that only use something up.</summary>
    public static long Count => Interlocked.Read(ref count);

    /// <summary>Those that only use something up.</summary>
    public static long Usage => Interlocked.Read(ref usage);

    /// <summary>Those that use something up for this customer, and maybe for some others.</summary>
    public static long UsageOf(string customer) => Interlocked.Read(ref UsageByCustomer[PlaceOf(customer)]);

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Note(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Note(eventData.Context);
        return Task.CompletedTask;
    }

    private static void Note(DbContext? context)
    {
        if (context is AppDbContext { OnlyChangesUsage: true } used)
            NoteUsage(used.UsedBy);
        else
            Interlocked.Increment(ref count);
    }

    private static void NoteUsage(IReadOnlyCollection<string> customers)
    {
        Interlocked.Increment(ref usage);
        foreach (var customer in customers)
            Interlocked.Increment(ref UsageByCustomer[PlaceOf(customer)]);
    }

    private static int PlaceOf(string customer) => string.GetHashCode(customer, StringComparison.Ordinal) & (UsageByCustomer.Length - 1);
}
