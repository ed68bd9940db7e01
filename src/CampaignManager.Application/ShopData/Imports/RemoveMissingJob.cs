using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Imports;

/// <param name="As">The import that the removal is.</param>
/// <param name="Of">The export that is complete.</param>
/// <param name="Confirmed">How many orders somebody saw missing.</param>
public sealed record RemoveMissing(Guid As, Guid Of, long Confirmed);

/// <summary>Takes away what a complete export does not name; run twice it finds itself done.</summary>
internal sealed class RemoveMissingJob(
    IDbContextFactory<AppDbContext> contexts, DataLake lake, ShopWriter writer, ShopDataChanged changed, TimeProvider time) : IJob
{
    public const string Kind = "remove-missing";

    private static readonly JobStage Removing = new("removing-missing");

    public static readonly JobKind Declared = new(Kind, Removing);

    public sealed record Result(long Removed);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var asked = context.Arguments<RemoveMissing>();
        await context.ReportAsync(Removing, 0, cancellationToken);
        if (lake.Catalogue().Import(asked.Of) is not { } import)
            throw new JobFailedException("missing-changed", $"What is missing has changed since it was listed. Look at the list again.");
        var source = new ImportSource(asked.As, import.Source, time.GetUtcNow().UtcDateTime);
        var removed = await writer.RemoveMissingAsync(source, asked.Of, asked.Confirmed, cancellationToken)
            ?? throw new JobFailedException("missing-changed", $"What is missing has changed since it was listed. Look at the list again.");
        var findings = new ImportFindings
        {
            Source = import.Source,
            Written = removed,
            Counts = new Dictionary<string, long> { ["removed"] = removed },
        };
        var json = JsonSerializer.Serialize(findings, JsonSerializerOptions.Web);
        await using (var database = await contexts.CreateDbContextAsync(CancellationToken.None))
        {
            await database.ImportRuns.Where(r => r.Id == asked.As).ExecuteUpdateAsync(
                s => s.SetProperty(r => r.Findings, json).SetProperty(r => r.Published, true), CancellationToken.None);
        }

        await changed(CancellationToken.None);
        return new Result(removed);
    }
}
