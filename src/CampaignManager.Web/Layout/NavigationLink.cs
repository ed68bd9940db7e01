namespace CampaignManager.Web.Layout;

/// <summary>A link in the menu: its text is a key of the feature's own texts; with a policy only those see it who may open the page.</summary>
public sealed record NavigationLink(Type Texts, string Key, string Address, string Icon)
{
    /// <summary>Who sees it; null for everybody who is signed in.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether only the address itself marks it as open, not those below.</summary>
    public bool Exact { get; init; }
}

public static class Navigation
{
    /// <summary>Adds a link to the menu; links stand in the order in which features are listed.</summary>
    public static IServiceCollection AddNavigation<TTexts>(
        this IServiceCollection services, string key, string address, string icon, string? policy = null, bool exact = false) =>
        services.AddSingleton(new NavigationLink(typeof(TTexts), key, address, icon) { Policy = policy, Exact = exact });
}
