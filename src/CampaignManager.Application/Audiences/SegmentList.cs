using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>A segment as campaigns choose it, with its size at the last computation.</summary>
public sealed record AudienceSegment(string Key, SegmentKind Kind, string NameEn, string NameZh, long Size, DateTime ComputedAt);

/// <summary>The shop's segments, in the order people think of them: a customer's way with the shop, then favourites by size. A handful, so not paged.</summary>
public sealed class SegmentList(IDbContextFactory<AppDbContext> contexts)
{
    private static readonly string[] Way = ["new", "active", "loyal", "lapsing", "lapsed"];

    public async Task<IReadOnlyList<AudienceSegment>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Segments.AsNoTracking()
            .Select(s => new AudienceSegment(s.Key, s.Kind, s.NameEn, s.NameZh, s.Size, s.ComputedAt)).ToListAsync(cancellationToken);
        return [.. rows.OrderBy(s => s.Kind).ThenBy(s => s.Kind == SegmentKind.Lifecycle ? Array.IndexOf(Way, s.Key) : 0).ThenByDescending(s => s.Size).ThenBy(s => s.Key, StringComparer.Ordinal)];
    }
}
