using System.Globalization;
using System.Text.RegularExpressions;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Goods;

/// <summary>
/// What a file of products says beyond what the template takes: each further column is a property of the goods, a number with its unit or
/// words. Names that come in a column of their own (<c>Option1 Name</c>, <c>Attribute 1 name</c>) name the value beside it.
/// </summary>
internal sealed partial class ProductAttributes
{
    private const int LongestText = 500;
    private const int Most = 100;

    private readonly List<string> plain = [];
    private readonly List<(string Name, string Value)> named = [];
    private readonly Dictionary<string, (long Numbers, long Filled)> seen = new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, (string? Product, string Name)> seenNames = [];
    private readonly Dictionary<string, (string? Product, string Name)> readNames = [];

    public ProductAttributes(Template template, IReadOnlyList<string> columns)
    {
        var taken = new HashSet<string>(TemplateFit.Named(template).Concat(template.Drop), StringComparer.OrdinalIgnoreCase);
        foreach (var column in columns.Where(c => !taken.Contains(c) && !NoProperty().IsMatch(c)))
        {
            if (ValueOf(column) is { } value && columns.FirstOrDefault(c => c.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } beside)
                named.Add((column, beside));
            else if (!columns.Any(c => string.Equals(ValueOf(c), column, StringComparison.OrdinalIgnoreCase)) && plain.Count < Most)
                plain.Add(column);
        }
    }

    public void See(ISourceRow row, string? product)
    {
        foreach (var (column, text) in Said(row, product, seenNames))
        {
            var (numbers, filled) = seen.GetValueOrDefault(column);
            seen[column] = (numbers + (Number(text, out _, out _) ? 1 : 0), filled + 1);
        }
    }

    /// <summary>A new reading begins.</summary>
    public void Begin() => readNames.Clear();

    /// <summary>What stands on a product's first row only, of all its variants; what is a variant's own stays its own.</summary>
    public IReadOnlyList<ProductAttribute> With(IReadOnlyList<ProductAttribute> first, IReadOnlyList<ProductAttribute> own) =>
    [
        .. own, .. first.Where(a => plain.Any(c => Key(c) == a.Key) && !a.Key.StartsWith("variant", StringComparison.Ordinal)
            && own.All(o => o.Key != a.Key)),
    ];

    public IReadOnlyList<ProductAttribute> Of(ISourceRow row, string? product) =>
    [
        .. Said(row, product, readNames).DistinctBy(s => s.Key, StringComparer.Ordinal).Select(said =>
        {
            // A column is judged as a whole: one that mostly holds words holds no numbers.
            var (numbers, filled) = seen.GetValueOrDefault(said.Key);
            if (numbers == filled && Number(said.Text, out var number, out var unit))
                return new ProductAttribute(said.Key, number, unit ?? UnitIn(said.Key), null, null);
            var chinese = said.Text.Any(c => c is >= '\u4E00' and <= '\u9FFF');
            return new ProductAttribute(said.Key, null, null, chinese ? null : said.Text, chinese ? said.Text : null);
        }),
    ];

    // The name of an option stands on the first row of its product.
    private IEnumerable<(string Key, string Text)> Said(ISourceRow row, string? product,
        Dictionary<string, (string? Product, string Name)> names)
    {
        foreach (var column in plain)
        {
            if (Text(row, column) is { } text)
                yield return (Key(column), text);
        }

        foreach (var (name, value) in named)
        {
            if (Text(row, name) is { } said)
                names[name] = (product, said);
            if (names.TryGetValue(name, out var of) && of.Product == product && Text(row, value) is { } text
                && !(of.Name == "Title" && text == "Default Title"))
                yield return (Key(of.Name), text);
        }
    }

    private static string? Text(ISourceRow row, string column) =>
        row[column] is { } text && !CsvNumber.IsMissing(text) && text.Length <= LongestText && text[0] is not ('<' or '{' or '[')
        && !text.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? text : null;

    /// <summary>The column with the value of the property that this column names; null: it names none.</summary>
    private static string? ValueOf(string column)
    {
        if (Numbered().Match(column) is not { Success: true } match)
            return null;
        var of = match.Groups["of"].Value;
        return of + (of.StartsWith("Attribute", StringComparison.OrdinalIgnoreCase) ? "value(s)" : "value");
    }

    /// <summary><c>Material (product.metafields.custom.material)</c> is <c>material</c>.</summary>
    private static string Key(string column)
    {
        var name = column.IndexOf(" (product.metafields", StringComparison.OrdinalIgnoreCase) is > 0 and var at ? column[..at] : column;
        var key = Blanks().Replace(name.Trim().ToLowerInvariant(), "_").Trim('_');
        return key.Length > 60 ? key[..60] : key;
    }

    private static bool Number(string text, out decimal number, out string? unit)
    {
        unit = null;
        number = 0;
        if (WithUnit().Match(text) is not { Success: true } match)
            return false;
        unit = match.Groups["unit"].Value is { Length: > 0 } said ? said : null;
        return decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out number);
    }

    private static string? UnitIn(string key) => UnitAtEnd().Match(key) is { Success: true } match ? match.Groups["unit"].Value : null;

    [GeneratedRegex(@"^(column_\d+|.*(image|picture|photo|url|link|barcode|图片|链接).*)$", RegexOptions.IgnoreCase)]
    private static partial Regex NoProperty();

    [GeneratedRegex(@"^(?<of>(Option\d+|Attribute \d+) )name$", RegexOptions.IgnoreCase)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"[\s/]+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(?<number>-?\d{1,12}(\.\d{1,6})?)\s*(?<unit>kg|g|mg|l|ml|cl|cm|mm|m|km|w|kw|v|mah|gb|tb|mb|inch|in|oz|lb|%|克|千克|公斤|毫升|升|厘米|毫米|米)?$",
        RegexOptions.IgnoreCase)]
    private static partial Regex WithUnit();

    [GeneratedRegex(@"_\(?(?<unit>kg|g|ml|l|cm|mm|m|w|v)\)?$")]
    private static partial Regex UnitAtEnd();
}
