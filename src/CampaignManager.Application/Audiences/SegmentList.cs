using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Uplift.Models;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Audiences;

/// <summary>A segment as campaigns choose it, with its size at the last computation.</summary>
/// <param name="ScoredBy">Whose scores a segment by uplift is from; null for the others.</param>
public sealed record AudienceSegment(string Key, SegmentKind Kind, string NameEn, string NameZh, long Size, DateTime ComputedAt, SegmentScores? ScoredBy = null);

/// <summary>The version of the shop's model by whose scores customers were ranked.</summary>
/// <param name="Number">Its number within the shop's.</param>
/// <param name="InUse">Whether it still is the version in use; another one has not scored the customers yet.</param>
/// <param name="Alike">It found no difference between customers: their order says nothing.</param>
public sealed record SegmentScores(Guid ModelId, int Number, bool InUse, bool Alike);

/// <summary>The shop's segments, in the order people think of them: a customer's way with the shop, favourites by size, then ranks by uplift. A handful, so not paged.</summary>
public sealed class SegmentList(IDbContextFactory<AppDbContext> contexts, CustomerRanking ranking)
{
    public async Task<IReadOnlyList<AudienceSegment>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Segments.AsNoTracking().ToListAsync(cancellationToken);
        var scores = rows.Any(s => s.Kind == SegmentKind.Uplift) ? await ScoresAsync(context, cancellationToken) : null;
        return
        [
            .. rows.OrderBy(s => s.Kind).ThenBy(s => KnownSegments.PlaceOf(s.Key)).ThenByDescending(s => s.Size).ThenBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => new AudienceSegment(s.Key, s.Kind, s.NameEn, s.NameZh, s.Size, s.ComputedAt, s.Kind == SegmentKind.Uplift ? scores : null)),
        ];
    }

    private async Task<SegmentScores?> ScoresAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        if (await ranking.SourceAsync(cancellationToken) is not { } source)
            return null;
        var champion = await ModelService.ChampionOf(context, ModelVersion.ShopScope).Select(m => m.Id).FirstOrDefaultAsync(cancellationToken);
        return new SegmentScores(source.ModelId, source.Number, source.ModelId == champion, source.Alike);
    }
}
