namespace CampaignManager.Application;

/// <summary>Whether a failure means that the disk takes no more, or may not be written: nobody's input is wrong then.</summary>
public static class DiskFull
{
    public const string Sentence = "The server's disk is full or cannot be written, so nothing was kept. "
        + "Tell an admin, who has to make room.";

    public static Failure Failure { get; } = new(FailureKind.NoRoom, "disk-full", Sentence);

    // ENOSPC, EROFS, EDQUOT on Linux and macOS; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private static readonly HashSet<int> Codes = [28, 30, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    // SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR when writing, SQLITE_CANTOPEN of its log.
    private static readonly HashSet<int> SqliteCodes = [13, 8];

    private const int SqliteWriteFault = 10 | (3 << 8);

    public static bool IsMeantBy(Exception? fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException io && Codes.Contains(io.HResult))
                return true;
            if (cause is Microsoft.Data.Sqlite.SqliteException sqlite
                && (SqliteCodes.Contains(sqlite.SqliteErrorCode) || sqlite.SqliteExtendedErrorCode == SqliteWriteFault))
                return true;
            if (cause is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.DiskFull })
                return true;
            if (cause is DuckDB.NET.Data.DuckDBException
                && (cause.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase)
                    || cause.Message.Contains("Read-only file system", StringComparison.OrdinalIgnoreCase)))
                return true;
        }

        return false;
    }
}
