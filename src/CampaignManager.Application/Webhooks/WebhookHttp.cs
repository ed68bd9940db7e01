using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Webhooks;

/// <param name="Status">What the address answered; null when it did not.</param>
/// <param name="Error">Why there is no answer.</param>
public sealed record SentMessage(int? Status, string? Error, int Milliseconds)
{
    public bool Arrived => Status is >= 200 and < 300;
}

/// <summary>Posts messages. Follows no redirect, takes no proxy, keeps no answer, and connects only to addresses that are allowed, whatever the name promised before.</summary>
public sealed class WebhookHttp : IDisposable
{
    private readonly HttpClient client;
    private readonly bool allowPrivate;

    public WebhookHttp(IOptions<WebhookOptions> options)
    {
        allowPrivate = options.Value.AllowPrivateAddresses;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
        };
    }

    public async Task<SentMessage> PostAsync(string url, string secret, WebhookEvent message, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(message.Body, Encoding.UTF8, "application/json") };
            request.Headers.UserAgent.ParseAdd("CampaignManager/1.0");
            request.Headers.Add(WebhookSignature.EventHeader, message.Topic);
            request.Headers.Add(WebhookSignature.IdHeader, message.Id.ToString());
            request.Headers.Add(WebhookSignature.TimestampHeader, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(secret, at, message.Body));
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new SentMessage((int)answer.StatusCode, null, Spent());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SentMessage(null, "timeout", Spent());
        }
        catch (HttpRequestException fault)
        {
            return new SentMessage(null, fault.InnerException is ForbiddenAddressException ? "private-address" : Short(fault), Spent());
        }

        int Spent() => (int)Math.Min(Stopwatch.GetElapsedTime(started).TotalMilliseconds, int.MaxValue);
    }

    public void Dispose() => client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = addresses.Where(a => WebhookAddress.IsAllowed(a, allowPrivate)).ToArray();
        if (allowed.Length == 0)
            throw new ForbiddenAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // To the addresses looked at, not to the name: asked again it might say another.
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Short(HttpRequestException fault)
    {
        var text = fault.HttpRequestError == HttpRequestError.Unknown ? fault.Message : $"{fault.HttpRequestError}: {fault.InnerException?.Message ?? fault.Message}";
        return text.Length > 300 ? text[..300] : text;
    }

    private sealed class ForbiddenAddressException() : IOException("The address lies in a private network, which Webhooks:AllowPrivateAddresses does not allow.");
}
