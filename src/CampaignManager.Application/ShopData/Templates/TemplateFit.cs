namespace CampaignManager.Application.ShopData.Templates;

/// <summary>How well files fit a template, by their headers.</summary>
internal static class TemplateFit
{
    /// <returns>0: not at all; else how many of the columns it names are there, those it is known by first.</returns>
    public static int Of(Template template, IReadOnlyList<IReadOnlyList<string>> headers)
    {
        var marks = template.Recognise;
        if (marks.Header.Count == 0)
            return 0;
        var files = headers.Select(h => new HashSet<string>(h, StringComparer.OrdinalIgnoreCase)).ToList();
        if (!files.Exists(f => marks.Header.All(c => Has(f, c)) && !marks.Not.Any(c => Has(f, c))))
            return 0;
        return (1000 * marks.Header.Count) + Named(template).Count(c => files.Exists(f => Has(f, c)));
    }

    /// <summary>Every column that a template looks at.</summary>
    public static IReadOnlyList<string> Named(Template template) =>
    [
        .. template.Blocks.Values.SelectMany(b => Named(b).Concat(b.Items?.Columns ?? []))
            .Concat(template.Keep.Values.SelectMany(OfField)).Concat(template.Shape.Start).Concat(template.Shape.Carry)
                .Concat(template.Shape.Items?.Columns ?? []).Concat(template.Shape.Paths)
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Every column or key that a block looks at.</summary>
    public static IEnumerable<string> Named(TemplateBlock block) =>
        block.Fields.Values.SelectMany(OfField).Concat(block.When?.Columns ?? []);

    /// <summary>A name in which <c>*</c> stands for a number.</summary>
    public static bool IsNumbered(string pattern, string column)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return string.Equals(pattern, column, StringComparison.OrdinalIgnoreCase);
        var digits = column.Length - (pattern.Length - 1);
        return digits is > 0 and < 6 && column.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase)
            && column.EndsWith(pattern[(star + 1)..], StringComparison.OrdinalIgnoreCase)
                && column.AsSpan(star, digits).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool Has(HashSet<string> header, string column) =>
        column.Split('|').Any(c => c.Contains('*', StringComparison.Ordinal) ? header.Any(h => IsNumbered(c, h)) : header.Contains(c));

    private static IEnumerable<string> OfField(TemplateField field) =>
        field.Columns.Concat(field.Less).Concat(field.Rules.SelectMany(r => r.If.Columns));
}
