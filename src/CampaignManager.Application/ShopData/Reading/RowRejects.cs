using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading;

/// <summary>Rows that cannot be taken, by reason: mapped columns only, ids that name a person as pseudonyms.</summary>
internal sealed class RowRejects(Template template, ReadingOptions options, IRejects rejects)
{
    private readonly SortedDictionary<string, object> reasons = new(StringComparer.Ordinal);
    private readonly List<string> columns = [.. TemplateFit.Named(template).Except(template.Drop, StringComparer.OrdinalIgnoreCase)];

    public IReadOnlyDictionary<string, object> Reasons => reasons;

    public void Add(int file, ISourceRow row, string reason, string? detail)
    {
        reasons[reason] = (long)reasons.GetValueOrDefault(reason, 0L) + 1;
        var cells = new List<KeyValuePair<string, string>>();
        foreach (var column in columns)
        {
            if (row[column] is { } text)
                cells.Add(new(column, PersonId.KindOf(text) is { } kind ? options.Keys.Pseudonym(kind, text) : text));
        }

        rejects.Add(new RejectedRow(file, row.Number, reason, Said(detail), cells));
    }

    // What is said of a cell must not say whose it is.
    private string? Said(string? detail) => detail?.Contains('@', StringComparison.Ordinal) == true ? null : detail;
}
