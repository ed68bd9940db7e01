using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignManager.Application.Data;

/// <summary>
/// News between nodes by LISTEN and NOTIFY, on one connection a node that listens. On this node they are told at once. When the connection
/// was lost, everybody is told to read again what they hold, since nothing is kept for who does not listen.
/// </summary>
public sealed class PostgresNews : BackgroundService, INews
{
    private const string Channel = "campaign_manager";
    private const string ReadAll = "*";

    // PostgreSQL takes 8000 bytes.
    private const int MostOfAMessage = 4000;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly string self = Guid.NewGuid().ToString("N");
    private readonly LocalNews here = new();
    private readonly Channel<string> outbox;
    private int missed;

    private readonly IOptions<DatabaseOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger<PostgresNews> logger;

    public PostgresNews(IOptions<DatabaseOptions> options, TimeProvider time, ILogger<PostgresNews> logger)
    {
        (this.options, this.time, this.logger) = (options, time, logger);
        // Where the server is away for long, the oldest go: the others read all again then.
        outbox = System.Threading.Channels.Channel.CreateBounded<string>(
            new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Exchange(ref missed, 1));
    }

    public void Tell(string topic, string id)
    {
        here.Tell(topic, id);
        // Progress is told often: the same line twice in one message says nothing more.
        outbox.Writer.TryWrite($"{topic} {id}");
    }

    public IDisposable Listen(string topic, Action<string?> onTold) => here.Listen(topic, onTold);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(AgainAsync(ListenAsync, stoppingToken), AgainAsync(SendAsync, stoppingToken));

    private async Task AgainAsync(Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogWarning("News between nodes are interrupted: {Message}", exception.Message);
                await Task.Delay(AgainAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        // Kept alive, so that a connection that broke without a word is found out.
        var settings = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString)
        {
            Pooling = false,
            KeepAlive = 10,
            ApplicationName = "CampaignManager news",
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(stoppingToken);
        connection.Notification += (_, message) => Receive(message.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(stoppingToken);
        Deliver(null, null);
        while (true)
            await connection.WaitAsync(stoppingToken);
    }

    private void Receive(string message)
    {
        var lines = message.Split('\n');
        if (lines[0] == self)
            return;
        foreach (var line in lines.AsSpan(1))
        {
            if (line == ReadAll)
                Deliver(null, null);
            else if (line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank)
                Deliver(line[..blank], line[(blank + 1)..]);
        }
    }

    private void Deliver(string? topic, string? id) =>
        here.Deliver(topic, id, exception => logger.LogError(exception, "Somebody who listens to {Topic} failed", topic));

    private async Task SendAsync(CancellationToken stoppingToken)
    {
        while (await outbox.Reader.WaitToReadAsync(stoppingToken))
        {
            var lines = new HashSet<string>(StringComparer.Ordinal);
            var length = self.Length;
            if (Interlocked.Exchange(ref missed, 0) == 1)
                lines.Add(ReadAll);
            while (length < MostOfAMessage && outbox.Reader.TryRead(out var line))
                length += lines.Add(line) ? line.Length + 1 : 0;
            try
            {
                await using var connection = new NpgsqlConnection(options.Value.ConnectionString);
                await connection.OpenAsync(stoppingToken);
                await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection);
                notify.Parameters.Add(new NpgsqlParameter { Value = Channel });
                notify.Parameters.Add(new NpgsqlParameter { Value = string.Join('\n', lines.Prepend(self)) });
                await notify.ExecuteNonQueryAsync(stoppingToken);
            }
            catch
            {
                // These are lost: with the next ones the others are told to read all again.
                Interlocked.Exchange(ref missed, 1);
                outbox.Writer.TryWrite(ReadAll);
                throw;
            }
        }
    }
}
