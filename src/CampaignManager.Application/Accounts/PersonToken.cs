using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Application.Data;

namespace CampaignManager.Application.Accounts;

/// <summary>
/// Who sits before a browser, signed by the shop's server: <c>v1.base64url({sub, iat, exp, use[]}).base64url(HMAC-SHA256)</c>, the signature over all before its point. A publishable
/// key can be read by anybody; without the token anybody could say to be anybody.
/// </summary>
public sealed class PersonTokens(MasterKey master, TimeProvider time)
{
    /// <summary>Longer than this no token may live.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(1);

    /// <param name="Sub">The customer, as the shop calls its customers.</param>
    /// <param name="Iat">Seconds since 1970 when it was made.</param>
    /// <param name="Exp">Seconds since 1970 from which it is worth nothing.</param>
    /// <param name="Use">What it may be used for.</param>
    private sealed record Claims(
        [property: JsonRequired] string Sub, [property: JsonRequired] long Iat, [property: JsonRequired] long Exp, [property: JsonRequired] IReadOnlyList<string> Use);

    /// <summary>The secret of a publishable key: it follows from the master key, so nothing has to be kept. Another version is another secret.</summary>
    public string SecretOf(Guid keyId, int version) => "cms_" + Base64Url(master.KeyFor($"person-token/{keyId:N}/{version}"));

    /// <summary>The customer whom a token says, or why it says nobody.</summary>
    public Outcome<string> Read(string token, KnownApiKey key, string use)
    {
        var parts = token.Split('.');
        if (parts is not ["v1", var said, var signature] || Bytes(signature) is not { } sent || Bytes(said) is not { } json)
            return Wrong("it has not the form v1.<claims>.<signature>.");
        var secret = Encoding.UTF8.GetBytes(SecretOf(key.Id, key.Ingest?.TokenVersion ?? 0));
        if (key.Ingest is null || !CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"v1.{said}")), sent))
            return Wrong("its signature is not that of this key's secret.");
        return Parse(json) is { } claims ? Judge(claims, use) : Wrong("its claims are not {\"sub\": text, \"iat\": seconds, \"exp\": seconds, \"use\": [texts]}.");
    }

    private Outcome<string> Judge(Claims claims, string use)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (string.IsNullOrWhiteSpace(claims.Sub))
            return Wrong("'sub' names nobody.");
        if (claims.Exp - claims.Iat > (long)Longest.TotalSeconds || claims.Exp <= claims.Iat)
            return Wrong("from 'iat' to 'exp' there are at most 15 minutes.");
        if (claims.Iat > now + (long)ClocksDiffer.TotalSeconds)
            return Wrong("'iat' lies ahead of now.");
        if (claims.Exp <= now)
            return Wrong("it has expired.");
        return claims.Use.Contains(use) ? claims.Sub.Trim() : Wrong($"'use' does not name '{use}'.");
    }

    private static Claims? Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<Claims>(json, JsonSerializerOptions.Web) is { Sub: not null, Use: not null } claims ? claims : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Outcome<string> Wrong(string why) => Failure.Invalid("token", why);

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static byte[]? Bytes(string base64Url)
    {
        if (base64Url.Length == 0 || base64Url.AsSpan().ContainsAny("+/="))
            return null;
        var bytes = new byte[base64Url.Length];
        var text = base64Url.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (base64Url.Length % 4)) % 4);
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
