using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Erasure;

/// <param name="Sealed">The person's ids, encrypted with the master key; empty once they are erased.</param>
public sealed record ErasePerson(string Sealed);

/// <param name="Rows">Of the lake's tables.</param>
/// <param name="Files">Computed files written again.</param>
/// <param name="Uploads">Imports whose uploads held the person, and went.</param>
/// <param name="Rejects">Rows of rejects.</param>
public sealed record ErasedFigures(long Rows, int Files, int Uploads, long Rejects);

/// <summary>Takes a person out of the lake's tables, of what was computed from them, of uploads and rejects. Killed anywhere, the next try ends the same.</summary>
internal sealed class ErasePersonJob(
    IDbContextFactory<AppDbContext> contexts, MasterKey master, ShopWriter writer, DerivedErasure derived, UploadErasure uploads, ShopDataChanged changed) : IJob
{
    public const string Kind = "erase-person";

    internal const string Purpose = "erasure-request";

    private static readonly JobStage Erasing = new("erasing-rows");

    private static readonly JobStage Looking = new("erasing-files");

    public static readonly JobKind Declared = new(Kind, Erasing, Looking);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (context.Arguments<ErasePerson>() is not { Sealed.Length: > 0 } asked)
            return null;
        await context.ReportAsync(Erasing, 0, cancellationToken);
        var given = JsonSerializer.Deserialize<List<string>>(master.Unprotect(asked.Sealed, Purpose))!;
        var ids = await Task.Run(() => given.SelectMany(writer.IdsOf).Union(given).ToHashSet(StringComparer.Ordinal), cancellationToken);
        // Once the tables forget who is who, a second try could no longer find them.
        await KeepAsync(context.RunId, new ErasePerson(master.Protect(JsonSerializer.Serialize(ids), Purpose)), cancellationToken);
        long rows = 0;
        foreach (var (i, id) in ids.Index())
        {
            rows += await writer.EraseAsync(id, cancellationToken, context.RequestedAt);
            await context.ReportAsync(Erasing, 0.6 * (i + 1) / ids.Count, cancellationToken);
        }

        await context.ReportAsync(Looking, 0.6, cancellationToken);
        var files = await Task.Run(() => derived.Run([.. ids], cancellationToken), cancellationToken);
        await context.ReportAsync(Looking, 0.7, cancellationToken);
        var (gone, rejects) = await Task.Run(() => uploads.Run(ids, cancellationToken), cancellationToken);
        if (rows > 0)
            await changed(CancellationToken.None);
        await KeepAsync(context.RunId, new ErasePerson(""), CancellationToken.None);
        return new ErasedFigures(rows, files, gone, rejects);
    }

    private async Task KeepAsync(Guid run, ErasePerson arguments, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.JobRuns.Where(r => r.Id == run).ExecuteUpdateAsync(s => s.SetProperty(r => r.Arguments, json), cancellationToken);
    }
}
