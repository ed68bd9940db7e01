using System.Globalization;
using System.Security.Cryptography;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Offers;

/// <param name="Name">What the batch is for; null for none.</param>
/// <param name="Count">So many unique codes are drawn; null when <paramref name="Codes"/> are given.</param>
/// <param name="Prefix">Stands before each code drawn.</param>
/// <param name="Length">Random characters of each code drawn.</param>
/// <param name="Codes">Codes of one's own.</param>
/// <param name="UsesPerCode">How often each may be used; null: once for codes drawn, as the campaign's limits say for given ones.</param>
public sealed record NewCodes(string? Name, int? Count, string? Prefix, int? Length, IReadOnlyList<string?>? Codes, int? UsesPerCode);

public sealed record MadeCodes(Guid Id, Guid CampaignId, string? Name, int Count, int? UsesPerCode, DateTime CreatedAt, IReadOnlyList<string> Codes);

public sealed record CodeRow(string Code, Guid BatchId, string? Batch, long Used, long SpentMinor, int? UsesPerCode, DateTime? RevokedAt, DateTime CreatedAt);

/// <summary>Coupon codes: issued in batches, listed, searched and revoked.</summary>
public sealed class CodeService(IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    public const int MostCodes = 100_000;
    public const int LongestCode = 64;
    public static readonly IReadOnlyList<string> SortKeys = ["code", "createdAt", "used"];

    // Without what is easily taken for something else.
    private const string Letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    private const int UsualLength = 10;

    public async Task<Outcome<MadeCodes>> IssueAsync(Guid campaignId, NewCodes request, Actor actor, CancellationToken cancellationToken)
    {
        if (Check(request) is { Count: > 0 } errors)
            return Failure.Invalid(errors);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await ForbiddenAsync(context, campaignId, actor, cancellationToken) is { } refused)
            return refused;

        var drawn = request.Codes is null;
        var codes = drawn ? Draw(request.Count!.Value, request.Prefix?.Trim() ?? "", request.Length ?? UsualLength) : request.Codes!.Select(c => c!.Trim()).ToList();
        var normalised = codes.Select(CouponCode.Normalise).ToList();
        foreach (var some in normalised.Chunk(1000))
        {
            var taken = await context.IssuedCodes.Where(c => c.CampaignId == campaignId && some.Contains(c.Normalised)).Select(c => c.Normalised).FirstOrDefaultAsync(cancellationToken);
            if (taken is not null)
                return drawn
                    ? Failure.Conflict("codes-run-out", "Codes of this length and prefix have run out. Take longer ones.")
                    : Failure.Invalid($"codes[{normalised.IndexOf(taken).ToString(CultureInfo.InvariantCulture)}]", "The campaign has this code already.");
        }

        var now = time.GetUtcNow();
        var uses = request.UsesPerCode ?? (drawn ? 1 : null);
        var batch = new CodeBatch { Id = Guid.CreateVersion7(now), CampaignId = campaignId, Name = request.Name?.Trim(), Count = codes.Count, CreatedBy = actor.Name, CreatedAt = now.UtcDateTime };
        context.CodeBatches.Add(batch);
        context.IssuedCodes.AddRange(codes.Select((code, i) => new IssuedCode { BatchId = batch.Id, CampaignId = campaignId, Code = code, Normalised = normalised[i], MaxUses = uses }));
        context.AddActivity(campaignId, "codes-issued", codes.Count.ToString(CultureInfo.InvariantCulture), actor, now);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new MadeCodes(batch.Id, campaignId, batch.Name, codes.Count, uses, batch.CreatedAt, codes);
    }

    public async Task<Outcome<Paged<CodeRow>>> ListAsync(Guid campaignId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Campaigns.AnyAsync(c => c.Id == campaignId, cancellationToken))
            return Failure.NotFound("The campaign");
        var codes = context.IssuedCodes.AsNoTracking().Where(c => c.CampaignId == campaignId);
        if (page.Query?.Trim() is { Length: > 0 } text)
        {
            var pattern = Like.Contains(CouponCode.Normalise(text));
            codes = codes.Where(c => EF.Functions.Like(c.Normalised, pattern, Like.Escape));
        }

        var rows = Rows(context, codes);
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
        return new Paged<CodeRow>([.. items.Select(r => r.ToRow())], await codes.CountAsync(cancellationToken));
    }

    /// <summary>All codes of a campaign, in the order in which they were made, read as they are asked for.</summary>
    public async IAsyncEnumerable<CodeRow> AllAsync(Guid campaignId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var codes = context.IssuedCodes.AsNoTracking().Where(c => c.CampaignId == campaignId);
        await foreach (var row in Rows(context, codes).OrderBy(r => r.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return row.ToRow();
    }

    /// <summary>Revoking twice is no error: the code is out of use either way.</summary>
    public async Task<Outcome> RevokeAsync(Guid campaignId, string code, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var normalised = CouponCode.Normalise(code);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await ForbiddenAsync(context, campaignId, actor, cancellationToken) is { } refused)
            return refused;
        if (!StorableText.IsKey(normalised) || !await context.IssuedCodes.AnyAsync(c => c.CampaignId == campaignId && c.Normalised == normalised, cancellationToken))
            return Failure.NotFound("The code");
        var revoked = await context.IssuedCodes.Where(c => c.CampaignId == campaignId && c.Normalised == normalised && c.RevokedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.RevokedAt, now.UtcDateTime), cancellationToken);
        if (revoked > 0)
        {
            context.AddActivity(campaignId, "code-revoked", code.Trim(), actor, now);
            await context.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return Outcome.Success;
    }

    private static async Task<Failure?> ForbiddenAsync(AppDbContext context, Guid campaignId, Actor actor, CancellationToken cancellationToken)
    {
        var campaign = await context.Campaigns.AsNoTracking().Where(c => c.Id == campaignId).Select(c => new { c.OwnerId, c.Status }).SingleOrDefaultAsync(cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        if (campaign.Status is CampaignStatus.Ended or CampaignStatus.Archived)
            return Failure.Conflict("wrong-state", "The campaign has ended.");
        return actor.IsAny(Roles.Manager, Roles.Admin) || (actor.Is(Roles.Marketer) && campaign.OwnerId == actor.Id)
            ? null : Failure.Forbidden("Only the owner or a manager issues and revokes codes.");
    }

    private static Dictionary<string, string[]> Check(NewCodes request)
    {
        var errors = new Dictionary<string, string[]>();
        if (request.Name?.Trim().Length > 100)
            errors["name"] = ["At most 100 characters."];
        if (request.UsesPerCode < 1)
            errors["usesPerCode"] = ["A code may be used at least once."];
        if (request.Codes is { } codes)
            CheckGiven(codes, errors);
        else if (request.Count is not (>= 1 and <= MostCodes))
            errors["count"] = ["Say how many codes to make, 1 to 100000, or send the codes."];
        if (request.Codes is not null && request.Count is not null)
            errors["count"] = ["Either a count or codes, not both."];
        if (request.Length is < 6 or > 32)
            errors["length"] = ["A code has 6 to 32 random characters."];
        if (request.Prefix is { } prefix && (prefix.Trim().Length > 20 || prefix.Any(char.IsControl) || prefix.Any(char.IsSurrogate)))
            errors["prefix"] = ["A prefix has at most 20 printable characters."];
        return errors;
    }

    private static void CheckGiven(IReadOnlyList<string?> codes, Dictionary<string, string[]> errors)
    {
        if (codes.Count is 0 or > MostCodes)
            errors["codes"] = ["A batch has 1 to 100000 codes."];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, code) in codes.Index().Take(MostCodes))
        {
            var path = $"codes[{i.ToString(CultureInfo.InvariantCulture)}]";
            if (code?.Trim() is not { Length: > 0 and <= LongestCode } || !StorableText.IsKey(CouponCode.Normalise(code)) || CouponCode.Normalise(code).Length == 0)
                errors[path] = ["A code has 1 to 64 characters."];
            else if (!seen.Add(CouponCode.Normalise(code)))
                errors[path] = ["The same code stands in the list before."];
        }
    }

    private static List<string> Draw(int count, string prefix, int length)
    {
        var codes = new List<string>(count);
        var seen = new HashSet<string>(count, StringComparer.Ordinal);
        while (codes.Count < count)
        {
            var code = prefix + RandomNumberGenerator.GetString(Letters, length);
            if (seen.Add(code))
                codes.Add(code);
        }

        return codes;
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
            CreatedAt = batch.CreatedAt,
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

        public DateTime CreatedAt { get; init; }

        public CodeRow ToRow() => new(Code, BatchId, Batch, Used, SpentMinor, MaxUses, RevokedAt, CreatedAt);
    }
}
