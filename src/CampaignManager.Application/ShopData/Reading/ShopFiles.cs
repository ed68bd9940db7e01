using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading;

/// <summary>The one way from files to rows: which template, how its columns are written, what must be asked.</summary>
internal static class ShopFiles
{
    /// <summary>The question which of several templates that fit as well is meant; answered by the source's name.</summary>
    public const string WhichTemplate = "which-template";

    /// <summary>The question in which encoding the text is right; answered by its name.</summary>
    public const string EncodingUnsure = "encoding-unsure";

    /// <param name="kind"><see cref="TemplateKinds"/>.</param>
    /// <param name="template">Null recognises it by the header.</param>
    /// <param name="book">The templates to recognise among.</param>
    /// <param name="files">One, or those that belong together.</param>
    /// <param name="options">What a person chose and answered.</param>
    /// <param name="cancel">Heard at every row.</param>
    /// <exception cref="ImportRefusedException">No template fits, or a file cannot be read.</exception>
    public static PlannedFiles Plan(
        string kind, Template? template, TemplateBook book, IReadOnlyList<IRowSource> files, ReadingOptions options,
            CancellationToken cancel)
    {
        // Before anything is made of the words: in another encoding they are others.
        if (files.FirstOrDefault(f => f.Readings.Count > 1) is { } unsure && !options.Answers.ContainsKey(EncodingUnsure))
            return new PlannedFiles(null, new OpenPlan(Unsure(unsure)));
        template ??= options.Answers.TryGetValue(WhichTemplate, out var answer) ? book.Find(kind, answer) : null;
        if (template is null)
        {
            var fitting = book.Recognise(kind, [.. files.Select(f => f.Columns)]);
            if (fitting.Count == 0)
                throw NoTemplate(kind, files);
            if (fitting.Count > 1)
                return new PlannedFiles(null, new OpenPlan(Which(fitting)));
            template = fitting[0];
        }

        template = book.VariantFor(template, [.. files.Select(f => f.Columns)]);
        if (template.Shape.Unfold is { } list)
            files = [.. files.Select(f => new UnfoldedSource(f, list))];
        return new PlannedFiles(template, Readings.Of(template).Plan(files, options, cancel));
    }

    private static ImportRefusedException NoTemplate(string kind, IReadOnlyList<IRowSource> files)
    {
        var columns = string.Join(", ", files[0].Columns.Take(12));
        return new ImportRefusedException(
            "no-template", string.Create(CultureInfo.InvariantCulture,
                $"No template for {kind} fits {files[0].FileName}: its columns are {columns}. Choose one and say which column is which."),
            $"{files[0].FileName} ({columns})");
    }

    private static ReadingQuestion Which(IReadOnlyList<Template> fitting) => new(
        WhichTemplate, "", $"The columns fit {string.Join(" and ", fitting.Select(t => t.Name))}. Which is it?", [.. fitting.Select(t => new ReadingChoice(t.Source, t.Name))])
    {
        Facts = [string.Join(", ", fitting.Select(t => t.Name))],
    };

    private static ReadingQuestion Unsure(IRowSource file)
    {
        var both = file.Readings.Take(2).Select(r => $"in {r.Name} {string.Join(", ", r.Words.Select(w => $"'{w}'"))}");
        return new ReadingQuestion(
            EncodingUnsure, "", $"The text of {file.FileName} can be read in more than one encoding: {string.Join(", ", both)}. Which is right?",
            [.. file.Readings.Select(r => new ReadingChoice(r.Name, $"{r.Name}: {string.Join(", ", r.Words)}"))])
        {
            Facts = [file.FileName, string.Join("; ", file.Readings.Take(2).Select(r => $"{r.Name}: {string.Join(", ", r.Words)}"))],
        };
    }

    private sealed class OpenPlan : ReadingPlan
    {
        public OpenPlan(ReadingQuestion question) => Questions = [question];

        public override IEnumerable<ReadRow> Read(Figures figures, IRejects rejects, CancellationToken cancel) =>
            throw new InvalidOperationException("A question is open.");
    }
}

/// <param name="Template">Null while it is asked which.</param>
internal sealed record PlannedFiles(Template? Template, ReadingPlan Plan);
