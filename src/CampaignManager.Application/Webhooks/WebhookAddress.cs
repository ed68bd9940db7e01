using System.Net;
using System.Net.Sockets;

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

    // Cloud metadata, multicast, documentation and the like: no shop listens there.
    private static readonly IPNetwork[] Nowhere =
    [
        .. ((string[])["0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "::/128", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32", "100::/64"])
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
        address = Embedded(address);
        if (Nowhere.Any(n => n.Contains(address)))
            return false;
        return allowPrivate || !Locals.Any(n => n.Contains(address));
    }

    /// <summary>The IPv4 address that an IPv6 one stands for: mapped, or translated by the network (64:ff9b::/96, 2002::/16).</summary>
    private static IPAddress Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (IPNetwork.Parse("64:ff9b::/96").Contains(address))
            return new IPAddress(bytes.AsSpan(12, 4));
        return IPNetwork.Parse("2002::/16").Contains(address) ? new IPAddress(bytes.AsSpan(2, 4)) : address;
    }
}
