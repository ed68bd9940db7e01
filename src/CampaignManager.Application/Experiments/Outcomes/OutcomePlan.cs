namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>An epoch as its exposures tell: rows of one stored epoch, and where nobody wrote epochs, of one share of the treated.</summary>
/// <param name="Number">From 1, in order of time.</param>
/// <param name="Stored">As the rows say.</param>
/// <param name="Propensity">Of the rows, where it tells epochs apart.</param>
/// <param name="VersionId">The version in force.</param>
/// <param name="Salt">What the hash took; null where the draw cannot be done again.</param>
/// <param name="From">UTC; of the first exposure.</param>
/// <param name="Arms">Control first.</param>
internal sealed record OutcomeEpoch(
    int Number, int Stored, double? Propensity, string? VersionId, string? Salt, DateTime From, IReadOnlyList<PlannedArm> Arms);

/// <summary>What an experiment's outcomes hang on beside the lake's rows.</summary>
/// <param name="Experiment">Its id; a campaign's.</param>
/// <param name="StartsAt">UTC.</param>
/// <param name="EndsAt">UTC; null while no end is planned.</param>
/// <param name="OneMoment">No end is known of a campaign that is over: it was one message, and windows begin with it.</param>
/// <param name="AttributionDays">Days after the end in which outcomes count.</param>
/// <param name="ContactMinor">Cost of reaching one treated customer.</param>
/// <param name="Counted">Whether goods are in its scope, as SQL over <c>category, sku</c>.</param>
/// <param name="Epochs">From the first.</param>
internal sealed record OutcomePlan(
    Guid Experiment, DateTime? StartsAt, DateTime? EndsAt, bool OneMoment, int AttributionDays, long ContactMinor, string Counted, IReadOnlyList<OutcomeEpoch> Epochs)
{
    /// <summary>How long both arms are followed after the end.</summary>
    public static readonly IReadOnlyList<int> FollowedDays = [28, 56];

    private static readonly int[] UsualDays = [1, 3, 7, 14, 28, 56];

    /// <summary>The first days that are read, up to the whole window.</summary>
    public IReadOnlyList<int> FirstDays => [.. UsualDays.Where(d => d < AttributionDays), AttributionDays];

    public OutcomePlan With(MoneyFrozen frozen) => this with { Frozen = frozen };

    public MoneyFrozen Frozen { get; init; } = MoneyFrozen.None;
}

/// <summary>What is fixed at launch.</summary>
/// <param name="Cap">In minor units; null where money is not capped.</param>
/// <param name="CapTop">99th instead of 95th percentile.</param>
/// <param name="ValueCuts">Of what buyers of the audience spent in the year before: up to the first low, beyond the second high.</param>
internal sealed record MoneyFrozen(long? Cap, bool CapTop, IReadOnlyList<long> ValueCuts)
{
    public static readonly MoneyFrozen None = new(null, false, []);
}
