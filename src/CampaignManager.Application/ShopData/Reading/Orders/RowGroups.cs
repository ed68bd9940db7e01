using System.Text;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>
/// Brings rows of one key together, in any order they come: in memory while they are few, else by way of files beside each other, of which
/// one at a time is held.
/// </summary>
/// <param name="most">Rows that are held at once.</param>
internal sealed class RowGroups(IReadOnlyList<CellMap> maps, int most = 200_000) : IDisposable
{
    private const int Parts = 64;

    private readonly List<(string Key, bool Line, FileRow Row)> held = [];
    private DirectoryInfo? folder;
    private BinaryWriter[] writers = [];

    public void Add(string key, bool line, FileRow row)
    {
        held.Add((key, line, row));
        if (held.Count >= most)
            Spill();
    }

    /// <summary>By key, in the order in which they first came as far as they were held at once.</summary>
    public IEnumerable<RawOrder> Orders()
    {
        if (folder is null)
            return Grouped(held);
        Spill();
        foreach (var writer in writers)
            writer.Dispose();
        return Enumerable.Range(0, Parts).SelectMany(part => Grouped(ReadPart(part)));
    }

    public void Dispose()
    {
        foreach (var writer in writers)
            writer.Dispose();
        folder?.Delete(recursive: true);
        folder = null;
    }

    private static List<RawOrder> Grouped(IEnumerable<(string Key, bool Line, FileRow Row)> rows)
    {
        var found = new Dictionary<string, RawOrder>(StringComparer.Ordinal);
        var inOrder = new List<RawOrder>();
        foreach (var (key, line, row) in rows)
        {
            if (!found.TryGetValue(key, out var order))
                inOrder.Add(found[key] = order = new RawOrder(key));
            (line ? order.Lines : order.Heads).Add(row);
        }

        return inOrder;
    }

    private void Spill()
    {
        if (folder is null)
        {
            folder = Directory.CreateTempSubdirectory("shop-rows-");
            writers = [.. Enumerable.Range(0, Parts)
                .Select(i => new BinaryWriter(new FileStream(PartFile(i), FileMode.Create, FileAccess.Write, FileShare.None, 32 * 1024)))];
        }

        foreach (var (key, line, row) in held)
        {
            var writer = writers[TextHash.Of(key) % Parts];
            writer.Write(key);
            writer.Write(line);
            writer.Write(row.File);
            writer.Write(row.Row);
            writer.Write(row.Run);
            writer.Write(maps.IndexOf(row.Map));
            foreach (var cell in row.Cells)
            {
                writer.Write(cell is not null);
                if (cell is not null)
                    writer.Write(cell);
            }
        }

        held.Clear();
    }

    private string PartFile(int part) => Path.Combine(folder!.FullName, part.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private IEnumerable<(string Key, bool Line, FileRow Row)> ReadPart(int part)
    {
        using var reader = new BinaryReader(new FileStream(PartFile(part), FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024),
            Encoding.UTF8);
        var length = reader.BaseStream.Length;
        while (reader.BaseStream.Position < length)
        {
            var (key, line, file, number, run) = (reader.ReadString(), reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt64(),
                reader.ReadInt64());
            var map = maps[reader.ReadInt32()];
            var cells = new string?[map.Columns.Count];
            for (var i = 0; i < cells.Length; i++)
                cells[i] = reader.ReadBoolean() ? reader.ReadString() : null;
            yield return (key, line, new FileRow(file, number, map, cells) { Run = run });
        }
    }
}

file static class Lists
{
    public static int IndexOf(this IReadOnlyList<CellMap> maps, CellMap map)
    {
        for (var i = 0; i < maps.Count; i++)
        {
            if (ReferenceEquals(maps[i], map))
                return i;
        }

        throw new InvalidOperationException("A row of no file.");
    }
}
