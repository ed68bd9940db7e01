using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>Opens a file as rows, whatever its form: that stands in its first bytes, never in its name.</summary>
public static class RowSources
{
    /// <param name="path">Where its bytes are.</param>
    /// <param name="fileName">What people call it.</param>
    /// <param name="options">What is known of it.</param>
    /// <param name="cancel">Heard while it is looked at.</param>
    /// <exception cref="ImportRefusedException">It cannot be read.</exception>
    public static IRowSource Open(string path, string fileName, SourceOptions options, CancellationToken cancel = default)
    {
        if (!File.Exists(path))
            throw new ImportRefusedException("upload-gone", "The uploaded file is no longer there. Upload it again.");
        var sample = CsvFormat.Sample(path, out var packed);
        if (sample.Length == 0)
            throw new ImportRefusedException("empty-file", "The file is empty.");
        if (sample.AsSpan().StartsWith("PAR1"u8))
            return ParquetSource.Open(path, fileName, packed, options, cancel);
        if (JsonForm.Of(sample, options.Encoding) is { } form)
            return JsonSource.Open(path, fileName, packed, form, options, cancel);
        return TableSource.Open(path, fileName, sample, options, cancel);
    }

    internal static ImportRefusedException DamagedPacking() =>
        new("bad-gzip", "The packed file is damaged or cut off. Pack it again and upload it.");
}
