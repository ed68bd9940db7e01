using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CampaignManager.Benchmarks;

/// <summary>What so many kept-alive connections got out of a server, each sending its next request when it has the answer to the last.</summary>
internal sealed record HttpLoad(int Count, double PerSecond, double P50, double P99, double Sent, double Received)
{
    /// <summary>Microseconds of processor time that the server took for one: neighbours do not count into it.</summary>
    public double Cpu { get; init; }

    public static async Task<HttpLoad> RunAsync(int port, Func<int, byte[]> request, int connections, double seconds)
    {
        var next = 0;
        var until = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            var (buffer, times, sent, received) = (new byte[256 * 1024], new List<long>(1 << 14), 0L, 0L);
            while (Stopwatch.GetTimestamp() < until)
            {
                var bytes = request(Interlocked.Increment(ref next));
                var from = Stopwatch.GetTimestamp();
                for (var at = 0; at < bytes.Length;)
                    at += await socket.SendAsync(bytes.AsMemory(at));
                received += await AnswerAsync(socket, buffer);
                times.Add(Stopwatch.GetTimestamp() - from);
                sent += bytes.Length;
            }

            return (times, sent, received);
        })));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        long[] ticks = [.. all.SelectMany(a => a.times)];
        Array.Sort(ticks);
        return new HttpLoad(ticks.Length, ticks.Length / took, Milli(ticks[ticks.Length / 2]), Milli(ticks[ticks.Length * 99L / 100]), (double)all.Sum(a => a.sent) / ticks.Length, (double)all.Sum(a => a.received) / ticks.Length);
    }

    private static double Milli(long ticks) => ticks * 1e3 / Stopwatch.Frequency;

    /// <summary>Reads one whole answer, by its length or its chunks; any but a success ends the measurement.</summary>
    private static async Task<int> AnswerAsync(Socket socket, byte[] buffer)
    {
        var (read, body, length) = (0, 0, -1);
        while (true)
        {
            var some = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (some == 0)
                throw new IOException("The server has hung up.");
            read += some;
            if (body == 0 && buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                body = end + 4;
                length = LengthOf(buffer.AsSpan(0, end));
                if (buffer[9] != (byte)'2')
                    throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, read));
            }

            if (body > 0 && (length >= 0 ? read >= body + length : buffer.AsSpan(body, read - body).EndsWith("0\r\n\r\n"u8)))
                return read;
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
            return -1;
        var rest = head[(at + 16)..];
        var end = rest.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? rest : rest[..end], CultureInfo.InvariantCulture);
    }
}
