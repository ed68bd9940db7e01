using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What is measured of a customer in a window. Money in whole minor units; conversion is 0 or 1.</summary>
public enum OutcomeMetric
{
    /// <summary>Net profit, capped at the experiment's cap: the decision metric.</summary>
    NetProfitCapped,

    /// <summary>Goods paid after all discounts − unit cost − contact cost, less returns; never capped.</summary>
    NetProfit,

    Conversion,
    Orders,

    /// <summary>Goods paid after all discounts, before returns.</summary>
    Revenue,

    /// <summary>On goods, before this campaign's discount and after returns: less <see cref="Discount"/> and the cost of contact it is <see cref="NetProfit"/>.</summary>
    Margin,

    /// <summary>This campaign's.</summary>
    Discount,

    /// <summary>Paid back for goods, in the window of their order.</summary>
    Returns,

    /// <summary>Units of the goods in the campaign's scope.</summary>
    Units,
}

/// <summary>When outcomes count; the three readings, and what followed the end.</summary>
public enum OutcomeReading
{
    /// <summary>From assignment to the later of assignment and the campaign's end, and the attribution days.</summary>
    Final,

    /// <summary>Everybody assigned, outcomes up to now.</summary>
    SoFar,

    /// <summary>Customers assigned at least so many days ago, their first days.</summary>
    FirstDays,

    /// <summary>The 28 or 56 days after the campaign's end.</summary>
    After,
}

/// <summary>An arm as it was planned.</summary>
/// <param name="Key">control, current, or a variant's key.</param>
/// <param name="Share">Planned share of the enrolled, 0 … 1; the shares of an epoch add up to 1.</param>
public sealed record PlannedArm(string Key, double Share)
{
    public const string Control = "control";
    public const string Current = "current";
}

/// <summary>One arm's addable sums.</summary>
/// <param name="Arm">The arm's key.</param>
/// <param name="Metrics">By metric; all have the same count.</param>
/// <param name="Cross">Products of the columns in <see cref="CrossColumns"/>; null where the source has none (a data set without money).</param>
public sealed record ArmCell(string Arm, IReadOnlyDictionary<OutcomeMetric, OutcomeSums> Metrics, CrossSums? Cross)
{
    /// <summary>
    /// Columns of <see cref="Cross"/>, in order: capped net profit, the same in the 28 days before assignment (0 where missing), 1 where that is missing,
    /// revenue, returns, margin, discount.
    /// </summary>
    public const int CrossColumns = 7;

    /// <summary>Of a data set: its outcomes by their place in <see cref="ExperimentSums.Named"/>; empty for a campaign.</summary>
    public IReadOnlyList<NamedSums> Named { get; init; } = [];
}

/// <summary>An outcome of a data set, which has names of its own.</summary>
/// <param name="Name">As the file calls it.</param>
/// <param name="Currency">ISO code of money; null for yes or no.</param>
/// <param name="Cap">Cap of money in minor units; null where it is not capped.</param>
/// <param name="CapTop">The cap is the 99th percentile instead of the 95th.</param>
public sealed record NamedOutcome(string Name, string? Currency, long? Cap, bool CapTop);

/// <summary>One arm's sums of an outcome of a data set.</summary>
/// <param name="Sums">Whole minor units, or 0 and 1.</param>
/// <param name="Capped">The same with each customer capped; null without a cap.</param>
/// <param name="Positive">Customers above 0: the buyers of a money outcome.</param>
public sealed record NamedSums(OutcomeSums Sums, OutcomeSums? Capped, long Positive);

/// <summary>Customers whose first d days closed on a local day, by arm: one step of the curve. d is the days that are read while the experiment runs.</summary>
public sealed record ClosingDay(DateOnly Day, IReadOnlyList<ArmCell> Arms);

/// <summary>
/// The arms of one segment as of assignment, e.g. lifecycle = new. Dimensions: lifecycle, value (none, low, medium, high by what was spent in the year before), region, channel, tier.
/// A segment that is not known is "", and of a dimension with many the smaller ones are "other".
/// </summary>
public sealed record SegmentCell(string Dimension, string Segment, IReadOnlyList<ArmCell> Arms);

/// <summary>The arms in one reading.</summary>
/// <param name="Reading">Which.</param>
/// <param name="Days">For <see cref="OutcomeReading.FirstDays"/> the d, for <see cref="OutcomeReading.After"/> 28 or 56; else 0.</param>
/// <param name="Arms">All customers.</param>
/// <param name="Segments">The same by segment; empty where not kept.</param>
public sealed record ReadingSums(OutcomeReading Reading, int Days, IReadOnlyList<ArmCell> Arms, IReadOnlyList<SegmentCell> Segments);

/// <summary>Customers assigned on a local day, by arm and by segment, whether their windows are closed or not: for sample ratios.</summary>
public sealed record AssignedCount(DateOnly Day, string Dimension, string Segment, string Arm, long Customers);

/// <summary>One epoch: a time in which arms, offers and salt stayed the same.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="VersionId">The campaign's version in force; null for a data set.</param>
/// <param name="Arms">As planned, control first.</param>
/// <param name="From">UTC.</param>
/// <param name="Until">UTC; null while it runs.</param>
/// <param name="Readings">What there is.</param>
/// <param name="Assigned">By day; with <c>Dimension</c> "" for everybody.</param>
/// <param name="Mismatches">Exposures whose arm is not what the hash says: an alarm.</param>
/// <param name="Balance">By arm: sums and products of standardised covariates before assignment, named in <see cref="BalanceColumns"/>; empty where none.</param>
public sealed record EpochSums(
    int Epoch,
    string? VersionId,
    IReadOnlyList<PlannedArm> Arms,
    DateTime From,
    DateTime? Until,
    IReadOnlyList<ReadingSums> Readings,
    IReadOnlyList<AssignedCount> Assigned,
    long Mismatches,
    IReadOnlyDictionary<string, CrossSums> Balance,
    IReadOnlyList<string> BalanceColumns)
{
    /// <summary>Minor units of one unit of each balance column; empty where all are 1.</summary>
    public IReadOnlyList<double> BalanceUnits { get; init; } = [];

    /// <summary>For the curve, from the first day; segments and cross products are not needed. Empty where not kept.</summary>
    public IReadOnlyList<ClosingDay> Closing { get; init; } = [];
}

/// <summary>Everything that is read of an experiment as of a moment, as whole numbers: equal inputs give equal bits.</summary>
/// <param name="Experiment">The experiment; a campaign's id where it belongs to one.</param>
/// <param name="AsOf">UTC; outcomes up to then.</param>
/// <param name="Freshness">UTC time of the last order or event recorded; null where nothing is.</param>
/// <param name="ClosesAt">UTC time at which the last window closes; null while no end is planned.</param>
/// <param name="Provisional">Returns may still come in.</param>
/// <param name="Cap">Cap of money in minor units; null where money is not capped.</param>
/// <param name="CapTop">The cap is the 99th percentile instead of the 95th.</param>
/// <param name="Currency">ISO code; null for a data set without money.</param>
/// <param name="Leaks">Redemptions by guests and by customers held out, by kind ("guest", "control").</param>
/// <param name="Epochs">From the first.</param>
public sealed record ExperimentSums(
    Guid Experiment,
    DateTime AsOf,
    DateTime? Freshness,
    DateTime? ClosesAt,
    bool Provisional,
    long? Cap,
    bool CapTop,
    string? Currency,
    IReadOnlyDictionary<string, long> Leaks,
    IReadOnlyList<EpochSums> Epochs)
{
    /// <summary>
    /// Outcomes of a data set, in the order of <see cref="ArmCell.Named"/>. Its <see cref="ArmCell.Cross"/> has them in this order (money whole), then the covariate
    /// from before and its missing flag where there is one. Empty for a campaign.
    /// </summary>
    public IReadOnlyList<NamedOutcome> Named { get; init; } = [];

    /// <summary>Of a data set: the feature that was known before; null where there is none.</summary>
    public string? Covariate { get; init; }

    /// <summary>Minor units of one unit of the covariate.</summary>
    public double CovariateUnits { get; init; } = 1;
}
