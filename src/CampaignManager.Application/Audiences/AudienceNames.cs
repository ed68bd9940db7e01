using System.Globalization;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Audiences.Predicates;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>What saved audiences are called and whom they mean, at hand wherever a segment is named; read again when one has changed, here or on another node.</summary>
public sealed class AudienceNames : IDisposable
{
    private readonly IDbContextFactory<AppDbContext> contexts;
    private readonly IDisposable? listening;
    private volatile Held? held;
    private long told;

    public AudienceNames(IDbContextFactory<AppDbContext> contexts, INews? news = null)
    {
        this.contexts = contexts;
        listening = news?.Listen(SavedAudience.Topic, _ => Interlocked.Increment(ref told));
    }

    /// <summary>Null for a key that none has.</summary>
    public string? Name(string key) => Known.TryGetValue(key, out var audience) ? audience.Name : null;

    /// <summary>Whom it means, as a sentence; null for a key that none has.</summary>
    public string? Sentence(string key, CultureInfo culture, PredicateWords words) =>
        Known.TryGetValue(key, out var audience) ? PredicateSentence.Of(audience.Predicate, culture, words) : null;

    public void Dispose() => listening?.Dispose();

    private IReadOnlyDictionary<string, (string Name, Predicate Predicate)> Known
    {
        get
        {
            var now = LocalCommits.Count + Interlocked.Read(ref told);
            if (held is { } known && known.Changes == now)
                return known.Audiences;
            using var context = contexts.CreateDbContext();
            var rows = context.Audiences.AsNoTracking().Select(a => new { a.Key, a.Name, a.PredicateJson }).ToList();
            held = new Held(rows.ToDictionary(a => a.Key, a => (a.Name, PredicateJson.Parse(a.PredicateJson)), StringComparer.Ordinal), now);
            return held.Audiences;
        }
    }

    private sealed record Held(IReadOnlyDictionary<string, (string Name, Predicate Predicate)> Audiences, long Changes);
}
