using System.Net.Sockets;
using System.Text.RegularExpressions;
using CampaignManager.Application;
using CampaignManager.Application.Data;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignManager.Web.Hosting;

/// <summary>
/// Why a start failed, in one sentence that says what to change; null for what nobody can mend by a setting, which keeps its stack.
/// </summary>
public static partial class StartSentence
{
    private const string Urls = "Set ASPNETCORE_URLS (or --urls) to an address such as http://127.0.0.1:5080.";
    private const string Reach = "Look at Database:ConnectionString.";

    public static string? Of(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause is AggregateException { InnerExceptions: [var first, ..] } ? first
            : cause.InnerException)
        {
            // Tools that only build the host end it so.
            if (cause is HostAbortedException)
                return null;
            if (OfSetting(cause) is { } sentence)
                return sentence;
        }

        // Deepest first: what happened says more than what it kept from happening.
        return Chain(fault).Reverse().Select(OfSurroundings).FirstOrDefault(s => s is not null);
    }

    private static IEnumerable<Exception> Chain(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private static string? OfSetting(Exception cause)
    {
        switch (cause)
        {
            case StartRefusedException refused:
                return refused.Message;
            case OptionsValidationException invalid:
                return string.Join(" ",
                    invalid.Failures.Select(f => Annotation().Match(f) is { Success: true } m ? m.Groups["sentence"].Value : f).Distinct());
            case InvalidDataException when cause.Message.StartsWith("Failed to load configuration", StringComparison.Ordinal):
                return $"{cause.Message.TrimEnd('.')}: it is not JSON ({Chain(cause).Last().Message.TrimEnd('.')}).";
        }

        if (cause is InvalidOperationException or FormatException && Conversion().Match(cause.Message) is { Success: true } conversion)
            return $"{conversion.Groups["key"].Value} must be {Wanted(conversion.Groups["type"].Value)}, "
                + $"not '{conversion.Groups["value"].Value}'.";
        if (cause is InvalidOperationException && LogLevel().Match(cause.Message) is { Success: true } level)
            return $"A level of Logging:LogLevel must be Trace, Debug, Information, "
                + $"Warning, Error, Critical or None, not '{level.Groups["value"].Value}'.";
        return null;
    }

    private static string? OfSurroundings(Exception cause)
    {
        switch (cause)
        {
            case SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                return $"The address is in use by another program. {Urls}";
            case SocketException { SocketErrorCode: SocketError.AccessDenied }:
                return $"This account may not listen on that port. {Urls}";
            case PostgresException refused:
                return $"PostgreSQL refuses: {refused.MessageText.TrimEnd('.')}. {Reach}";
            case NpgsqlException:
                return $"PostgreSQL cannot be reached ({cause.Message.TrimEnd('.')}). {Reach}";
            case SqliteException sqlite:
                return $"Database:Path: SQLite cannot use the file (error {sqlite.SqliteErrorCode}: {Sqlite(sqlite)}). "
                    + "Set it to a file of this app in a folder it may write.";
            case DuckDBException:
                return $"The lake cannot be opened ({FirstLine(cause.Message)}). Look at Lake:Path, Lake:Threads and Lake:MemoryLimit.";
        }

        if (cause is SocketException or TimeoutException && IsFrom(cause, "Npgsql."))
            return $"PostgreSQL cannot be reached ({FirstLine(cause.Message).TrimEnd('.')}). {Reach}";
        if (IsFrom(cause, "Npgsql.") || IsFrom(cause, "DbConnectionStringBuilder"))
            return $"Database:ConnectionString cannot be read ({FirstLine(cause.Message).TrimEnd('.')}).";
        if (DiskFull.IsMeantBy(cause))
            return $"The disk is full or read-only ({FirstLine(cause.Message).TrimEnd('.')}). "
                + "Make room, or set Database:Path, Lake:Path and Models:Path to another place.";
        if (IsFrom(cause, "Server.Kestrel") || IsFrom(cause, "BindingAddress"))
            return $"The app cannot listen where it should ({FirstLine(cause.Message).TrimEnd('.')}). {Urls}";
        return cause is UnauthorizedAccessException or IOException
            ? $"A file or folder cannot be used ({FirstLine(cause.Message).TrimEnd('.')}). "
                + "Look at Database:Path, Lake:Path, Models:Path and Security:MasterKeyPath."
            : null;
    }

    private static bool IsFrom(Exception cause, string where) => cause.StackTrace?.Contains(where, StringComparison.Ordinal) == true;

    private static string Sqlite(SqliteException fault) => SqliteText().Match(fault.Message) is { Success: true } m
        ? m.Groups["text"].Value : FirstLine(fault.Message);

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r');

    private static string Wanted(string type) =>
        type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
        : type.Contains("DateOnly", StringComparison.Ordinal) ? "a date such as 2026-11-01"
        : type.Contains("Int", StringComparison.Ordinal) ? "a whole number that is not too large"
        : type.Contains("Double", StringComparison.Ordinal) || type.Contains("Decimal", StringComparison.Ordinal) ? "a number"
        : "another value";

    [GeneratedRegex("with the error: '(?<sentence>.*)'\\.?$", RegexOptions.Singleline)]
    private static partial Regex Annotation();

    [GeneratedRegex("^Failed to convert configuration value (?:'(?<value>.*)' )?"
        + "at '(?<key>[^']*)' to type '(?<type>[^']*)'", RegexOptions.Singleline)]
    private static partial Regex Conversion();

    [GeneratedRegex("^Configuration value '(?<value>.*)' is not supported", RegexOptions.Singleline)]
    private static partial Regex LogLevel();

    [GeneratedRegex("'(?<text>[^']*)'")]
    private static partial Regex SqliteText();
}
