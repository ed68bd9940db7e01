using Hangfire.AspNetCore;
using Hangfire.Logging;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs;

/// <summary>
/// Hangfire keeps one log provider for the whole process: the newest host's. Where hosts come and go in one process, its own provider throws once that host is
/// gone, inside the workers of all the others, which then end without a word. This one falls silent instead.
/// </summary>
internal sealed class HangfireLog(ILoggerFactory factory) : ILogProvider
{
    private readonly AspNetCoreLogProvider inner = new(factory);

    public ILog GetLogger(string name)
    {
        try
        {
            return inner.GetLogger(name);
        }
        catch (ObjectDisposedException)
        {
            return Silence.Instance;
        }
    }

    private sealed class Silence : ILog
    {
        public static readonly Silence Instance = new();

        public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => false;
    }
}
