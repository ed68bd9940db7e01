namespace CampaignManager.Application.ShopData.Quality;

/// <summary>What is measured of each source and table, by the names that stand in reports, settings and webhooks.</summary>
public static class QualityChecks
{
    /// <summary>Share of the rows without a value of a column. A column that is never filled is not delivered, and not judged.</summary>
    public const string Missing = "missing";

    /// <summary>Share of the rows that say what another one says, under another id.</summary>
    public const string Duplicates = "duplicates";

    /// <summary>Share of the values far beyond the others: three interquartile ranges of the logarithm, at least a factor of eight.</summary>
    public const string Outliers = "outliers";

    /// <summary>Population stability index of a column against the days before, less what chance alone brings.</summary>
    public const string Drift = "drift";

    /// <summary>Days without anything between days with something.</summary>
    public const string Gaps = "gaps";

    /// <summary>Share of the orders whose lines, discounts and shipping do not give their total.</summary>
    public const string Reconciliation = "reconciliation";

    /// <summary>Share of the events of whoever did more than a hundred things in ten minutes.</summary>
    public const string Bots = "bots";

    /// <summary>Share of the rows that were known more than 48 hours afterwards.</summary>
    public const string Late = "late";

    public static readonly IReadOnlyList<string> All = [Missing, Duplicates, Outliers, Drift, Gaps, Reconciliation, Bots, Late];
}

/// <param name="Warn">From here on somebody should look.</param>
/// <param name="Fail">From here on figures should not be trusted.</param>
public sealed record QualityThreshold(double Warn, double Fail)
{
    public static readonly IReadOnlyDictionary<string, QualityThreshold> Usual = new Dictionary<string, QualityThreshold>
    {
        [QualityChecks.Missing] = new(0.2, 0.5),
        [QualityChecks.Duplicates] = new(0.01, 0.05),
        [QualityChecks.Outliers] = new(0.005, 0.02),
        [QualityChecks.Drift] = new(0.1, 0.25),
        [QualityChecks.Gaps] = new(1, 3),
        [QualityChecks.Reconciliation] = new(0.01, 0.05),
        [QualityChecks.Bots] = new(0.05, 0.2),
        [QualityChecks.Late] = new(0.05, 0.2),
    };

    public QualityGrade Of(double value) => value >= Fail ? QualityGrade.Fail : value >= Warn ? QualityGrade.Warn : QualityGrade.Ok;
}
