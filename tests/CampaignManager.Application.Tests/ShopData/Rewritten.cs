using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Tests.ShopData.Sources;

namespace CampaignManager.Application.Tests.ShopData;

/// <summary>A file with the same content, written as other programs write it.</summary>
internal static class Rewritten
{
    public static readonly IReadOnlyList<string> Ways =
    [
        "header in capitals", "header in small letters", "blanks in the header", "mark and quotes in the header", "columns the other way round",
        "further columns", "semicolons", "tabs", "commas", "bars", "utf-16", "gzip", "crlf", "blank lines", "header again",
    ];

    /// <summary>JSON and tables without a header have no header to change, and a cell with the sign in it must be quoted, so all fit.</summary>
    public static bool Fits(string file, string way) => (IsTable(file) && !file.StartsWith("snowplow", StringComparison.Ordinal)) || way is "utf-16" or "gzip" or "crlf" or "blank lines" && (way != "blank lines" || !file.EndsWith(".json", StringComparison.Ordinal));

    public static byte[] Of(string path, string way)
    {
        var bytes = File.ReadAllBytes(path);
        var text = (CsvEncoding.Of(bytes, out _) ?? Encoding.UTF8).GetString(bytes).TrimStart('\uFEFF');
        return way switch
        {
            "utf-16" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
            "gzip" => AFile.Packed(bytes),
            "crlf" => Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal)),
            "blank lines" when !IsTable(path) || Path.GetFileName(path).StartsWith("snowplow", StringComparison.Ordinal) =>
                Encoding.UTF8.GetBytes(text.TrimEnd('\n') + "\n\n\n"),
            _ => Table(text, path, way),
        };
    }

    private static bool IsTable(string file) => !Path.GetExtension(file).Contains("json", StringComparison.Ordinal);

    private static byte[] Table(string text, string path, string way)
    {
        var sign = CsvFormat.Detect(path).Delimiter;
        var rows = Cells(text, sign);
        var header = rows[0];
        var to = way switch { "semicolons" => ';', "tabs" => '\t', "commas" => ',', "bars" => '|', _ => sign };
        switch (way)
        {
            case "header in capitals":
                rows[0] = [.. header.Select(h => h.ToUpperInvariant())];
                break;
            case "header in small letters":
                rows[0] = [.. header.Select(h => h.ToLowerInvariant())];
                break;
            case "blanks in the header":
                rows[0] = [.. header.Select(h => h.Length == 0 ? h : $" \u00A0{h.Replace(" ", "  ", StringComparison.Ordinal)}\u200B ")];
                break;
            case "mark and quotes in the header":
                return [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Lines(rows, to, quoteHeader: true))];
            case "columns the other way round":
                rows = [.. rows.Select(r => r.Count == header.Count ? Enumerable.Reverse(r).ToList() : r)];
                break;
            case "further columns":
                rows = [.. rows.Select((r, i) => r.Count == header.Count ? (List<string>)["x" + (i == 0 ? " first" : "1"), .. r, i == 0 ? "zz last" : ""] : r)];
                break;
            case "blank lines":
                rows = [.. rows.SelectMany((r, i) => i % 5 == 0 ? new[] { r, [] } : [r])];
                break;
            case "header again":
                rows.Insert(rows.Count / 2, header);
                break;
        }

        return Encoding.UTF8.GetBytes(Lines(rows, to, quoteHeader: false));
    }

    private static string Lines(List<List<string>> rows, char sign, bool quoteHeader) => string.Join('\n', rows.Select((r, i) =>
        string.Join(sign, r.Select(c => (i == 0 && quoteHeader && c.Length > 0) || c.AsSpan().IndexOfAny("\"\n\r") >= 0 || c.Contains(sign)
            ? $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : c)))) + "\n";

    private static List<List<string>> Cells(string text, char sign)
    {
        var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[i++]);
            else if (c == '"' && (quoted || cell.Length == 0))
                quoted = !quoted;
            else if (!quoted && (c == sign || c == '\n'))
            {
                row.Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                if (c == '\n')
                {
                    if (row.Count > 1 || row[0].Length > 0)
                        rows.Add(row);
                    row = [];
                }
            }
            else
                cell.Append(c);
        }

        return rows;
    }
}
