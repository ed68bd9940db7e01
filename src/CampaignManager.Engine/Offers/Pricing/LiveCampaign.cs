namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Whether a campaign may apply at all.</summary>
public enum CampaignState
{
    /// <summary>Launched.</summary>
    Live,

    /// <summary>Held by a person.</summary>
    Paused,

    /// <summary>Ended by a person.</summary>
    Ended,
}

/// <summary>A campaign as the engine sees it: its rules and what has been fixed about it at launch.</summary>
/// <param name="Id">Unique; settles the last ties, by ordinal comparison.</param>
/// <param name="Rules">Valid rules (<see cref="RulesValidation"/>).</param>
public sealed record LiveCampaign(string Id, CampaignRules Rules)
{
    /// <summary>Live, paused or ended.</summary>
    public CampaignState State { get; init; } = CampaignState.Live;

    /// <summary>When it runs; null: as its schedule says. Give what was stored at launch, so that saving again never moves it.</summary>
    public ScheduleInterval? Interval { get; init; }

    /// <summary>Its experiment's salt; null for no holdout.</summary>
    public string? HoldoutSalt { get; init; }

    /// <summary>Share of customers held out, 0..1.</summary>
    public double HoldoutShare { get; init; }

    /// <summary>Single codes have been issued for it: then it takes a code, whatever its trigger says.</summary>
    public bool HasIssuedCodes { get; init; }

    /// <summary>Nothing is granted without a code.</summary>
    public bool TakesCode => Rules.Trigger.Code is not null || Rules.Trigger.UniqueCodes || HasIssuedCodes;
}
