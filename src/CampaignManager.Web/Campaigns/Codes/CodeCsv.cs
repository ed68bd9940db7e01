using System.Globalization;
using System.Text;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Offers;

namespace CampaignManager.Web.Campaigns.Codes;

/// <summary>Codes as a table that spreadsheets and mail tools read, and lists of codes as people bring them.</summary>
public static class CodeCsv
{
    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<CodeRow> rows, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await writer.WriteAsync("code,batch,used,usesPerCode,revokedAt,createdAt,state\r\n".AsMemory(), cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{CsvCell.Of(row.Code)},{CsvCell.Of(row.Batch ?? row.BatchId.ToString())},{row.Used},{row.UsesPerCode},"
                + $"{row.RevokedAt:O},{row.CreatedAt:O},{JsonNamingPolicy.CamelCase.ConvertName(row.State.ToString())}\r\n");
            await writer.WriteAsync(line.AsMemory(), cancellationToken);
        }
    }

    /// <summary>One code a line; of a table its first column, without a header that says so.</summary>
    public static IReadOnlyList<string> Read(string text)
    {
        List<string> codes = [];
        foreach (var line in text.Split('\n'))
        {
            var code = CsvCell.Text(First(line.Trim().TrimStart('\uFEFF')));
            if (code.Length > 0 && !(codes.Count == 0 && code.Equals("code", StringComparison.OrdinalIgnoreCase)))
                codes.Add(code);
        }

        return codes;
    }

    private static string First(string line)
    {
        if (line is not ['"', ..])
            return line.Split(',', ';', '\t')[0].Trim();
        var code = new StringBuilder();
        for (var i = 1; i < line.Length; i++)
        {
            if (line[i] != '"')
                code.Append(line[i]);
            else if (i + 1 < line.Length && line[i + 1] == '"')
                code.Append(line[i++]);
            else
                break;
        }

        return code.ToString().Trim();
    }
}
