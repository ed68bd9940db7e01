using System.Buffers;
using System.Globalization;
using System.Text;

namespace CampaignManager.Application.Imports;

/// <summary>
/// Rejected rows as CSV: row, reason, detail, original line. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
/// </summary>
internal sealed class RejectFile : IDisposable
{
    private const int MaxLine = 4000;

    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n;\t");

    private readonly StreamWriter writer;
    private readonly int limit;
    private int lines;

    public RejectFile(string path, int limit)
    {
        this.limit = limit;
        writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n" };
        writer.WriteLine("row,reason,detail,line");
    }

    public void Add(long row, string reason, string? detail, string line)
    {
        if (lines++ >= limit)
            return;
        writer.Write(row.ToString(CultureInfo.InvariantCulture));
        writer.Write(',');
        writer.Write(reason);
        writer.Write(',');
        writer.Write(Cell(detail ?? ""));
        writer.Write(',');
        writer.WriteLine(Cell(line.Length > MaxLine ? line[..MaxLine] + "…" : line));
    }

    public void Dispose() => writer.Dispose();

    internal static string Cell(string text)
    {
        text = text.Replace("\0", "", StringComparison.Ordinal);
        if (text.TrimStart() is ['=' or '+' or '-' or '@', ..] || text is ['\t' or '\r' or '\n', ..])
            text = "'" + text;
        return text.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
