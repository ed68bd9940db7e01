using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Offers;

/// <summary>
/// Brings codes of an earlier release to the form of today, before the first call is answered: some at a time, each with what counts its uses, in one transaction. Cut off anywhere,
/// the next start goes on. A code whose form of today another one of its campaign has keeps its own, and is listed with the campaign's codes.
/// </summary>
public sealed class CodeForms(IDbContextFactory<AppDbContext> contexts, WriterGate writers, ILogger<CodeForms> logger) : IHostedService
{
    private const int AtOnce = 200;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var kept = await RenewAsync(cancellationToken);
        if (kept > 0)
            logger.LogWarning("{Count} codes keep the form of an earlier release: their campaigns have other codes that would be the same", kept);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>How many keep their form.</returns>
    internal async Task<int> RenewAsync(CancellationToken cancellationToken)
    {
        var kept = 0;
        while (await AnyLeftAsync(cancellationToken))
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            using var pass = await writers.EnterAsync(context, cancellationToken);
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            var some = await context.IssuedCodes.AsNoTracking().Where(c => c.Form == CodeForm.Old).OrderBy(c => c.Id).Take(AtOnce).ToListAsync(cancellationToken);
            foreach (var code in some)
                kept += await RenewAsync(context, code, cancellationToken) ? 0 : 1;
            await transaction.CommitAsync(cancellationToken);
        }

        await RenewCountersAsync(cancellationToken);
        return kept;
    }

    // Looked at without writing: nearly every start has nothing to do.
    private async Task<bool> AnyLeftAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.IssuedCodes.AnyAsync(c => c.Form == CodeForm.Old, cancellationToken);
    }

    /// <returns>False when another code has the form already.</returns>
    private static async Task<bool> RenewAsync(AppDbContext context, IssuedCode code, CancellationToken cancellationToken)
    {
        var form = CouponCode.Normalise(code.Code);
        var taken = form != code.Normalised && await context.IssuedCodes.AnyAsync(c => c.CampaignId == code.CampaignId && c.Normalised == form, cancellationToken);
        var next = taken || !StorableText.IsKey(form) || form.Length == 0 ? CodeForm.Kept : CodeForm.Present;
        var normalised = next == CodeForm.Kept ? code.Normalised : form;
        await context.IssuedCodes.Where(c => c.Id == code.Id && c.Form == CodeForm.Old)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.Form, next).SetProperty(c => c.Normalised, normalised), cancellationToken);
        if (normalised != code.Normalised)
            await MoveAsync(context, code.CampaignId, code.Normalised, normalised, cancellationToken);
        return next == CodeForm.Present;
    }

    /// <summary>What counts the uses of generic codes, whose form stands in no row of its own.</summary>
    private async Task RenewCountersAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // Plain letters have one form only, then and today.
        FormattableString odd = context.Database.IsSqlite()
            ? (FormattableString)$"""SELECT * FROM "UsageCounters" WHERE "Kind" = 3 AND length(CAST("Key" AS BLOB)) <> length("Key")"""
            : $"""SELECT * FROM "UsageCounters" WHERE "Kind" = 3 AND octet_length("Key") <> char_length("Key")""";
        foreach (var counter in await context.UsageCounters.FromSql(odd).AsNoTracking().ToListAsync(cancellationToken))
        {
            var form = CouponCode.Normalise(counter.Key);
            if (form == counter.Key || await context.IssuedCodes.AnyAsync(c => c.CampaignId == counter.CampaignId && c.Normalised == counter.Key, cancellationToken))
                continue;
            using var pass = await writers.EnterAsync(context, cancellationToken);
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            await MoveAsync(context, counter.CampaignId, counter.Key, form, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static async Task MoveAsync(AppDbContext context, Guid campaign, string from, string to, CancellationToken cancellationToken)
    {
        const int code = (int)UsageKind.Code;
        // What was counted under the new form in between is added, not lost.
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "UsageCounters" ("CampaignId", "Kind", "Key", "Used", "SpentMinor")
            SELECT "CampaignId", "Kind", {to}, "Used", "SpentMinor" FROM "UsageCounters" WHERE "CampaignId" = {campaign} AND "Kind" = {code} AND "Key" = {from}
            ON CONFLICT ("CampaignId", "Kind", "Key") DO UPDATE SET
            "Used" = "UsageCounters"."Used" + excluded."Used", "SpentMinor" = "UsageCounters"."SpentMinor" + excluded."SpentMinor"
            """,
            cancellationToken);
        await context.UsageCounters.Where(u => u.CampaignId == campaign && u.Kind == UsageKind.Code && u.Key == from).ExecuteDeleteAsync(cancellationToken);
        await context.RedemptionCampaigns.Where(p => p.CampaignId == campaign && p.CodeKey == from).ExecuteUpdateAsync(s => s.SetProperty(p => p.CodeKey, to), cancellationToken);
    }
}
