using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>What a person sees of a shop's files before they come in: their columns, the template, the rows as they will be stored.</summary>
public sealed class ShopImportService
{
    /// <summary>Rows of each file that a trial looks at.</summary>
    public const int TrialRows = 20_000;

    private const int PreviewRows = 100;
    private const int SampleRows = 200;
    private const int Samples = 3;

    private readonly IDbContextFactory<AppDbContext> contexts;
    private readonly ImportTemplateService templates;
    private readonly ShopReading reading;
    private readonly DemoDataPresent demo;
    private readonly UploadStore uploads;

    internal ShopImportService(
        IDbContextFactory<AppDbContext> contexts, ImportTemplateService templates, ShopReading reading, DemoDataPresent demo, UploadStore uploads) =>
        (this.contexts, this.templates, this.reading, this.demo, this.uploads) = (contexts, templates, reading, demo, uploads);

    /// <summary>The files' columns with some values, and the template that fits them.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The uploaded import.</param>
    /// <param name="chosen">What is chosen now; null takes what was decided before.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<Outcome<ShopLook>> LookAsync(Actor actor, Guid id, ShopMapping? chosen, CancellationToken cancel)
    {
        if (!ImportService.MayImport(actor))
            return Failure.Forbidden("Only marketers and admins may import data.");
        if (await FindAsync(id, cancel) is not { } import)
            return Failure.NotFound("The import");
        var mapping = chosen ?? (ShopMappingJson.Parse(import.Kind, import.Mapping ?? "{}") is { Succeeded: true } kept ? (ShopMapping)kept.Value : new ShopMapping());
        var named = await templates.ChosenAsync(import.Kind, mapping, cancel);
        if (!named.Succeeded)
            return named.Failure;
        var all = (await templates.ListAsync(cancel)).Where(t => t.Kind == import.Kind).ToList();
        var book = await templates.BookAsync(cancel);
        try
        {
            return await Task.Run(() => Look(import, mapping, named.Value, book, all, cancel), cancel) with { DemoPresent = await demo(cancel) };
        }
        catch (ImportRefusedException refusal)
        {
            return Refused(refusal);
        }
    }

    private ShopLook Look(ImportRun import, ShopMapping mapping, Template? template, TemplateBook book, List<ImportTemplateView> all, CancellationToken cancel)
    {
        var sources = reading.Sources(import, mapping, template, cancel);
        var fitting = book.Recognise(import.Kind, [.. sources.Select(s => s.Columns)]);
        if (template is null && fitting is [var only])
            sources = reading.Sources(import, mapping, template = only, cancel);
        var hidden = template is null ? [] : HiddenBy(template);
        return new ShopLook(
            import.Kind, [.. sources.Zip(import.Files(), uploads.PathsOf(import)).Select(f => LookAt(f.First, f.Second, f.Third, hidden, cancel))], mapping,
            template is null ? null : KeyOf(template, all), template is null ? "{}" : TemplateText.Of(template), all,
            [.. fitting.Select(t => KeyOf(t, all)).OfType<string>()], false);
    }

    private static string? KeyOf(Template template, List<ImportTemplateView> all) =>
        (all.Find(t => !t.BuiltIn && t.Name == template.Name) ?? all.Find(t => t.BuiltIn && t.Source == template.Source && t.Name == template.Name))?.Key;

    private static HashSet<string> HiddenBy(Template template) => new(
        template.Drop.Concat(template.Blocks.Values.SelectMany(b => b.Fields.Values).Where(f => f.Treat == Treatment.Pseudonym).SelectMany(f => f.Columns)),
        StringComparer.OrdinalIgnoreCase);

    private static ShopFileLook LookAt(IRowSource source, ImportFile file, string path, HashSet<string> hidden, CancellationToken cancel)
    {
        var samples = source.Columns.ToDictionary(c => c, _ => new List<string>());
        foreach (var row in source.Read(cancel).Take(SampleRows).Where(r => r.Fault is null))
        {
            foreach (var (column, some) in samples.Where(s => s.Value.Count < Samples && !hidden.Contains(s.Key)))
            {
                if (row[column] is { } text && !some.Contains(text))
                    some.Add(text.Length > 60 ? text[..60] + "…" : text);
            }
        }

        return new ShopFileLook(
            file.FileName, file.SizeBytes, [.. source.Columns.Select(c => new ShopColumnLook(c, samples[c], hidden.Contains(c)))], ReadingsOf(path));
    }

    /// <summary>Where the bytes only look like an encoding, some words under each that they may be.</summary>
    private static IReadOnlyList<EncodingReading> ReadingsOf(string path)
    {
        try
        {
            var format = CsvFormat.Detect(path);
            return format.Guessed ? format.Readings(path) : [];
        }
        catch (ImportRefusedException)
        {
            // No text table: JSON and Parquet say how they are written.
            return [];
        }
    }

    /// <summary>Reads the first rows as the import would, and keeps nothing.</summary>
    public async Task<Outcome<ShopTrial>> TryAsync(Actor actor, Guid id, ShopMapping mapping, CancellationToken cancel)
    {
        if (!ImportService.MayImport(actor))
            return Failure.Forbidden("Only marketers and admins may import data.");
        if (await FindAsync(id, cancel) is not { } import)
            return Failure.NotFound("The import");
        try
        {
            var read = await reading.OpenAsync(import, mapping, cancel, TrialRows);
            return await Task.Run(() => Try(read, mapping, cancel), cancel);
        }
        catch (ImportRefusedException refusal)
        {
            return Refused(refusal);
        }
    }

    private static Outcome<ShopTrial> Try(ShopRead read, ShopMapping mapping, CancellationToken cancel)
    {
        if (read.Plan.Refusal is { } refusal)
            return Refused(refusal);
        var whole = !read.Files.Any(f => f.IsCut);
        // The end of what was looked at parts an order from its lines.
        var questions = whole || read.Files.Count == 1 ? read.Questions : [.. read.Questions.Where(q => q.Code != "orders-do-not-add-up")];
        var (figures, rejects, rows) = (new Figures(), new ShopRejects(0), new ReadRows());
        var preview = new List<ReadRow>();
        if (read.Questions.Count == 0)
        {
            foreach (var row in rows.Watch(read.Plan.Read(figures, rejects, cancel)))
            {
                if (preview.Count < PreviewRows)
                    preview.Add(row);
            }
        }

        var findings = new ImportFindings
        {
            Template = read.Template?.Name,
            Source = read.Template is null ? null : read.SourceOf(mapping),
            Reconciled = read.Plan.Reconciled,
            Coverage = rows.Coverage,
            Figures = ReadRows.Json(figures),
            Examples = rejects.Examples,
        };
        return new ShopTrial(
            read.Files.Sum(f => f.Rows), whole, read.Template?.Name, questions, findings, read.Plan.Columns.Sum(c => c.Repaired), rejects.Count, rejects.Reasons,
            Preview(preview, read));
    }

    private static StoredPreview Preview(List<ReadRow> rows, ShopRead read)
    {
        if (rows.Count == 0 || read.Template is null)
            return StoredPreview.None;
        var stored = rows.Where(r => r.GetType() == rows[0].GetType()).Select(StoredRow.Of).ToList();
        // A column that no row fills tells nothing.
        var filled = stored[0].Index().Where(c => stored.Exists(r => r[c.Index].Text.Length > 0)).Select(c => c.Index).ToList();
        var dropped = read.Template.Drop.Where(d => read.Files.Any(f => f.Columns.Contains(d)));
        return new StoredPreview(
            [.. filled.Select(i => stored[0][i].Column)], [.. stored.Select(r => (IReadOnlyList<string>)[.. filled.Select(i => r[i].Text)])], [.. dropped]);
    }

    private static Failure Refused(ImportRefusedException refusal) => new(
        FailureKind.Invalid, refusal.Code, refusal.Message, refusal.Detail is null ? null : new Dictionary<string, string[]> { ["detail"] = [refusal.Detail] });

    private async Task<ImportRun?> FindAsync(Guid id, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        return await context.ImportRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel);
    }
}
