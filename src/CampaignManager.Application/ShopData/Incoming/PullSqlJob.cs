using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace CampaignManager.Application.ShopData.Incoming;

/// <summary>
/// Fetches what a query gives and makes an import of it, one a run. What was fetched before is known by the pulls whose import succeeded:
/// one that waits or failed is fetched again.
/// </summary>
internal sealed class PullSqlJob(
    IDbContextFactory<AppDbContext> contexts, SqlConnections connections, IncomingImports incoming, ImportViews list, DataLake lake)
    : IJob
{
    public const string Kind = PullSql.JobKind;

    private static readonly JobStage Fetching = new("fetching-rows");

    private static readonly JobStage Handing = new("handing-over-rows");

    public static readonly JobKind Declared = new(Kind, Fetching, Handing);

    // Rows of a transaction that ended late are older than what was fetched before it; what comes twice is written once.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <param name="ImportId">Null: there was nothing new.</param>
    /// <param name="Since">As it was given to the query.</param>
    /// <param name="Until">The database's clock when it was asked.</param>
    public sealed record Result(Guid? ImportId, long Rows, DateTime Since, DateTime Until);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var pull = context.Arguments<PullSql>();
        await context.ReportAsync(Fetching, 0, cancellationToken);
        var since = await SinceAsync(context.RunId, cancellationToken);
        using var staging = new StagingFolder(lake.Root);
        var path = Path.Combine(staging.Path, "rows.ndjson");
        var (rows, until) = await FetchAsync(context, pull, since, path, cancellationToken);
        if (rows == 0)
            return new Result(null, 0, since, until);
        await context.ReportAsync(Handing, 0.9, cancellationToken);
        await context.EnsureClaimedAsync(cancellationToken);
        var name = $"{pull.Connection}-{pull.Kind}.ndjson";
        var started = await incoming.StartAsync(context.RunId, pull.Kind, pull.Mapping(), [(name, path)], cancellationToken);
        return started.Succeeded ? new Result(context.RunId, rows, since, until)
            : throw new JobFailedException("import-refused", $"{started.Failure.Message}");
    }

    private async Task<(long Rows, DateTime Until)> FetchAsync(
        JobContext context, PullSql pull, DateTime since, string path, CancellationToken cancel)
    {
        var (connection, transaction) = await connections.OpenAsync(pull.Connection, cancel);
        await using var both = connection;
        await using var within = transaction;
        try
        {
            await using var clock = new NpgsqlCommand("SELECT now()", connection, transaction);
            var until = (DateTime)(await clock.ExecuteScalarAsync(cancel))!;
            await using var command = new NpgsqlCommand(pull.Query, connection, transaction);
            command.Parameters.Add(new NpgsqlParameter(PullSql.Since, NpgsqlDbType.TimestampTz) { Value = since });
            await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancel);
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 128 * 1024);
            var rows = await PulledRows.WriteAsync(reader, file, _ => context.ReportAsync(Fetching, 0.4, cancel), cancel);
            return (rows, until);
        }
        catch (PostgresException refused)
        {
            throw new JobFailedException("query-refused", $"The database refused the query: {refused.MessageText}");
        }
        catch (NpgsqlException) when (!cancel.IsCancellationRequested)
        {
            throw new JobFailedException("connection-lost", $"The connection '{pull.Connection}' broke off, or the query took too long.");
        }
    }

    /// <summary>The moment up to which the same pull has fetched.</summary>
    private async Task<DateTime> SinceAsync(Guid runId, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var arguments = await context.JobRuns.Where(r => r.Id == runId).Select(r => r.Arguments).SingleAsync(cancel);
        var before = await context.JobRuns.AsNoTracking()
            .Where(r => r.Kind == Kind && r.Id != runId && r.Arguments == arguments && r.State == JobState.Succeeded && r.Result != null)
            .OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).Select(r => r.Result!).Take(100).ToListAsync(cancel);
        foreach (var result in before.Select(r => JsonSerializer.Deserialize<Result>(r, JsonSerializerOptions.Web)!))
        {
            if (result.ImportId is not { } import || await list.FindAsync(import, cancel) is { State: ImportState.Succeeded })
                return result.Until - Overlap;
        }

        return DateTime.UnixEpoch;
    }
}
