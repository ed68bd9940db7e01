using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Rows of one kind on their way into the lake: appended in memory, and put down in sorted parts beside it as soon as there are many.</summary>
internal sealed class RawTable(DuckDBConnection connection, string folder, string name, string columns, string order, int partRows) : IDisposable
{
    private DuckDBAppender? appender;
    private int inMemory;
    private int parts;

    public string Name => name;

    public long Rows { get; private set; }

    public IDuckDBAppenderRow Row()
    {
        if (inMemory == partRows)
            Flush();
        if (appender is null)
        {
            connection.Run($"CREATE OR REPLACE TABLE {name}_part ({columns})");
            appender = connection.CreateAppender(name + "_part");
        }

        inMemory++;
        Rows++;
        return appender.CreateRow();
    }

    /// <summary>Makes a view of that name over all rows.</summary>
    public void Close()
    {
        if (Rows == 0)
        {
            connection.Run($"CREATE OR REPLACE TABLE {name} ({columns})");
            return;
        }

        if (parts > 0)
        {
            Flush();
            connection.Run($"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{DataLake.Quote(Path.Combine(folder, name + "-*.parquet"))}')");
            return;
        }

        appender!.Dispose();
        appender = null;
        connection.Run($"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {name}_part");
    }

    public void Dispose() => appender?.Dispose();

    private void Flush()
    {
        if (appender is null)
            return;
        appender.Dispose();
        appender = null;
        var part = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{parts++:D5}.parquet"));
        connection.Run($"COPY (SELECT * FROM {name}_part ORDER BY {order}) TO '{DataLake.Quote(part)}' (FORMAT parquet, COMPRESSION lz4_raw); DROP TABLE {name}_part");
        inMemory = 0;
    }
}
