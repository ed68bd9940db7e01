using System.Runtime.CompilerServices;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns.Codes;

public enum CodeState
{
    Unused,
    Used,
    UsedUp,
    Revoked,
}

/// <summary>What a list of codes is narrowed to.</summary>
public sealed record CodeFilter(Guid? BatchId = null, CodeState? State = null);

/// <param name="UsesPerCode">How often it may be used: its batch's limit, or else the campaign's; null for no limit.</param>
/// <param name="RevokedAt">When it, or its whole batch, was put out of use.</param>
public sealed record CodeRow(
    string Code, Guid BatchId, string? Batch, long Used, long SpentMinor, int? UsesPerCode, DateTime? RevokedAt, bool BatchRevoked, DateTime CreatedAt)
{
    /// <summary>The one customer who may use it; null: anybody.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Compared as in an earlier release: the campaign has another code that would be the same today.</summary>
    public bool OldForm { get; init; }

    public CodeState State => RevokedAt is not null ? CodeState.Revoked : Used == 0 ? CodeState.Unused : Used >= UsesPerCode ? CodeState.UsedUp : CodeState.Used;
}

/// <param name="Used">Codes used at least once.</param>
/// <param name="Revoked">Codes revoked one by one.</param>
public sealed record CodeBatchRow(Guid Id, string? Name, int Count, int Used, int Revoked, int? UsesPerCode, string CreatedBy, DateTime CreatedAt, DateTime? RevokedAt)
{
    /// <summary>The one customer who may use its codes; null: anybody.</summary>
    public string? CustomerId { get; init; }
}

/// <summary>How far a campaign's codes and limits are used.</summary>
/// <param name="Uses">Orders in all.</param>
/// <param name="GenericUses">Orders with the generic code.</param>
/// <param name="Customers">Customers counted, where the campaign counts by customer.</param>
/// <param name="Issued">Unique codes in all batches.</param>
/// <param name="Batches">How many batches.</param>
/// <param name="Used">Unique codes used at least once.</param>
public sealed record CodeSummary(long Uses, long GenericUses, int Customers, int Issued, int Batches, int Used);

/// <summary>Coupon codes as they are looked at: page by page, by the batch, or all of them one after the other.</summary>
public sealed class CodeList(IDbContextFactory<AppDbContext> contexts)
{
    public static readonly IReadOnlyList<string> SortKeys = ["code", "createdAt", "used"];

    public async Task<Outcome<Paged<CodeRow>>> ListAsync(Guid campaignId, CodeFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await LimitAsync(context, campaignId, cancellationToken) is not { } limits)
            return Failure.NotFound("The campaign");
        var rows = Narrow(context, campaignId, filter, page.Query, limits.UsesPerCode);
        var sorted = (page.SortKey, page.Descending) switch
        {
            ("code", false) => rows.OrderBy(r => r.Normalised),
            ("code", true) => rows.OrderByDescending(r => r.Normalised),
            ("used", false) => rows.OrderBy(r => r.Used),
            ("used", true) => rows.OrderByDescending(r => r.Used),
            ("createdAt", false) => rows.OrderBy(r => r.CreatedAt),
            _ => rows.OrderByDescending(r => r.CreatedAt),
        };
        var items = await sorted.ThenBy(r => r.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        return new Paged<CodeRow>([.. items.Select(r => r.ToRow(limits.UsesPerCode))], await rows.CountAsync(cancellationToken));
    }

    /// <summary>All codes that the filter leaves, in the order in which they were made, read as they are asked for.</summary>
    public async IAsyncEnumerable<CodeRow> AllAsync(Guid campaignId, CodeFilter filter, string? query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var uses = (await LimitAsync(context, campaignId, cancellationToken))?.UsesPerCode;
        await foreach (var row in Narrow(context, campaignId, filter, query, uses).OrderBy(r => r.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return row.ToRow(uses);
    }

    /// <summary>The newest batch first.</summary>
    public async Task<Paged<CodeBatchRow>> BatchesAsync(Guid campaignId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var batches = context.CodeBatches.AsNoTracking().Where(b => b.CampaignId == campaignId);
        var some = await batches.OrderByDescending(b => b.CreatedAt).ThenBy(b => b.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        var ids = some.Select(b => b.Id).ToList();
        var used = await Used(context, campaignId).Where(c => ids.Contains(c.BatchId)).GroupBy(c => c.BatchId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var revoked = await context.IssuedCodes.Where(c => ids.Contains(c.BatchId) && c.RevokedAt != null).GroupBy(c => c.BatchId).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return new Paged<CodeBatchRow>(
            [.. some.Select(b => new CodeBatchRow(b.Id, b.Name, b.Count, used.GetValueOrDefault(b.Id), revoked.GetValueOrDefault(b.Id), b.UsesPerCode, b.CreatedBy, b.CreatedAt, b.RevokedAt) { CustomerId = b.CustomerId })],
            await batches.CountAsync(cancellationToken));
    }

    public async Task<CodeSummary> SummaryAsync(Guid campaignId, string? genericCode, CancellationToken cancellationToken)
    {
        var generic = genericCode is null ? null : CouponCode.Normalise(genericCode);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var counters = context.UsageCounters.AsNoTracking().Where(u => u.CampaignId == campaignId);
        var batches = await context.CodeBatches.Where(b => b.CampaignId == campaignId).Select(b => b.Count).ToListAsync(cancellationToken);
        return new CodeSummary(
            await counters.Where(u => u.Kind == UsageKind.All).Select(u => u.Used).SingleOrDefaultAsync(cancellationToken),
            generic is null ? 0 : await counters.Where(u => u.Kind == UsageKind.Code && u.Key == generic).Select(u => u.Used).SingleOrDefaultAsync(cancellationToken),
            await counters.CountAsync(u => u.Kind == UsageKind.Customer && u.Used > 0, cancellationToken),
            batches.Sum(),
            batches.Count,
            await Used(context, campaignId).CountAsync(cancellationToken));
    }

    private static IQueryable<IssuedCode> Used(AppDbContext context, Guid campaignId) =>
        from counter in context.UsageCounters
        where counter.CampaignId == campaignId && counter.Kind == UsageKind.Code && counter.Used > 0
        join code in context.IssuedCodes on new { counter.CampaignId, counter.Key } equals new { code.CampaignId, Key = code.Normalised }
        select code;

    private static async Task<Limits?> LimitAsync(AppDbContext context, Guid campaignId, CancellationToken cancellationToken) =>
        await context.Campaigns.Where(c => c.Id == campaignId).Select(c => c.RulesJson).SingleOrDefaultAsync(cancellationToken) is { } rules ? RulesJson.Read(rules).Limits : null;

    private static IQueryable<Found> Narrow(AppDbContext context, Guid campaignId, CodeFilter filter, string? query, int? uses)
    {
        var codes = context.IssuedCodes.AsNoTracking().Where(c => c.CampaignId == campaignId);
        if (filter.BatchId is { } batch)
            codes = codes.Where(c => c.BatchId == batch);
        if (query?.Trim() is { Length: > 0 } text)
        {
            var pattern = Like.Contains(CouponCode.Normalise(text));
            codes = codes.Where(c => EF.Functions.Like(c.Normalised, pattern, Like.Escape));
        }

        var rows = Rows(context, codes);
        return filter.State switch
        {
            CodeState.Revoked => rows.Where(r => r.RevokedAt != null || r.BatchRevokedAt != null),
            CodeState.Unused => rows.Where(r => r.RevokedAt == null && r.BatchRevokedAt == null && r.Used == 0),
            CodeState.Used => rows.Where(r => r.RevokedAt == null && r.BatchRevokedAt == null && r.Used > 0 && ((r.MaxUses ?? uses) == null || r.Used < (r.MaxUses ?? uses))),
            CodeState.UsedUp => rows.Where(r => r.RevokedAt == null && r.BatchRevokedAt == null && r.Used > 0 && r.Used >= (r.MaxUses ?? uses)),
            _ => rows,
        };
    }

    private static IQueryable<Found> Rows(AppDbContext context, IQueryable<IssuedCode> codes) =>
        from code in codes
        join batch in context.CodeBatches on code.BatchId equals batch.Id
        join counter in context.UsageCounters.Where(u => u.Kind == UsageKind.Code) on new { code.CampaignId, Key = code.Normalised } equals new { counter.CampaignId, counter.Key } into counters
        from used in counters.DefaultIfEmpty()
        select new Found
        {
            Id = code.Id,
            Code = code.Code,
            Normalised = code.Normalised,
            BatchId = batch.Id,
            Batch = batch.Name,
            Used = (long?)used.Used ?? 0,
            SpentMinor = (long?)used.SpentMinor ?? 0,
            MaxUses = code.MaxUses,
            RevokedAt = code.RevokedAt,
            BatchRevokedAt = batch.RevokedAt,
            CreatedAt = batch.CreatedAt,
            CustomerId = batch.CustomerId,
            Form = code.Form,
        };

    private sealed record Found
    {
        public long Id { get; init; }

        public required string Code { get; init; }

        public required string Normalised { get; init; }

        public Guid BatchId { get; init; }

        public string? Batch { get; init; }

        public long Used { get; init; }

        public long SpentMinor { get; init; }

        public int? MaxUses { get; init; }

        public DateTime? RevokedAt { get; init; }

        public DateTime? BatchRevokedAt { get; init; }

        public DateTime CreatedAt { get; init; }

        public string? CustomerId { get; init; }

        public CodeForm Form { get; init; }

        public CodeRow ToRow(int? uses) => new(Code, BatchId, Batch, Used, SpentMinor, MaxUses ?? uses, BatchRevokedAt ?? RevokedAt, BatchRevokedAt is not null, CreatedAt) { CustomerId = CustomerId, OldForm = Form == CodeForm.Kept };
    }
}
