namespace CampaignManager.Application.Accounts;

/// <summary>The three roles; each is a policy of the same name on pages and services.</summary>
public static class Roles
{
    public const string Marketer = "Marketer";
    public const string Manager = "Manager";
    public const string Admin = "Admin";

    public static readonly IReadOnlyList<string> All = [Marketer, Manager, Admin];
}

/// <summary>Who asks: handed to every operation that changes something, so that services decide for themselves.</summary>
public sealed record Actor(string Id, string Name, IReadOnlySet<string> Roles)
{
    /// <summary>The app itself: schedules, jobs, the demo shop.</summary>
    public static Actor System { get; } = new("system", "CampaignManager", new HashSet<string>(Accounts.Roles.All)) { SeesCustomers = true };

    /// <summary>Whether they see single customers and lists of them: admins, and whoever an admin granted it (<see cref="Rights.Customers"/>); of keys those with the scope.</summary>
    public bool SeesCustomers { get; init; }

    public static Actor Of(string id, string name, params IEnumerable<string> roles) => new(id, name, new HashSet<string>(roles));

    public bool Is(string role) => Roles.Contains(role);

    public bool IsAny(params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
        {
            if (Roles.Contains(role))
                return true;
        }

        return false;
    }
}
