using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Access;

/// <summary>Section <c>SignIn</c>.</summary>
public sealed record SignInLimitOptions
{
    /// <summary>Refusals in ten minutes after which an address is refused whatever it sends; 0 means no limit.</summary>
    [Range(0, 100_000, ErrorMessage = "SignIn:FailuresPerAddress must be 0 (no limit) or a number of wrong sign-ins up to 100000.")]
    public int FailuresPerAddress { get; init; } = 30;
}

/// <summary>
/// So many wrong sign-ins from one address in ten minutes, on this node: many accounts tried once each are no less an attack.
/// </summary>
public sealed class SignInLimit(IOptions<SignInLimitOptions> options, TimeProvider time)
{
    private const int MostAddresses = 100_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Since, int Failures)> failures = new(StringComparer.Ordinal);

    public bool IsOver(string address) =>
        options.Value.FailuresPerAddress is > 0 and var most && failures.TryGetValue(address, out var known) && IsFresh(known.Since)
            && known.Failures >= most;

    public void Note(string address)
    {
        if (failures.Count >= MostAddresses)
        {
            foreach (var (old, known) in failures.Where(f => !IsFresh(f.Value.Since)))
                failures.TryRemove(KeyValuePair.Create(old, known));
        }

        failures.AddOrUpdate(
            address,
            _ => (time.GetUtcNow(), 1),
            (_, known) => IsFresh(known.Since) ? (known.Since, known.Failures + 1) : (time.GetUtcNow(), 1));
    }

    /// <summary>
    /// Whoever signs in is no guesser; not when the limit is reached, since one account of one's own must not open the door to others'.
    /// </summary>
    public void Forgive(string address)
    {
        if (!IsOver(address) && failures.TryGetValue(address, out var known))
            failures.TryUpdate(address, (known.Since, Math.Max(0, known.Failures - 1)), known);
    }

    /// <summary>An IPv6 network of one customer (/64) counts as one address.</summary>
    public static string AddressOf(IPAddress? address)
    {
        if (address is null)
            return "?";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    private bool IsFresh(DateTimeOffset since) => time.GetUtcNow() - since < Window;
}
