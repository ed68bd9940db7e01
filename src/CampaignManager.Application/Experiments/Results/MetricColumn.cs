using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Where a metric's sums are found in an arm, be it a campaign's or a data set's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Currency">Of money.</param>
/// <param name="Units">Minor units of one unit.</param>
/// <param name="Cap">In minor units; null for none.</param>
/// <param name="CapTop">The cap is the 99th percentile.</param>
/// <param name="Sums">Whole amounts.</param>
/// <param name="Capped">Capped amounts.</param>
/// <param name="Buyers">Customers that the gate counts.</param>
/// <param name="Before">The three columns of y, y before and missing in the cross products, which CUPED takes; null where there are none.</param>
/// <param name="BeforeUnits">Minor units of y before.</param>
internal sealed record MetricColumn(
    string Name, MetricKind Kind, string? Currency, double Units, long? Cap, bool CapTop, Func<ArmCell, OutcomeSums?> Sums, Func<ArmCell, OutcomeSums?> Capped,
    Func<ArmCell, long> Buyers, int[]? Before, double BeforeUnits)
{
    /// <summary>Buyers × the smaller arm's share that an interval takes: money without a cap takes more.</summary>
    public double Needed { get; init; } = Gates.Successes;

    /// <summary>Whether money's interval is corrected for skewness.</summary>
    public bool Skewed { get; init; } = true;

    public const string NetProfit = "netProfit";
    public const string Conversion = "conversion";

    private static readonly (OutcomeMetric Metric, string Name, MetricKind Kind)[] Known =
    [
        (OutcomeMetric.NetProfit, NetProfit, MetricKind.Money), (OutcomeMetric.Conversion, Conversion, MetricKind.Share), (OutcomeMetric.Orders, "orders", MetricKind.Count),
        (OutcomeMetric.Revenue, "revenue", MetricKind.Money), (OutcomeMetric.Margin, "margin", MetricKind.Money), (OutcomeMetric.Discount, "discount", MetricKind.Money),
        (OutcomeMetric.Returns, "returns", MetricKind.Money), (OutcomeMetric.Units, "units", MetricKind.Count),
    ];

    /// <summary>All of them, the one that decides first.</summary>
    public static IReadOnlyList<MetricColumn> Of(ExperimentSums sums)
    {
        var minor = UnitsOf(sums.Currency);
        return sums.Named.Count > 0
            ? [.. sums.Named.Select((o, i) => OfNamed(sums, o, i)).OrderBy(c => c.Kind == MetricKind.Money ? 0 : 1)]
            : [.. Known.Select(k => OfKnown(k.Metric, k.Name, k.Kind, sums, minor))];
    }

    public static double UnitsOf(string? currency) => currency is null ? 1 : Engine.Money.Currency.TryGet(currency, out var known) ? known.MinorPerMajor : 100;

    private static MetricColumn OfKnown(OutcomeMetric metric, string name, MetricKind kind, ExperimentSums sums, double minor)
    {
        var decides = metric == OutcomeMetric.NetProfit;
        var money = kind == MetricKind.Money;
        return new MetricColumn(
            name, kind, money ? sums.Currency : null, money ? minor : 1, decides ? sums.Cap : null, sums.CapTop, a => Find(a, metric),
            a => decides ? Find(a, OutcomeMetric.NetProfitCapped) : null, a => (long)(Find(a, OutcomeMetric.Conversion)?.Sum ?? 0), decides ? [0, 1, 2] : null, minor)
        {
            Needed = !money ? Gates.Successes : OfMoney(sums.Cap),
        };
    }

    private static MetricColumn OfNamed(ExperimentSums sums, NamedOutcome outcome, int at)
    {
        var n = sums.Named.Count;
        return new MetricColumn(
            outcome.Name, outcome.Currency is null ? MetricKind.Share : MetricKind.Money, outcome.Currency, UnitsOf(outcome.Currency), outcome.Cap, outcome.CapTop,
            a => a.Named[at].Sums, a => a.Named[at].Capped, a => a.Named[at].Positive, sums.Covariate is null ? null : [at, n, n + 1], sums.CovariateUnits)
        {
            Needed = outcome.Currency is null ? Gates.Successes : OfMoney(outcome.Cap),
        };
    }

    private static double OfMoney(long? cap) => cap is null ? Gates.BuyersUncapped : Gates.Buyers;

    private static OutcomeSums? Find(ArmCell arm, OutcomeMetric metric) => arm.Metrics.TryGetValue(metric, out var sums) ? sums : null;
}
