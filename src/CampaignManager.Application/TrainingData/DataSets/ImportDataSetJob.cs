using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Experiments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>
/// Brings an uploaded experiment into the lake. Everything is staged and renamed at the end: a broken file, a cancel or a crash changes
/// nothing. A second run writes the same table to the same place.
/// </summary>
public sealed class ImportDataSetJob(
    IDbContextFactory<AppDbContext> contexts, DataLake lake, UploadStore uploads, SettingsService settings, IOptions<ImportOptions> options, TimeProvider time) : IJob
{
    public const string Kind = "import-experiment";

    private static readonly JobStage OpeningFile = new("opening-file");

    private static readonly JobStage ReadingRows = new("reading-rows");

    private static readonly JobStage CheckingCustomers = new("checking-customers");

    private static readonly JobStage WritingTable = new("writing-table");

    public static readonly JobKind Declared = new(Kind, OpeningFile, ReadingRows, CheckingCustomers, WritingTable);

    private static readonly TimeSpan CountsEvery = TimeSpan.FromMilliseconds(500);

    public sealed record Result(Guid ExperimentId, long Kept);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var import = await LoadAsync(context.Arguments<ImportArguments>().ImportId, cancellationToken);
        try
        {
            return await ImportAsync(context, import, cancellationToken);
        }
        catch (ImportRefusedException refusal)
        {
            await SaveAsync(import.Id, s => s.SetProperty(r => r.RefusalCode, refusal.Code).SetProperty(r => r.RefusalDetail, refusal.Detail), cancellationToken);
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            await TellDoneAsync(database, await database.ImportRuns.AsNoTracking().SingleAsync(r => r.Id == import.Id, cancellationToken), "refused", cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            throw new JobFailedException("import-refused", $"{refusal.Message}");
        }
    }

    private async Task<Result> ImportAsync(JobContext context, ImportRun import, CancellationToken cancel)
    {
        var path = uploads.PathOf(import);
        await context.ReportAsync(OpeningFile, 0, cancel);
        var decided = Decided(import);
        using var table = CsvTable.Open(path, options.Value, decided.Encoding, cancel);
        var mapping = DataSetScan.WithArms(decided, path, options.Value, cancel);
        using var staging = new StagingFolder(lake.Root);
        using var connection = lake.Open();
        var currency = (await settings.GetAsync(cancel)).Currency;
        var fitted = DataSetPlan.Of(mapping, table.Header, currency);
        if (!fitted.Succeeded)
            throw new ImportRefusedException("mapping-does-not-fit", string.Join(" ", fitted.Failure.Errors!.SelectMany(e => e.Value)));
        var plan = fitted.Value;
        var tally = new ImportTally(plan.Arms.Count, plan.Outcomes.Count);
        var formats = await Task.Run(() => DataSetScan.Formats(path, plan, mapping, options.Value, cancel), cancel);
        var reader = new DataSetRowReader(plan, formats);
        using var parts = new DataSetParts(connection, plan, Path.Combine(staging.Path, "parts"));
        var rejectFile = Path.Combine(staging.Path, "rejects.csv");
        try
        {
            using var rejects = new RejectFile(rejectFile, options.Value.MaxRejectLines);
            await ReadRowsAsync(context, import.Id, table, reader, tally, parts, rejects, cancel);
            if (tally is { Read: > 0, Kept: 0, Rejected: 0 })
                throw NoArm(table.Header[plan.TreatmentColumn], plan, reader);
            reader.AskAboutYesNo(table.Header);
            UnevenRejects.Check(tally, plan);
            await context.ReportAsync(CheckingCustomers, 0.85, cancel);
            DropConflicts(plan, mapping, connection, parts, path, tally, rejects, cancel);
        }
        finally
        {
            // Also of a refused file: the counts and the rejected rows say what to mend. Not of a cancelled one.
            if (!cancel.IsCancellationRequested)
            {
                await SaveCountsAsync(import.Id, tally, cancel);
                uploads.PublishRejects(import, rejectFile, tally.Rejected);
            }
        }

        await context.ReportAsync(WritingTable, 0.9, cancel);
        if (tally.Read == 0)
            throw new ImportRefusedException("no-rows", "The file has a header but no rows.");
        IEnumerable<ImportWarning> before = [.. EncodingWarnings(table, path), .. CountWarnings(tally, plan)];
        var manifest = WriteTable(import, mapping, tally, new DataSetTable(connection, plan, parts, formats, before), staging, cancel);
        cancel.ThrowIfCancellationRequested();
        RunClaim.Publish(() => Publish(import.ExperimentId, Path.Combine(staging.Path, "experiment")));
        await RecordAsync(import, manifest);
        return new Result(import.ExperimentId, tally.Kept);
    }

    /// <summary>A likely encoding is named with some words it read, for whoever knows them to look at.</summary>
    private static IEnumerable<ImportWarning> EncodingWarnings(CsvTable table, string path) => table.Format.Guessed
        ? [new ImportWarning("encoding-guessed", table.Format.Encoding.WebName, string.Join(", ", table.Format.Readings(path)[0].Words))]
        : [];

    /// <summary>What the counts alone say: arms of other sizes than planned, of the rows read; customers who got more than one arm.</summary>
    private static IEnumerable<ImportWarning> CountWarnings(ImportTally tally, DataSetPlan plan)
    {
        const double Many = 0.01;
        if (plan is { Randomised: true, Propensity: { } given } && tally.ArmsRead.All(rows => rows > 0))
        {
            double[] planned = [1 - given, .. Enumerable.Repeat(given / (plan.Arms.Count - 1), plan.Arms.Count - 1)];
            var ratio = SampleRatio.Test(tally.ArmsRead, planned);
            if (ratio.Alarm)
                yield return new ImportWarning("sample-ratio", string.Join(" / ", tally.ArmsRead), ratio.PValue.ToString("G2", CultureInfo.InvariantCulture));
        }

        var both = tally.Reasons.GetValueOrDefault(RejectReason.CustomerInBothArms);
        if (both > Many * tally.Read)
            yield return new ImportWarning("many-in-both-arms", both.ToString(CultureInfo.InvariantCulture), tally.Read.ToString(CultureInfo.InvariantCulture));
    }

    private static ImportRefusedException NoArm(string column, DataSetPlan plan, DataSetRowReader reader)
    {
        var found = string.Join(", ", reader.OtherArms.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Text} ({v.Rows})")));
        return new ImportRefusedException(
            "no-arm-matches", $"No row belongs to an arm: column '{column}' holds {found}; the mapping names {string.Join(", ", plan.Arms)}.", $"{column}: {found}");
    }

    private static DataSetMapping Decided(ImportRun import)
    {
        var mapping = MappingJson.Parse(import.Mapping ?? "{}");
        return mapping.Succeeded ? mapping.Value : throw new ImportRefusedException("mapping-does-not-fit", string.Join(" ", mapping.Failure.Errors!.SelectMany(e => e.Value)));
    }

    private async Task ReadRowsAsync(
        JobContext context, Guid importId, CsvTable table, DataSetRowReader reader, ImportTally tally, DataSetParts parts, RejectFile rejects, CancellationToken cancel)
    {
        var last = time.GetTimestamp();
        while (table.Read())
        {
            var verdict = reader.Read(table);
            tally.Count(verdict, reader.Repaired, reader.Reason, reader.Arm, reader.Outcomes);
            if (verdict == RowVerdict.Kept)
                parts.Add(table.Row, reader, cancel);
            else if (verdict == RowVerdict.Rejected)
                rejects.Add(table.Row, reader.Reason!, reader.Detail, table.Raw);
            if (tally.Read % 1024 != 0)
                continue;
            cancel.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(last) < CountsEvery)
                continue;
            last = time.GetTimestamp();
            await SaveCountsAsync(importId, tally, cancel);
            await context.ReportAsync(ReadingRows, 0.85 * table.ProgressShare, cancel);
        }

        parts.Flush(cancel);
    }

    private void DropConflicts(
        DataSetPlan plan, DataSetMapping mapping, DuckDB.NET.Data.DuckDBConnection connection, DataSetParts parts, string path, ImportTally tally,
        RejectFile rejects, CancellationToken cancel)
    {
        if (plan.CustomerColumn is null || tally.Kept == 0)
        {
            CustomerConflicts.None(connection);
            return;
        }

        foreach (var (reason, rows, repaired) in CustomerConflicts.Find(connection, parts, cancel))
            tally.RejectAfterwards(reason, rows, repaired);
        using var again = CsvTable.Open(path, options.Value, mapping.Encoding, cancel);
        CustomerConflicts.WriteRejects(connection, again, rejects, options.Value.MaxRejectLines, cancel);
    }

    private static DataSetManifest WriteTable(
        ImportRun import, DataSetMapping mapping, ImportTally tally, DataSetTable table, StagingFolder staging, CancellationToken cancel)
    {
        if (tally.Kept == 0)
            throw new ImportRefusedException("no-rows-kept", "No row could be kept. The report says why for each.");
        var arms = table.CountArms();
        table.JudgeFeatures(tally.Kept);
        // Arms that were not drawn at random differ: that is why their propensity is estimated, and no cause for alarm.
        if (mapping.Randomised)
            table.CheckBalance();
        var folder = Directory.CreateDirectory(Path.Combine(staging.Path, "experiment")).FullName;
        var id = import.ExperimentId.ToString("D");
        table.Write(Path.Combine(folder, UpliftTableManifest.TableFile), id, arms, cancel);
        using var json = JsonDocument.Parse(mapping.ToJson());
        var manifest = new DataSetManifest(
            OneLine.Of(mapping.Name ?? "") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(import.FileName),
            import.ExperimentId,
            [.. arms.Select(a => a.Label)],
            table.Outcomes,
            table.Features.ToDictionary(f => f.Column, f => f.Label),
            mapping.Randomised,
            table.Propensity,
            table.Features,
            arms,
            new DataSetCounts(tally.Read, tally.Kept, tally.Repaired, tally.Skipped, tally.Rejected, tally.Reasons),
            table.Warnings,
            new DataSetSource(import.FileName, import.Sha256, import.UploadedAt, json.RootElement.Clone()));
        File.WriteAllText(Path.Combine(folder, UpliftTableManifest.ManifestFile), manifest.ToJson());
        return manifest;
    }

    // A first import appears by one rename; a repeated one replaces each file by its equal.
    private void Publish(Guid experimentId, string staged)
    {
        var target = lake.PathTo(DataSetManifest.FolderOf(experimentId));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (!Directory.Exists(target))
        {
            Directory.Move(staged, target);
            return;
        }

        foreach (var file in Directory.GetFiles(staged))
            File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
    }

    // Not cancellable: the table is in its place, so its row has to follow.
    private async Task RecordAsync(ImportRun import, DataSetManifest manifest)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        await using var transaction = await context.Database.BeginTransactionAsync(CancellationToken.None);
        await RunClaim.HoldAsync(context, CancellationToken.None);
        var experiment = await context.Experiments.SingleOrDefaultAsync(e => e.Id == import.ExperimentId, CancellationToken.None);
        if (experiment is null)
        {
            experiment = new DataSet { Id = import.ExperimentId, ImportId = import.Id, Name = "", Arms = "", Outcomes = "", ImportedByName = import.UploadedByName };
            context.Experiments.Add(experiment);
        }

        experiment.Name = manifest.Name.Length > 200 ? manifest.Name[..200] : manifest.Name;
        experiment.Rows = manifest.Counts.Kept;
        experiment.Arms = JsonSerializer.Serialize(manifest.Arms, JsonSerializerOptions.Web);
        experiment.Outcomes = JsonSerializer.Serialize(manifest.Outcomes.Select(o => o.Name), JsonSerializerOptions.Web);
        experiment.Features = manifest.Features.Count;
        experiment.SizeBytes = new FileInfo(lake.PathTo($"{DataSetManifest.FolderOf(import.ExperimentId)}/{UpliftTableManifest.TableFile}")).Length;
        experiment.ImportedAt = time.GetUtcNow().UtcDateTime;
        var run = await context.ImportRuns.SingleAsync(r => r.Id == import.Id, CancellationToken.None);
        run.Published = true;
        run.Warnings = JsonSerializer.Serialize(manifest.Warnings, JsonSerializerOptions.Web);
        await TellDoneAsync(context, run, "succeeded", CancellationToken.None);
        await context.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private Task TellDoneAsync(AppDbContext context, ImportRun run, string state, CancellationToken cancellationToken) =>
        ImportDone.TellAsync(context, run, state, state == "succeeded" ? run.ExperimentId : null, time.GetUtcNow(), cancellationToken);

    private async Task<ImportRun> LoadAsync(Guid id, CancellationToken cancel)
    {
        await SaveAsync(id, s => s.SetProperty(r => r.RefusalCode, (string?)null).SetProperty(r => r.RefusalDetail, (string?)null), cancel);
        await SaveCountsAsync(id, new ImportTally(0, 0), cancel);
        await using var context = await contexts.CreateDbContextAsync(cancel);
        return await context.ImportRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel)
            ?? throw new JobFailedException("import-gone", $"This import no longer exists.");
    }

    private Task SaveCountsAsync(Guid id, ImportTally tally, CancellationToken cancel)
    {
        var reasons = JsonSerializer.Serialize(tally.Reasons, JsonSerializerOptions.Web);
        return SaveAsync(
            id,
            s => s.SetProperty(r => r.RowsRead, tally.Read).SetProperty(r => r.RowsKept, tally.Kept).SetProperty(r => r.RowsRepaired, tally.Repaired)
                .SetProperty(r => r.RowsSkipped, tally.Skipped).SetProperty(r => r.RowsRejected, tally.Rejected).SetProperty(r => r.Reasons, reasons),
            cancel);
    }

    private async Task SaveAsync(Guid id, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<ImportRun>> set, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        await context.ImportRuns.Where(r => r.Id == id).ExecuteUpdateAsync(set, cancel);
    }
}
