namespace CampaignManager.Application.Customers;

/// <summary>What is known of one customer, without what names them.</summary>
/// <param name="Id">The id that all is kept under.</param>
/// <param name="AskedFor">The id that was asked for, when it turned out to be another of this customer's.</param>
/// <param name="OtherIds">Ids of customers that turned out to be this one.</param>
/// <param name="Browsers">How many browsers are known to be theirs.</param>
public sealed record CustomerProfile(string Id, string? AskedFor, IReadOnlyList<string> OtherIds, int Browsers)
{
    /// <summary>UTC.</summary>
    public DateTime? JoinedAt { get; init; }

    /// <summary><c>file</c>, <c>first-order</c> or <c>first-event</c>.</summary>
    public string? JoinedFrom { get; init; }

    public string? Region { get; init; }

    public string? Country { get; init; }

    public string? Channel { get; init; }

    public string? Device { get; init; }

    public string? MemberTier { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool? EmailOptIn { get; init; }

    public bool? OptOutMarketing { get; init; }

    public bool? OptOutPersonalisation { get; init; }

    /// <summary>As of when segments were told apart; null before the first time.</summary>
    public DateTime? ComputedAt { get; init; }

    /// <summary>As the last computation left them, in the order of the file; none for who came after it.</summary>
    public IReadOnlyList<CustomerFeature> Features { get; init; } = [];

    /// <summary>Keys of segments and saved audiences, in the order in which people read them.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];
}

/// <summary>A feature's value: a number or a word, neither where nothing tells it.</summary>
/// <param name="Name">The column, as models and rules name it.</param>
public sealed record CustomerFeature(string Name, double? Number, string? Word);
