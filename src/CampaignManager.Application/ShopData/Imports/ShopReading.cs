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
        [.. Plan.Questions.Select(q => new ImportQuestion(q.Code, q.Subject, q.Message, [.. q.Choices.Select(c => new ImportChoice(c.Value, c.Label))]))];

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

    private ShopRead Open(ImportRun import, ShopMapping mapping, Template? template, TemplateBook book, long most, CancellationToken cancel)
    {
        var sources = Sources(import, mapping, template, cancel);
        // How a file is written may depend on whose it is.
        if (template is null && book.Recognise(import.Kind, [.. sources.Select(s => s.Columns)]) is [var only] && only.File != new TemplateFile())
            sources = Sources(import, mapping, only, cancel);
        var files = sources.Select(s => new WatchedSource(s, most)).ToList();
        var marked = files.Exists(f => f.Columns.Contains(ShopRejects.Mark));
        var options = new ReadingOptions(mapping.Zone, mapping.Currency, true, mapping.Answers) { Keys = marked ? new MarkedKeys(keys) : keys };
        var planned = ShopFiles.Plan(import.Kind, template, book, [.. files], options, cancel);
        return new ShopRead(planned.Template, files, planned.Plan);
    }
}
