using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>Parquet, read by DuckDB. Every value comes as the text it would have in a table; what has something inside comes as
/// JSON.</summary>
internal sealed class ParquetSource : IRowSource
{
    private readonly string path;
    private readonly bool packed;
    private readonly SourceOptions options;
    private readonly List<(string Name, string Type)> columns;

    private ParquetSource(string path, string fileName, bool packed, SourceOptions options, List<(string Name, string Type)> columns)
    {
        (this.path, FileName, this.packed, this.options, this.columns) = (path, fileName, packed, options, columns);
        Columns = [.. columns.SelectMany(c => ParquetType.Of(c.Name, c.Type).Paths)];
    }

    public string FileName { get; }

    public IReadOnlyList<string> Columns { get; }

    public bool IsTyped => true;

    public static ParquetSource Open(string path, string fileName, bool packed, SourceOptions options, CancellationToken cancel)
    {
        using var file = new Unpacked(path, packed, options.Limits, cancel);
        var columns = Guarded(() =>
        {
            using var connection = Connect();
            return connection.Query($"DESCRIBE SELECT * FROM {Source(file.Path)}", r => (Name: r.GetString(0), Type: r.GetString(1)));
        }, cancel);
        if (columns.Count > CsvTable.MostColumns)
            throw new ImportRefusedException("too-many-columns",
                $"The file has {columns.Count} columns; at most 2,000 are taken. Leave out those that say nothing of customers.");
        return new ParquetSource(path, fileName, packed, options, columns);
    }

    public IEnumerable<ISourceRow> Read(CancellationToken cancel)
    {
        using var file = new Unpacked(path, packed, options.Limits, cancel);
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns.Select(AsText))} FROM {Source(file.Path)}";
        command.UseStreamingMode = true;
        using var heard = cancel.Register(command.Cancel);
        using var reader = Guarded(command.ExecuteReader, cancel);
        var row = new Row(reader, new CellPlaces([.. columns.Select(c => c.Name)]));
        while (Guarded(reader.Read, cancel))
        {
            cancel.ThrowIfCancellationRequested();
            row.Next();
            yield return row;
        }
    }

    private static string AsText((string Name, string Type) column)
    {
        var name = $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        if (column.Type == "TIMESTAMP WITH TIME ZONE")
            return $"replace(regexp_replace(CAST({name} AS VARCHAR), '\\+00$', 'Z'), ' ', 'T')";
        return ParquetType.Of(column.Name, column.Type).AsText is { } inside ? $"to_json(CAST({name} AS {inside}))"
            : $"CAST({name} AS VARCHAR)";
    }

    // Older writers mark no text as such.
    private static string Source(string path) =>
        $"read_parquet('{path.Replace("'", "''", StringComparison.Ordinal)}', hive_partitioning = false, binary_as_string = true)";

    private static DuckDBConnection Connect()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        connection.Run("""
            SET threads = 1;
            SET memory_limit = '1GB';
            SET TimeZone = 'UTC';
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            """);
        return connection;
    }

    private static T Guarded<T>(Func<T> read, CancellationToken cancel)
    {
        try
        {
            return read();
        }
        catch (DuckDBException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (DuckDBException)
        {
            throw new ImportRefusedException("bad-parquet", "The Parquet file is damaged or cut off. Write it again and upload it.");
        }
    }

    private sealed class Row(DuckDBDataReader reader, CellPlaces places) : CellRow(places)
    {
        public void Next()
        {
            Forget();
            Number++;
        }

        protected override string? Cell(int column) =>
            reader.IsDBNull(column) || reader.GetString(column).Trim() is not { Length: > 0 } text ? null : text;
    }

    /// <summary>A file to read here and there: unpacked for as long as it is read.</summary>
    private sealed class Unpacked : IDisposable
    {
        private readonly bool own;

        public Unpacked(string path, bool packed, ImportOptions limits, CancellationToken cancel)
        {
            (Path, own) = (path, packed);
            if (!packed)
                return;
            Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"campaign-manager-{Guid.NewGuid():N}.parquet");
            try
            {
                var to = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                    to.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using var file = new FileStream(Path, to);
                using var from = new GuardedStream(CsvFormat.Unpack(File.OpenRead(path), limits.MaxUnpackedBytes), long.MaxValue, cancel);
                from.CopyTo(file);
            }
            catch (InvalidDataException)
            {
                Dispose();
                throw RowSources.DamagedPacking();
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public string Path { get; }

        public void Dispose()
        {
            if (own)
                File.Delete(Path);
        }
    }
}
