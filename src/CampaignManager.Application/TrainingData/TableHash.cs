using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CampaignManager.Application.TrainingData;

/// <summary>SHA-256 over everything a model can learn from, so that two runs can be known to have seen the same data.</summary>
internal sealed class TableHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[1 << 16];
    private int filled;

    public static string Of(UpliftTable table)
    {
        using var hash = new TableHash();
        foreach (var arm in table.Manifest.Arms)
            hash.Add(arm);
        hash.Add<long>(table.Rows);
        hash.Add<int>(table.Arms);
        hash.Add<double>(table.Propensity);
        foreach (var id in table.CustomerIds)
            hash.Add(id);
        foreach (var id in table.CampaignIds)
            hash.Add(id);
        foreach (var split in table.Splits)
            hash.Add(split);
        foreach (var feature in table.Features)
        {
            hash.Add(feature.Name);
            foreach (var level in feature.Levels)
                hash.Add(level);
            hash.Add<float>(feature.Values);
        }

        foreach (var (name, values) in table.Outcomes.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            hash.Add(name);
            hash.Add<double>(values);
        }

        hash.Flush();
        return Convert.ToHexStringLower(hash.hash.GetHashAndReset());
    }

    public void Dispose() => hash.Dispose();

    // Short texts by the million: they go to the hash by the bufferful.
    private void Add(string? text)
    {
        text ??= "\u0001";
        var most = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        if (most > buffer.Length - filled)
            Flush();
        if (most > buffer.Length)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
            return;
        }

        filled += Encoding.UTF8.GetBytes(text, buffer.AsSpan(filled));
        buffer[filled++] = 0;
    }

    private void Add<T>(T[] values)
        where T : unmanaged
    {
        Flush();
        // Bytes of a large table are more than a span can count.
        const int Most = 1 << 24;
        for (var from = 0; from < values.Length; from += Most)
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan(from, Math.Min(Most, values.Length - from))));
    }

    private void Flush()
    {
        hash.AppendData(buffer, 0, filled);
        filled = 0;
    }
}
