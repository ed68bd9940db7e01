using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Sources;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Erasure;

/// <summary>
/// Takes a person out of what was uploaded and rejected. Rejects are written again without their rows; an upload that holds them goes whole, because the shop has its file and can
/// upload it again, and so does one that cannot be read.
/// </summary>
internal sealed class UploadErasure(UploadStore uploads, IPersonKeys keys, IOptions<ImportOptions> limits)
{
    private const string WholeLine = "line";

    /// <returns>Imports whose upload went, rows that went from rejects.</returns>
    public (int Uploads, long Rejects) Run(IReadOnlySet<string> ids, CancellationToken cancel)
    {
        var (files, rows) = (0, 0L);
        foreach (var import in uploads.FilesOnDisk().Where(f => f.Any(path => Holds(path, ids, cancel))))
        {
            uploads.Delete(import.Key);
            files++;
        }

        foreach (var path in uploads.RejectsOnDisk())
            rows += Rewrite(path, ids, cancel);
        return (files, rows);
    }

    private bool Holds(string path, IReadOnlySet<string> ids, CancellationToken cancel)
    {
        try
        {
            return RowSources.Open(path, Path.GetFileName(path), Options(), cancel).Read(cancel)
                .Any(row => row.Fault is not null || row.Filled.Any(cell => IsTheirs(cell.Value, ids)));
        }
        catch (ImportRefusedException)
        {
            return true;
        }
    }

    private long Rewrite(string path, IReadOnlySet<string> ids, CancellationToken cancel)
    {
        var half = path + ".half";
        try
        {
            var source = RowSources.Open(path, Path.GetFileName(path), Options(), cancel);
            long gone = 0;
            using (var csv = new StreamWriter(half, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n" })
            {
                csv.WriteLine(string.Join(',', source.Columns.Select(CsvCell.Of)));
                foreach (var row in source.Read(cancel))
                {
                    if (row.Fault is null && !row.Filled.Any(cell => IsTheirs(cell.Value, ids) || (cell.Key == WholeLine && ids.Any(id => cell.Value.Contains(id, StringComparison.Ordinal)))))
                        csv.WriteLine(string.Join(',', source.Columns.Select(c => CsvCell.Of(row[c] ?? ""))));
                    else
                        gone++;
                }
            }

            if (gone > 0)
                File.Move(half, path, overwrite: true);
            return gone;
        }
        catch (ImportRefusedException)
        {
            File.Delete(path);
            return 1;
        }
        finally
        {
            File.Delete(half);
        }
    }

    private SourceOptions Options() => new() { Limits = limits.Value };

    /// <summary>An id as it is, or an address or number whose pseudonym it is.</summary>
    private bool IsTheirs(string text, IReadOnlySet<string> ids) =>
        ids.Contains(text) || (PersonId.MayBe(text) is { } kind && ids.Contains(keys.Pseudonym(kind, text)));
}
