using System.Diagnostics;

namespace CampaignManager.Web.Health;

/// <param name="At">UTC.</param>
/// <param name="Trace">Id of the call it happened in, as the answer of a failed call names it; null outside of calls.</param>
public sealed record LoggedLine(DateTime At, LogLevel Level, string Category, string Message, string? Exception, string? Trace);

/// <summary>The last warnings and errors of this process, in memory, for people who cannot read its console.</summary>
public sealed class RecentLog(TimeProvider time) : ILoggerProvider
{
    /// <summary>So many are kept.</summary>
    public const int Most = 200;

    private const int LongestText = 4_000;

    private readonly Queue<LoggedLine> lines = new(Most);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<LoggedLine> Lines
    {
        get
        {
            lock (lines)
                return [.. lines.Reverse()];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LoggedLine line)
    {
        lock (lines)
        {
            if (lines.Count == Most)
                lines.Dequeue();
            lines.Enqueue(line);
        }
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";

    private sealed class Category(RecentLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } call ? call.TraceId.ToHexString() : null;
            log.Add(new LoggedLine(
                log.Now, logLevel, name, Cut(formatter(state, exception)), exception is null ? null : Cut(exception.ToString()), trace));
        }
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;
}
