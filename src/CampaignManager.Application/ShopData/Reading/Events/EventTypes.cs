namespace CampaignManager.Application.ShopData.Reading.Events;

/// <summary>What a template may call an event.</summary>
internal static class EventTypes
{
    public const string View = "view";
    public const string Page = "page";
    public const string Cart = "cart";
    public const string Purchase = "purchase";
    public const string Refund = "refund";
    public const string Cancel = "cancel";
    public const string Review = "review";
    public const string Identify = "identify";
    public const string Contact = "contact";
    public const string Redemption = "redemption";
    public const string Other = "other";

    private static readonly HashSet<string> All = new(StringComparer.Ordinal)
        { View, Page, Cart, Purchase, Refund, Cancel, Review, Identify, Contact, Redemption, Other };

    public static string Of(string? said) => said is not null && All.Contains(said) ? said : Other;

    /// <summary>As it is stored: an order that was cancelled is no event of its own.</summary>
    public static string Stored(string type) => type == Cancel ? Other : type;
}
