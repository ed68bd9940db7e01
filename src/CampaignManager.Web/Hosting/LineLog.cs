using System.Globalization;
using System.Text;
using CampaignManager.Application;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CampaignManager.Web.Hosting;

/// <summary>
/// The console's usual form, but what is logged stays on its line: a name or a header with a line break in it cannot write a line that
/// nobody logged.
/// </summary>
public sealed class LineLog() : ConsoleFormatter(Name)
{
    public new const string Name = "line";

    // Those that say that a start failed, and why, in many lines: Program says it in one.
    private static readonly string[] StartFaults = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>From then on failures are told with their stack.</summary>
    public static bool HasStarted { get; set; }

    public static void AddTo(ILoggingBuilder logging)
    {
        logging.AddConsoleFormatter<LineLog, ConsoleFormatterOptions>();
        logging.Services.PostConfigure<ConsoleLoggerOptions>(options => options.FormatterName ??= Name);
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null)
            return;
        var isStartFault = !HasStarted && logEntry.Exception is { } early && StartSentence.Of(early) is not null;
        if (isStartFault && StartFaults.Contains(logEntry.Category))
            return;
        textWriter.WriteLine(
            $"{Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture)}]");
        textWriter.WriteLine("      " + Escaped(message ?? ""));
        if (logEntry.Exception is { } exception && !isStartFault)
        {
            // Its lines are the program's own, and the stack needs them.
            foreach (var line in exception.ToString().Split('\n'))
                textWriter.WriteLine("      | " + Escaped(line.TrimEnd('\r')));
        }
    }

    internal static string Escaped(string text)
    {
        if (text.IsOneLine())
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (OneLine.IsOneLine(c.ToString()))
                escaped.Append(c);
            else
                escaped.Append(c switch { '\n' => @"\n", '\r' => @"\r", '\t' => @"\t", _ => $@"\u{(int)c:x4}" });
        }

        return escaped.ToString();
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
