using System.Net;

namespace CampaignManager.Application.Webhooks;

public enum AddressVerdict
{
    Fine,

    /// <summary>Not an absolute http or https address, or one with a password in it.</summary>
    NoAddress,

    /// <summary>Leads into a private network, which the options do not allow.</summary>
    Private,
}

/// <summary>Where messages may go. A name is judged by the addresses it has at the moment of sending, so that a name that changes its mind gets nowhere either.</summary>
public static class WebhookAddress
{
    public const int Longest = 500;

    private static readonly IPNetwork[] Locals = [.. ((string[])["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7"]).Select(IPNetwork.Parse)];

    // IPv6 that stands for an IPv4 address (mapped, compatible, NAT64, Teredo, 6to4): where it ends is another network's to say, and the
    // IPv4 address itself can be written.
    private static readonly string[] Translated = ["::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48",
        "2001::/32", "2002::/16"];

    // Cloud metadata, multicast, documentation and the like: no shop listens there.
    private static readonly IPNetwork[] Nowhere =
    [
        .. ((string[])["0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/3", "::/128", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32", "100::/64", .. Translated])
            .Select(IPNetwork.Parse),
    ];

    /// <summary>What can be said of an address before anything is sent.</summary>
    public static AddressVerdict Judge(string? url, bool allowPrivate)
    {
        if (url is null || url.Length > Longest || !Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo != "" || uri.Host == "")
            return AddressVerdict.NoAddress;
        var host = uri.IdnHost.TrimEnd('.');
        var local = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        if (local)
            return allowPrivate ? AddressVerdict.Fine : AddressVerdict.Private;
        return !IPAddress.TryParse(host.Trim('[', ']'), out var address) || IsAllowed(address, allowPrivate) ? AddressVerdict.Fine : AddressVerdict.Private;
    }

    public static bool IsAllowed(IPAddress address, bool allowPrivate)
    {
        // Networks know a mapped address as the one it stands for.
        if (address.IsIPv4MappedToIPv6)
            return false;
        // ::1 is no stand-in, though it lies among them.
        if (!address.Equals(IPAddress.IPv6Loopback) && Nowhere.Any(n => n.Contains(address)))
            return false;
        return allowPrivate || !Locals.Any(n => n.Contains(address));
    }
}
