using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Sources;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>A file that says how many of its rows were given out, and gives no more than it may.</summary>
internal sealed class WatchedSource(IRowSource inner, long most = long.MaxValue) : IRowSource
{
    public string FileName => inner.FileName;

    public IReadOnlyList<string> Columns => inner.Columns;

    public IReadOnlyList<EncodingReading> Readings => inner.Readings;

    public bool IsTyped => inner.IsTyped;

    /// <summary>The most rows that one reading gave: of a whole reading, the rows of the file.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows given by all readings since <see cref="Restart"/>.</summary>
    public long Given { get; private set; }

    /// <summary>There are more rows than were given.</summary>
    public bool IsCut { get; private set; }

    public void Restart() => Given = 0;

    public IEnumerable<ISourceRow> Read(CancellationToken cancel)
    {
        var rows = 0L;
        foreach (var row in inner.Read(cancel))
        {
            cancel.ThrowIfCancellationRequested();
            if (rows == most)
            {
                IsCut = true;
                yield break;
            }

            rows++;
            Given++;
            Rows = Math.Max(Rows, rows);
            yield return row;
        }
    }
}
