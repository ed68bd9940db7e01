using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CampaignManager.Application.Data;

/// <summary>
/// Whatever is saved of this entity is told under a topic (<see cref="INews"/>). A set-based update is not seen: who writes one tells it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ToldAsAttribute(string topic) : Attribute
{
    public string Topic => topic;
}

/// <summary>Tells what a context has saved, once it is committed.</summary>
public sealed class ChangeNews(INews news) : ISaveChangesInterceptor, IDbTransactionInterceptor
{
    private static readonly ConcurrentDictionary<Type, string?> Topics = new();
    private readonly ConditionalWeakTable<DbContext, HashSet<(string Topic, string Id)>> untold = [];

    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Note(eventData.Context);
        return result;
    }

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData,
        InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Note(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        TellIfCommitted(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result,
        CancellationToken cancellationToken = default)
    {
        TellIfCommitted(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Tell(eventData.Context);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData,
        CancellationToken cancellationToken = default)
    {
        Tell(eventData.Context);
        return Task.CompletedTask;
    }

    private void Note(DbContext? context)
    {
        // Redemptions come by the hundred a second and change nothing that is told.
        if (context is null or AppDbContext { OnlyChangesUsage: true })
            return;
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Unchanged or EntityState.Detached || TopicOf(entry.Metadata.ClrType) is not { } topic)
                continue;
            var key = entry.Metadata.FindPrimaryKey()!.Properties.Select(p => entry.Property(p).CurrentValue?.ToString());
            untold.GetOrCreateValue(context).Add((topic, string.Join('/', key)));
        }
    }

    private static string? TopicOf(Type entity) =>
        Topics.GetOrAdd(entity, static type => type.GetCustomAttribute<ToldAsAttribute>()?.Topic);

    private void TellIfCommitted(DbContext? context)
    {
        if (context is { Database.CurrentTransaction: null })
            Tell(context);
    }

    private void Tell(DbContext? context)
    {
        if (context is null || !untold.TryGetValue(context, out var changes))
            return;
        untold.Remove(context);
        foreach (var (topic, id) in changes)
            news.Tell(topic, id);
    }
}
