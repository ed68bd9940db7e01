using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns.Codes;

/// <summary>Coupon codes: issued in batches, put out of use and brought back, one by one or by the batch.</summary>
public sealed class CodeService(IDbContextFactory<AppDbContext> contexts, WriterGate writers, CallerIds ids, TimeProvider time, EnrolAtIssue? enrol = null)
{
    /// <summary>What one campaign may have in all its batches.</summary>
    public const int MostPerCampaign = 2_000_000;

    public async Task<Outcome<MadeCodes>> IssueAsync(Guid campaignId, NewCodes request, Actor actor, CancellationToken cancellationToken)
    {
        if (request.Check() is { Count: > 0 } errors)
            return Failure.Invalid(errors);
        var given = request.Codes?.Select(c => c!.Trim()).ToList();
        var customer = request.CustomerId is { } said ? await ids.OfAsync(said, cancellationToken) : null;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (customer is not null && enrol is not null)
        {
            if (await ForbiddenAsync(context, campaignId, actor, cancellationToken) is { } before)
                return before;
            if (!await enrol(campaignId, customer, cancellationToken))
                return Failure.Conflict("held-out", "The customer is in the campaign's control group: no code is sent to them.");
        }

        using var pass = await writers.EnterAsync(context, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await ForbiddenAsync(context, campaignId, actor, cancellationToken) is { } refused)
            return refused;
        if (await context.CodeBatches.Where(b => b.CampaignId == campaignId).SumAsync(b => b.Count, cancellationToken) + (given?.Count ?? request.Count!.Value) > MostPerCampaign)
            return Failure.Conflict("codes-many", "A campaign has at most 2000000 codes.");

        var now = time.GetUtcNow();
        var batch = new CodeBatch
        {
            Id = Guid.CreateVersion7(now),
            CampaignId = campaignId,
            Name = request.Name?.Trim() is { Length: > 0 } name ? name : null,
            Count = given?.Count ?? request.Count!.Value,
            UsesPerCode = request.UsesPerCode ?? (given is null ? 1 : null),
            CustomerId = customer,
            CreatedBy = actor.Name,
            CreatedAt = now.UtcDateTime,
        };
        context.CodeBatches.Add(batch);
        context.AddActivity(campaignId, "codes-issued", batch.Count.ToString(CultureInfo.InvariantCulture), actor, now);
        await context.SaveChangesAsync(cancellationToken);
        if (given is null)
        {
            if (!await CodeWriting.DrawAsync(context, batch, request.Prefix?.Trim() ?? "", request.Length ?? NewCodes.UsualLength, cancellationToken))
                return Failure.Conflict("codes-run-out", "Codes of this length and prefix have run out. Take longer ones.");
        }
        else if (await CodeWriting.AddAsync(context, batch, given, cancellationToken) < given.Count)
        {
            return await TakenAsync(context, batch, given, cancellationToken);
        }

        var codes = given ?? await context.IssuedCodes.AsNoTracking().Where(c => c.BatchId == batch.Id).OrderBy(c => c.Id).Select(c => c.Code).ToListAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new MadeCodes(batch.Id, campaignId, batch.Name, batch.Count, batch.UsesPerCode, batch.CreatedAt, codes) { CustomerId = batch.CustomerId };
    }

    /// <summary>Revoking twice is no error: the code is out of use either way.</summary>
    public Task<Outcome> RevokeAsync(Guid campaignId, string code, Actor actor, CancellationToken cancellationToken) =>
        TurnAsync(campaignId, code, time.GetUtcNow().UtcDateTime, "code-revoked", actor, cancellationToken);

    /// <summary>Takes a revocation back. A code whose whole batch is revoked comes back with its batch.</summary>
    public Task<Outcome> RestoreAsync(Guid campaignId, string code, Actor actor, CancellationToken cancellationToken) =>
        TurnAsync(campaignId, code, null, "code-restored", actor, cancellationToken);

    /// <summary>Puts all codes of a batch out of use, or takes that back; twice is no error.</summary>
    public Task<Outcome> RevokeBatchAsync(Guid campaignId, Guid batchId, Actor actor, CancellationToken cancellationToken) =>
        TurnBatchAsync(campaignId, batchId, time.GetUtcNow().UtcDateTime, "batch-revoked", actor, cancellationToken);

    public Task<Outcome> RestoreBatchAsync(Guid campaignId, Guid batchId, Actor actor, CancellationToken cancellationToken) =>
        TurnBatchAsync(campaignId, batchId, null, "batch-restored", actor, cancellationToken);

    private async Task<Outcome> TurnAsync(Guid campaignId, string code, DateTime? revokedAt, string activity, Actor actor, CancellationToken cancellationToken)
    {
        var (present, former) = (CouponCode.Normalise(code), CouponCode.NormaliseAsBefore(code));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await ForbiddenAsync(context, campaignId, actor, cancellationToken) is { } refused)
            return refused;
        // One that kept its form of an earlier release is meant before any other.
        var row = !StorableText.IsKey(present) || !StorableText.IsKey(former) ? null : await (
            from c in context.IssuedCodes
            join b in context.CodeBatches on c.BatchId equals b.Id
            where c.CampaignId == campaignId && (c.Form == CodeForm.Present ? c.Normalised == present : c.Normalised == former)
            orderby c.Form descending
            select new { c.Id, c.Code, Batch = b.RevokedAt }).FirstOrDefaultAsync(cancellationToken);
        if (row is null)
            return Failure.NotFound("The code");
        if (revokedAt is null && row.Batch is not null)
            return Failure.Conflict("batch-revoked", "The code's whole batch is revoked. Restore the batch.");
        var turned = await context.IssuedCodes.Where(c => c.Id == row.Id && (c.RevokedAt == null) == (revokedAt != null))
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.RevokedAt, revokedAt), cancellationToken);
        if (turned > 0)
        {
            context.AddActivity(campaignId, activity, row.Code, actor, time.GetUtcNow());
            await context.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return Outcome.Success;
    }

    private async Task<Outcome> TurnBatchAsync(Guid campaignId, Guid batchId, DateTime? revokedAt, string activity, Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await ForbiddenAsync(context, campaignId, actor, cancellationToken) is { } refused)
            return refused;
        var batch = await context.CodeBatches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == batchId && b.CampaignId == campaignId, cancellationToken);
        if (batch is null)
            return Failure.NotFound("The batch");
        var turned = await context.CodeBatches.Where(b => b.Id == batchId && (b.RevokedAt == null) == (revokedAt != null))
            .ExecuteUpdateAsync(s => s.SetProperty(b => b.RevokedAt, revokedAt), cancellationToken);
        if (turned > 0)
        {
            context.AddActivity(campaignId, activity, string.Create(CultureInfo.InvariantCulture, $"{batch.Name ?? batch.Id.ToString()} ({batch.Count})"), actor, time.GetUtcNow());
            await context.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return Outcome.Success;
    }

    /// <summary>Which of the codes given the campaign had before.</summary>
    private static async Task<Failure> TakenAsync(AppDbContext context, CodeBatch batch, IReadOnlyList<string> given, CancellationToken cancellationToken)
    {
        const int Named = 20;
        var errors = new Dictionary<string, string[]>();
        var normalised = given.Select(CouponCode.Normalise).ToList();
        foreach (var some in normalised.Index().Chunk(1000))
        {
            var keys = some.Select(s => s.Item).ToList();
            var taken = await context.IssuedCodes.Where(c => c.CampaignId == batch.CampaignId && c.BatchId != batch.Id && keys.Contains(c.Normalised)).Select(c => c.Normalised).ToListAsync(cancellationToken);
            foreach (var (index, _) in some.Where(s => taken.Contains(s.Item)).Take(Named - errors.Count))
                errors[$"codes[{index.ToString(CultureInfo.InvariantCulture)}]"] = ["The campaign has this code already."];
            if (errors.Count == Named)
                break;
        }

        return Failure.Invalid(errors);
    }

    private static async Task<Failure?> ForbiddenAsync(AppDbContext context, Guid campaignId, Actor actor, CancellationToken cancellationToken)
    {
        var campaign = await context.Campaigns.AsNoTracking().Where(c => c.Id == campaignId).Select(c => new { c.OwnerId, c.Status }).SingleOrDefaultAsync(cancellationToken);
        return campaign is null ? Failure.NotFound("The campaign") : Refuse(campaign.Status, campaign.OwnerId, actor);
    }

    /// <summary>Null when the actor may issue and revoke the codes of such a campaign.</summary>
    public static Failure? Refuse(CampaignStatus status, string ownerId, Actor actor)
    {
        if (status is CampaignStatus.Ended or CampaignStatus.Archived)
            return Failure.Conflict("wrong-state", "The campaign has ended.");
        return actor.IsAny(Roles.Manager, Roles.Admin) || (actor.Is(Roles.Marketer) && ownerId == actor.Id)
            ? null : Failure.Forbidden("Only the owner or a manager issues and revokes codes.");
    }
}
