namespace CampaignManager.Application.Accounts;

/// <summary>What an API key may do. A scope opens a group of routes; the roles it acts with decide inside the services.</summary>
public static class Scopes
{
    public const string Campaigns = "campaigns";
    public const string Offers = "offers";
    public const string OffersExplain = "offers:explain";
    public const string Data = "data";
    public const string Models = "models";
    public const string Reports = "reports";

    /// <summary>Single customers and lists of them; lists want the feature's own scope beside it.</summary>
    public const string Customers = "customers";

    /// <summary>Events from pages, alone: the key that has it is publishable.</summary>
    public const string Ingest = "ingest";

    /// <summary>Every scope, those of later versions too.</summary>
    public const string Everything = "all";

    public static readonly IReadOnlyList<string> All = [Campaigns, Offers, OffersExplain, Data, Models, Reports, Customers, Ingest, Everything];

    /// <summary>What a scope opens, in a sentence for the API's document.</summary>
    public static string Opens(string scope) => scope switch
    {
        Campaigns => "campaigns, predictions, suggestions, replays, coupon codes, audiences, reading the settings",
        Offers => "pricing carts, redemptions, a customer's segments and campaigns",
        OffersExplain => "beside `offers`: the whole trace of a price, control arms included",
        Data => "imports and events",
        Models => "training, models, scores",
        Reports => "results and figures",
        Customers => "customers: their list, pseudonymous profile and timeline, segments and campaigns; beside the feature's own scope the lists of customers that leave (segments, scores)",
        Ingest => "events from browsers, and nothing else: the key that has it stands in pages, where anybody reads it",
        Everything => "everything, also scopes of later versions; the only one for webhooks and changing the settings",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "There is no such scope."),
    };

    /// <summary>
    /// The roles a key acts with: <c>campaigns</c> as marketer and manager, <c>data</c> and <c>models</c> as admin, because importing and training
    /// are the admin's, the others as marketer.
    /// </summary>
    public static IReadOnlyList<string> RolesOf(IEnumerable<string> scopes) => scopes.SelectMany(RolesOf).Distinct().ToList();

    /// <summary>Whether a signed-in person with this role may read the routes of a scope; changing through the API takes a key.</summary>
    public static bool MayRead(string role, string scope) => role == Roles.Admin || scope is not (Data or Everything or Customers);

    private static IReadOnlyList<string> RolesOf(string scope) => scope switch
    {
        Campaigns => [Roles.Marketer, Roles.Manager],
        Data or Models => [Roles.Admin],
        Everything => Roles.All,
        Ingest => [],
        _ => [Roles.Marketer],
    };
}
