using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.FirstSteps;

/// <summary>What the advice is about.</summary>
public enum AdviceMetric
{
    /// <summary>Net profit a customer, major units.</summary>
    NetProfit,

    /// <summary>Share of customers who order: nobody said what an order earns.</summary>
    Conversion,
}

/// <summary>What a share held out lets be seen.</summary>
/// <param name="Share">0..1.</param>
/// <param name="HeldOut">Customers.</param>
/// <param name="Detectable">By <see cref="ExperimentAdvice.Columns"/>: smallest difference a customer seen four times in five; null where none is.</param>
public sealed record AdviceRow(double Share, long HeldOut, IReadOnlyList<double?> Detectable);

/// <summary>What a campaign's experiment can tell, against the effect at which its offer breaks even.</summary>
/// <param name="Metric">Net profit, or conversion where no margin is known.</param>
/// <param name="Currency">Of money.</param>
/// <param name="Customers">In the audience now.</param>
/// <param name="Days">Days it runs; 28 where no end is planned.</param>
/// <param name="HasEnd">Whether an end is planned.</param>
/// <param name="AttributionDays">Days after it in which outcomes count.</param>
/// <param name="Alike">Customers of the past window that the figures come from.</param>
/// <param name="Buying">Share of them who ordered in as many days.</param>
/// <param name="Baseline">The metric a customer without the campaign.</param>
/// <param name="Margin">What an order that earns the offer brings before it, major units; null where not known.</param>
/// <param name="Discount">What the offer takes off such an order; null where not known.</param>
/// <param name="Target">Effect a customer at which it breaks even; null where nobody can tell, or none pays.</param>
/// <param name="Verdict">What can be done at best.</param>
/// <param name="SuggestedShare">The smallest usual share that sees the target (without one: half of the baseline); null: none.</param>
/// <param name="Columns">Days run, ascending, <paramref name="Days"/> among them.</param>
/// <param name="Rows">By share, the campaign's own among them.</param>
/// <param name="Own">The campaign's own share, 0..1.</param>
/// <param name="DaysLeft">While it runs: days until the target is seen; null where it is not within the days looked ahead.</param>
public sealed record ExperimentAdvice(
    AdviceMetric Metric, string Currency, long Customers, int Days, bool HasEnd, int AttributionDays, long Alike, double Buying, double Baseline,
    double? Margin, double? Discount, double? Target, FirstExperimentVerdict Verdict, double? SuggestedShare, IReadOnlyList<int> Columns,
    IReadOnlyList<AdviceRow> Rows, double Own, int? DaysLeft)
{
    /// <summary>What the campaign's own share sees at its end.</summary>
    public double? OwnDetectable => Rows.FirstOrDefault(r => r.Share == Own)?.Detectable[Columns.ToList().IndexOf(Days)];
}
