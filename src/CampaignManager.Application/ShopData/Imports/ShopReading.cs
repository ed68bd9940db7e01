using CampaignManager.Application.Imports;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>The files of an import, opened and judged: the same for a look, a trial and the job.</summary>
/// <param name="Template">Null while it is asked which.</param>
internal sealed record ShopRead(Template? Template, IReadOnlyList<WatchedSource> Files, ReadingPlan Plan)
{
    public IReadOnlyList<ImportQuestion> Questions =>
        [.. Plan.Questions.Select(q => new ImportQuestion(q.Code, q.Subject, q.Message, [.. q.Choices.Select(c => new ImportChoice(c.Value, c.Label))])
        {
            Form = q.Form,
            Facts = q.Facts,
            Counts = q.Counts,
        })];

    /// <summary>The system that the rows count as.</summary>
    public string SourceOf(ShopMapping mapping) => mapping.Source ?? Template!.Source;
}

/// <summary>Opens the uploaded files of an import by what a person chose.</summary>
internal sealed class ShopReading(UploadStore uploads, ImportTemplateService templates, IPersonKeys keys, IOptions<ImportOptions> limits)
{
    /// <param name="import">Whose files.</param>
    /// <param name="mapping">What a person chose and answered.</param>
    /// <param name="cancel">Heard at every row.</param>
    /// <param name="most">Rows looked at of each file.</param>
    /// <exception cref="ImportRefusedException">No template fits, or a file cannot be read.</exception>
    public async Task<ShopRead> OpenAsync(ImportRun import, ShopMapping mapping, CancellationToken cancel, long most = long.MaxValue)
    {
        var chosen = await templates.ChosenAsync(import.Kind, mapping, cancel);
        if (!chosen.Succeeded)
            throw new ImportRefusedException("mapping-does-not-fit", string.Join(" ", chosen.Failure.Errors?.SelectMany(e => e.Value) ?? [chosen.Failure.Message]));
        var book = await templates.BookAsync(cancel);
        return await Task.Run(() => Open(import, mapping, chosen.Value, book, most, cancel), cancel);
    }

    /// <summary>The files alone, under the template that they are read by where one fits.</summary>
    public IReadOnlyList<IRowSource> Sources(ImportRun import, ShopMapping mapping, Template? template, CancellationToken cancel)
    {
        var options = new SourceOptions
        {
            Limits = limits.Value,
            Encoding = mapping.Encoding ?? template?.File.Encoding,
            IfUnsure = mapping.Answers.GetValueOrDefault(ShopFiles.EncodingUnsure) is { } answer && CsvEncoding.Names.Contains(answer) ? answer : null,
            Delimiter = template?.File.Delimiter,
            Header = template?.File.Columns is { Count: > 0 } columns ? columns : null,
            RepeatedHeader = template?.File.SkipRepeatedHeader ?? true,
        };
        return [.. uploads.PathsOf(import).Zip(import.Files(), (path, file) => RowSources.Open(path, file.FileName, options, cancel))];
    }

    /// <summary>For a file of rejects: what is a pseudonym already stays as it is; an address that somebody types there is still known as one.</summary>
    internal static Template WithPseudonyms(Template template) => template with
    {
        Blocks = template.Blocks.ToDictionary(b => b.Key, b => b.Value with
        {
            Fields = b.Value.Fields.ToDictionary(f => f.Key, f => f.Value.Treat == Treatment.Pseudonym ? f.Value with { Treat = Treatment.Keep, As = null } : f.Value),
        }),
    };

    private ShopRead Open(ImportRun import, ShopMapping mapping, Template? template, TemplateBook book, long most, CancellationToken cancel)
    {
        var sources = Sources(import, mapping, template, cancel);
        // How a file is written may depend on whose it is.
        if (template is null && book.Recognise(import.Kind, [.. sources.Select(s => s.Columns)]) is [var only])
            sources = Sources(import, mapping, template = only, cancel);
        var files = sources.Select(s => new WatchedSource(s, most)).ToList();
        if (template is not null && files.Exists(f => f.Columns.Contains(ShopRejects.Mark)))
            template = WithPseudonyms(template);
        var options = new ReadingOptions(mapping.Zone, mapping.Currency, true, mapping.Answers) { Keys = keys };
        var planned = ShopFiles.Plan(import.Kind, template, book, [.. files], options, cancel);
        return new ShopRead(planned.Template, files, planned.Plan);
    }
}
