using System.Text;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>
/// A column's type as DuckDB names it (<c>STRUCT(a INTEGER, b DECIMAL(18,4)[])</c>): the same shape with text for every leaf, so that no
/// digit is lost on the way to JSON,
/// and the paths that it holds.
/// </summary>
internal sealed class ParquetType
{
    private const string Leaf = "VARCHAR";

    private readonly string text;
    private int at;

    private ParquetType(string text) => this.text = text;

    /// <returns>The type to cast to; null for a column without anything inside.</returns>
    public static (string? AsText, IReadOnlyList<string> Paths) Of(string column, string type)
    {
        var paths = new List<string>();
        var asText = new ParquetType(type).Read(column, paths);
        return (asText == Leaf ? null : asText, paths);
    }

    private string Read(string path, List<string> paths)
    {
        var inner = new List<string>();
        string made;
        if (Starts("STRUCT("))
        {
            var fields = new StringBuilder("STRUCT(");
            do
            {
                var name = Name();
                fields.Append(fields.Length > 7 ? ", "
                    : "").Append('"').Append(name.Replace("\"", "\"\"", StringComparison.Ordinal)).Append("\" ")
                    .Append(Read(path + "." + name, inner));
            }
            while (Sign(','));
            Sign(')');
            made = fields.Append(')').ToString();
        }
        else if (Starts("MAP("))
        {
            Read(path, []);
            Sign(',');
            made = $"MAP({Leaf}, {Read(path + ".*", [])})";
            Sign(')');
            inner.Add(path);
        }
        else
        {
            SkipLeaf();
            inner.Add(path);
            made = Leaf;
        }

        while (at < text.Length && text[at] == '[')
        {
            at = text.IndexOf(']', at) + 1;
            made += "[]";
            // Elements with names of their own; those of a plain list are one text.
            if (inner is not [var only] || only != path)
                inner = [path, .. inner.Where(p => p != path).Select(p => path + "[]" + p[path.Length..])];
        }

        paths.AddRange(inner);
        return made;
    }

    private string Name()
    {
        Blanks();
        if (text[at] != '"')
        {
            var from = at;
            at = text.IndexOf(' ', at);
            return text[from..at];
        }

        var name = new StringBuilder();
        for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'); at++)
        {
            at += text[at] == '"' ? 1 : 0;
            name.Append(text[at]);
        }

        at++;
        return name.ToString();
    }

    private void SkipLeaf()
    {
        Blanks();
        for (var open = 0; at < text.Length && (open > 0 || text[at] is not (',' or ')' or '[')); at++)
            open += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    }

    private bool Starts(string word)
    {
        Blanks();
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0)
            return false;
        at += word.Length;
        return true;
    }

    private bool Sign(char sign)
    {
        Blanks();
        if (at >= text.Length || text[at] != sign)
            return false;
        at++;
        return true;
    }

    private void Blanks()
    {
        while (at < text.Length && text[at] == ' ')
            at++;
    }
}
