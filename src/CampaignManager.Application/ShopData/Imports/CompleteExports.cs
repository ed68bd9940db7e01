using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>What is missing in an export that is complete for its time.</summary>
/// <param name="Count">Of all; <paramref name="First"/> are the oldest of them.</param>
public sealed record MissingInExport(string Source, DateTime From, DateTime To, long Count, IReadOnlyList<MissingOrder> First);

/// <summary>
/// An export of orders may be complete for the time it tells about: then orders that the lake has and it has not are no more. They are
/// listed first, and go only when somebody confirms how many.
/// </summary>
public sealed class CompleteExports(
    IDbContextFactory<AppDbContext> contexts, DataLake lake, ImportViews list, JobService jobs, TimeProvider time)
{
    public const int Shown = 20;

    /// <summary>Lists what is missing; changes nothing.</summary>
    public async Task<Outcome<MissingInExport>> MissingAsync(Actor actor, Guid importId, CancellationToken cancellationToken)
    {
        if (!ImportService.MayImport(actor))
            return Failure.Forbidden("Only marketers and admins may import data.");
        if (await list.FindAsync(importId, cancellationToken) is not { } view)
            return Failure.NotFound("The import");
        if (view is not { Kind: TemplateKinds.Orders, CanUndo: true } || lake.Catalogue().Import(importId) is not { } import)
            return Failure.Conflict("not-an-export", "Only an import of orders that stands can be complete for its time.");
        return await Task.Run(() => Missing(import), cancellationToken);
    }

    /// <summary>Removes them, where they are still as many as were shown; undone as an import of its own.</summary>
    public async Task<Outcome<Guid>> RemoveAsync(Actor actor, Guid importId, long confirmed, CancellationToken cancellationToken)
    {
        var found = await MissingAsync(actor, importId, cancellationToken);
        if (!found.Succeeded)
            return found.Failure;
        if (found.Value.Count != confirmed || confirmed == 0)
            return Failure.Conflict("missing-changed", "What is missing has changed since it was listed. Look at the list again.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var of = await context.ImportRuns.AsNoTracking().SingleAsync(r => r.Id == importId, cancellationToken);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        context.ImportRuns.Add(new ImportRun
        {
            Id = id,
            Kind = TemplateKinds.Orders,
            FileName = of.FileName,
            Sha256 = of.Sha256,
            ExperimentId = Guid.CreateVersion7(time.GetUtcNow()),
            UploadedById = actor.Id,
            UploadedByName = actor.Name,
            UploadedAt = time.GetUtcNow().UtcDateTime,
        });
        await context.SaveChangesAsync(cancellationToken);
        var asked = new RemoveMissing(id, importId, confirmed);
        var run = await jobs.StartAsync(RemoveMissingJob.Kind, asked, actor, cancellationToken);
        await context.ImportRuns.Where(r => r.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.JobRunId, run), cancellationToken);
        return id;
    }

    private Outcome<MissingInExport> Missing(ListedImport import)
    {
        using var connection = lake.Open();
        var missing = new MissingOrders(lake, lake.Catalogue(), import, connection);
        if (!missing.CanTell())
            return Failure.Conflict("cannot-tell", "What this import said has been merged since. Import the same file again, and look there.");
        if (missing.Span() is not { } span)
            return Failure.Conflict("not-an-export", "Only an import of orders that stands can be complete for its time.");
        var rows = missing.Missing(span);
        var first = connection.Query(
            $"""SELECT order_id, "at", currency, total_minor FROM {rows} ORDER BY "at", order_id LIMIT {Shown}""",
            r => new MissingOrder(r.GetString(0), Utc(r.GetDateTime(1)), r.GetString(2), r.IsDBNull(3) ? null : r.GetInt64(3)));
        var count = connection.Scalar<long>($"SELECT count(*) FROM {rows}");
        return new MissingInExport(import.Source, Utc(span.From), Utc(span.To), count, first);
    }

    private static DateTime Utc(DateTime at) => DateTime.SpecifyKind(at, DateTimeKind.Utc);
}
