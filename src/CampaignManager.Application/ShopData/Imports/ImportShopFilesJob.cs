using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Quality;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>
/// Brings a shop's files into the lake: judges them, asks or refuses, then reads and writes. What is written becomes visible at once at the end; killed before, the run starts again.
/// </summary>
internal sealed class ImportShopFilesJob(
    IDbContextFactory<AppDbContext> contexts, DataLake lake, UploadStore uploads, ShopReading files, ShopWriter writer, PastCampaigns past, DemoDataPresent demo,
    ShopDataChanged changed, IEnumerable<PastCampaignsChanged> campaignsChanged, QualityService quality, IOptions<ImportOptions> options,
    TimeProvider time) : IJob
{
    public const string Kind = "import-shop-files";

    private static readonly JobStage OpeningFile = new("opening-file");

    private static readonly JobStage JudgingColumns = new("judging-columns");

    private static readonly JobStage ReadingRows = new("reading-rows");

    private static readonly JobStage Publishing = new("publishing-rows");

    public static readonly JobKind Declared = new(Kind, OpeningFile, JudgingColumns, ReadingRows, Publishing);

    private static readonly TimeSpan CountsEvery = TimeSpan.FromMilliseconds(500);

    /// <param name="State"><c>succeeded</c> or <c>waiting</c>.</param>
    public sealed record Result(string State, long Written);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var import = await LoadAsync(context.Arguments<ImportArguments>().ImportId, cancellationToken);
        try
        {
            return await ImportAsync(context, import, cancellationToken);
        }
        catch (ImportRefusedException refusal)
        {
            await SaveAsync(
                import.Id,
                run => (run.RefusalCode, run.RefusalDetail) = (refusal.Code, refusal.Detail),
                "refused", cancellationToken);
            throw new JobFailedException("import-refused", $"{refusal.Message}");
        }
    }

    private async Task<Result> ImportAsync(JobContext context, ImportRun import, CancellationToken cancel)
    {
        await context.ReportAsync(OpeningFile, 0, cancel);
        if (!import.DryRun && await demo(cancel))
            throw new ImportRefusedException(DemoRefusal.Code, DemoRefusal.Sentence);
        var mapping = ShopMappingJson.Parse(import.Kind, import.Mapping ?? "{}") is { Succeeded: true } parsed
            ? (ShopMapping)parsed.Value
            : throw new ImportRefusedException("mapping-does-not-fit", "The mapping of this import cannot be read.");
        await context.ReportAsync(JudgingColumns, 0.02, cancel);
        var read = await files.OpenAsync(import, mapping, cancel);
        if (read.Plan.Refusal is { } refusal)
            throw refusal;
        return read.Questions is { Count: > 0 } questions
            ? await AskAsync(import, read, mapping, questions, cancel)
            : await ReadAsync(context, import, read, mapping, cancel);
    }

    private async Task<Result> AskAsync(ImportRun import, ShopRead read, ShopMapping mapping, IReadOnlyList<ImportQuestion> questions, CancellationToken cancel)
    {
        var findings = new ImportFindings { Template = read.Template?.Name, Source = read.Template is null ? null : read.SourceOf(mapping), Reconciled = read.Plan.Reconciled };
        await SaveAsync(
            import.Id,
            run =>
            {
                run.RowsRead = read.Files.Sum(f => f.Rows);
                run.Questions = JsonSerializer.Serialize(questions, JsonSerializerOptions.Web);
                run.Findings = JsonSerializer.Serialize(findings, JsonSerializerOptions.Web);
            },
            "waiting", cancel);
        return new Result("waiting", 0);
    }

    private async Task<Result> ReadAsync(JobContext context, ImportRun import, ShopRead read, ShopMapping mapping, CancellationToken cancel)
    {
        using var staging = new StagingFolder(lake.Root);
        using var rejects = new ShopRejects(options.Value.MaxRejectLines, Path.Combine(staging.Path, "rejects.jsonl"));
        var (figures, rows, started) = (new Figures(), new ReadRows(), time.GetTimestamp());
        foreach (var file in read.Files)
            file.Restart();
        var source = read.SourceOf(mapping);
        // What comes in is written before anything of it can be seen, so that nothing half is left.
        var met = new CampaignsMet(past.List().Where(c => c.Source == source && !c.OnlyNamed).ToDictionary(c => c.SourceId, c => c.StartsAt, StringComparer.Ordinal),
            Groups(source));
        var reading = met.Watch(rows.Watch(read.Plan.Read(figures, rejects, cancel))).Select(row => PastCampaigns.Named(source, row));
        var work = import.DryRun ? Task.Run(() => CountAll(reading, cancel), cancel)
            : import.Kind == TemplateKinds.Campaigns
            ? Task.Run(() => past.KeepAsync(new ImportSource(import.Id, source, time.GetUtcNow().UtcDateTime), reading, cancel), cancel)
            : writer.WriteAsync(new ImportSource(import.Id, source, time.GetUtcNow().UtcDateTime), reading, rejects, null, cancel);
        while (await Task.WhenAny(work, Task.Delay(CountsEvery, time, CancellationToken.None)) != work)
            await ProgressAsync(context, import.Id, read, rejects, time.GetElapsedTime(started));
        var report = await work;
        // Written before its worker died: the files are read once more for what they hold.
        if (!rows.IsBegun)
            await Task.Run(() => CountAll(reading, cancel), cancel);
        if (!import.DryRun)
            await CampaignsAsync(import, source, met);
        await context.ReportAsync(Publishing, 0.97, CancellationToken.None);
        var csv = Path.Combine(staging.Path, "rejects.csv");
        rejects.WriteCsv(csv);
        uploads.PublishRejects(import, csv, rejects.Count);
        var total = read.Files.Sum(f => f.Rows);
        var findings = new ImportFindings
        {
            Written = report.Written,
            Duplicates = report["duplicates"],
            Counts = report.Counts,
            RowsPerSecond = total / Math.Max(0.001, time.GetElapsedTime(started).TotalSeconds),
            Template = read.Template!.Name,
            Source = source,
            Reconciled = read.Plan.Reconciled,
            Coverage = rows.Coverage,
            Figures = ReadRows.Json(figures),
            Examples = rejects.Examples,
        };
        // Not cancellable: the rows are in their place, so their report has to follow.
        await SaveAsync(
            import.Id,
            run =>
            {
                Count(run, total, rejects, read.Plan.Columns.Sum(c => c.Repaired));
                run.Published = !import.DryRun;
                run.Findings = JsonSerializer.Serialize(findings, JsonSerializerOptions.Web);
                run.Warnings = JsonSerializer.Serialize(Warnings(read.Plan, rejects), JsonSerializerOptions.Web);
            },
            "succeeded", CancellationToken.None);
        if (report.Written > 0)
        {
            await changed(CancellationToken.None);
            await quality.StartAsync(Actor.System, CancellationToken.None);
        }

        return new Result("succeeded", report.Written);
    }

    // Asked of a campaign the first time a message of it is met.
    private Func<string, bool> Groups(string source)
    {
        HashSet<string>? drawn = null;
        return campaign => (drawn ??= Drawn()).Contains(PastCampaigns.IdOf(source, campaign).ToString("D"));

        HashSet<string> Drawn()
        {
            using var connection = lake.Open(threads: 1);
            return [.. connection.Query($"SELECT DISTINCT campaign_id FROM {lake.Source(LakeTable.Exposures)} WHERE arm = 0 OR coalesce(randomised, true)", r => r.GetString(0))];
        }
    }

    // A second try meets the same campaigns again and says the same of them.
    private async Task CampaignsAsync(ImportRun import, string source, CampaignsMet met)
    {
        var known = time.GetUtcNow().UtcDateTime;
        if (import.Kind is TemplateKinds.Exposures or TemplateKinds.Events)
            await past.KeepAsync(new ImportSource(import.Id, source, known), met.Rows(known), CancellationToken.None);
        if (import.Kind is not (TemplateKinds.Exposures or TemplateKinds.Events or TemplateKinds.Campaigns))
            return;
        foreach (var tell in campaignsChanged)
            await tell(CancellationToken.None);
    }

    private static WriteReport CountAll(IEnumerable<Rows.ReadRow> rows, CancellationToken cancel)
    {
        foreach (var _ in rows)
            cancel.ThrowIfCancellationRequested();
        return new WriteReport(new Dictionary<string, long>());
    }

    private async Task ProgressAsync(JobContext context, Guid id, ShopRead read, ShopRejects rejects, TimeSpan gone)
    {
        long given = read.Files.Sum(f => f.Given), total = Math.Max(1, read.Files.Sum(f => f.Rows));
        var findings = new ImportFindings { Template = read.Template!.Name, Reconciled = read.Plan.Reconciled, RowsPerSecond = given / Math.Max(0.001, gone.TotalSeconds) };
        var (json, seen) = (JsonSerializer.Serialize(findings, JsonSerializerOptions.Web), Math.Min(given, total));
        await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
        await database.ImportRuns.Where(r => r.Id == id).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.RowsRead, seen).SetProperty(r => r.RowsRejected, rejects.Count).SetProperty(r => r.Findings, json), CancellationToken.None);
        await context.ReportAsync(given >= total ? Publishing : ReadingRows, 0.1 + (0.85 * seen / total), CancellationToken.None);
    }

    private static void Count(ImportRun run, long total, ShopRejects rejects, long repaired)
    {
        (run.RowsRead, run.RowsRejected, run.RowsKept, run.RowsRepaired) = (total, rejects.Count, Math.Max(0, total - rejects.Count), repaired);
        run.Reasons = JsonSerializer.Serialize(rejects.Reasons, JsonSerializerOptions.Web);
    }

    private static List<ImportWarning> Warnings(ReadingPlan plan, ShopRejects rejects)
    {
        List<ImportWarning> warnings = [.. plan.Notices.Select(n => new ImportWarning(n.Code, n.Subject))];
        if (rejects.Count > rejects.Written)
            warnings.Add(new ImportWarning("rejects-cut", Count(rejects.Written), Count(rejects.Count)));
        return warnings;

        static string Count(long count) => count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<ImportRun> LoadAsync(Guid id, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var import = await context.ImportRuns.SingleOrDefaultAsync(r => r.Id == id, cancel)
            ?? throw new JobFailedException("import-gone", $"This import no longer exists.");
        (import.RefusalCode, import.RefusalDetail, import.Questions, import.Findings, import.UndoneAt) = (null, null, "[]", null, null);
        (import.RowsRead, import.RowsKept, import.RowsRepaired, import.RowsSkipped, import.RowsRejected, import.Reasons, import.Warnings) = (0, 0, 0, 0, 0, "{}", "[]");
        await context.SaveChangesAsync(cancel);
        return import;
    }

    /// <summary>Writes down how it ended, and tells who listens, in one.</summary>
    private async Task SaveAsync(Guid id, Action<ImportRun> change, string state, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await RunClaim.HoldAsync(context, cancel);
        var run = await context.ImportRuns.SingleAsync(r => r.Id == id, cancel);
        change(run);
        await ImportDone.TellAsync(context, run, state, null, time.GetUtcNow(), cancel);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
