using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CampaignManager.Application.Tests.Webhooks;

/// <summary>A message as it arrived.</summary>
public sealed record Heard(string Topic, string Id, string Timestamp, string Signature, string Body);

/// <summary>An address on the loopback that takes messages and answers what the test wants.</summary>
public sealed class Listener : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource gone = new();

    public Listener()
    {
        listener.Start();
        _ = Task.Run(TakeAsync);
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook";

    public ConcurrentQueue<Heard> Messages { get; } = new();

    /// <summary>The status for the next message; from how many came before.</summary>
    public Func<int, int> Answer { get; set; } = _ => 200;

    public void Dispose()
    {
        gone.Cancel();
        listener.Dispose();
        gone.Dispose();
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(gone.Token);
                _ = Task.Run(() => HearAsync(client));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task HearAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, new UTF8Encoding(false));
                while (await reader.ReadLineAsync(gone.Token) is { Length: > 0 })
                {
                    var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                    while (await reader.ReadLineAsync(gone.Token) is { Length: > 0 } line)
                        headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
                    var bytes = int.Parse(headers["Content-Length"]);
                    var body = new StringBuilder();
                    var one = new char[1];
                    while (Encoding.UTF8.GetByteCount(body.ToString()) < bytes)
                    {
                        if (await reader.ReadAsync(one, gone.Token) == 0)
                            return;
                        body.Append(one[0]);
                    }

                    var status = Answer(Messages.Count);
                    Messages.Enqueue(new Heard(headers["X-Webhook-Event"], headers["X-Webhook-Id"], headers["X-Webhook-Timestamp"], headers["X-Webhook-Signature"], body.ToString()));
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Test\r\nLocation: http://127.0.0.1/elsewhere\r\nContent-Length: 0\r\n\r\n"), gone.Token);
                }
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The sender, or the test, is gone.
            }
        }
    }
}
