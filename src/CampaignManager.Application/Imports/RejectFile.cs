using System.Globalization;
using System.Text;

namespace CampaignManager.Application.Imports;

/// <summary>Rejected rows as CSV: row, reason, detail, original line.</summary>
internal sealed class RejectFile : IDisposable
{
    private const int MaxLine = 4000;

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
        writer.Write(CsvCell.Of(detail ?? ""));
        writer.Write(',');
        writer.WriteLine(CsvCell.Of(line.Length > MaxLine ? line[..MaxLine] + "…" : line));
    }

    public void Dispose() => writer.Dispose();
}
