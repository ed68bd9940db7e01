using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CampaignManager.Application.Webhooks;

/// <summary>
/// How a message proves where it comes from: HMAC-SHA256 with the address's secret over the moment (Unix seconds), a full stop and the body, in hex. The moment is signed
/// too, so that an old message cannot be sent again as a new one.
/// </summary>
public static class WebhookSignature
{
    public const string EventHeader = "X-Webhook-Event";
    public const string IdHeader = "X-Webhook-Id";
    public const string TimestampHeader = "X-Webhook-Timestamp";
    public const string SignatureHeader = "X-Webhook-Signature";

    /// <summary>The version before the equals sign lets a later way of signing stand beside this one.</summary>
    private const string Scheme = "v1=";

    public static string Sign(string secret, DateTimeOffset at, string body)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeSeconds()}.{body}"));
        return Scheme + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }

    /// <summary>As a receiver does it: the signature compared in constant time, the moment not too far from now.</summary>
    public static bool Verify(string secret, string timestamp, string signature, string body, DateTimeOffset now, TimeSpan tolerance)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return false;
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return (now - at).Duration() <= tolerance
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(secret, at, body)), Encoding.UTF8.GetBytes(signature));
    }
}
