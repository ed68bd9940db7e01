using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>How a metric is written.</summary>
public enum MetricKind
{
    /// <summary>Money, in major units.</summary>
    Money,

    /// <summary>A share of customers; differences are percent points.</summary>
    Share,

    /// <summary>Orders, units: a number a customer.</summary>
    Count,
}

/// <summary>An arm's raw figures.</summary>
/// <param name="Count">Customers.</param>
/// <param name="Mean">A customer; over several epochs weighed as the effect is, so that the means' difference is the effect.</param>
/// <param name="Variance">Sample variance; null over several epochs and below two customers.</param>
/// <param name="Sum">Of all customers.</param>
public sealed record ArmFigures(long Count, double? Mean, double? Variance, double Sum);

/// <summary>Money with each customer capped, which is what decisions are read from.</summary>
/// <param name="Cap">In major units.</param>
/// <param name="TopPercent">95 or 99: the percentile it is.</param>
/// <param name="Effect">Corrected for skewness after Hall.</param>
public sealed record CappedEffect(double Cap, int TopPercent, ArmFigures Control, ArmFigures Treated, EffectInterval Effect, RelativeEffect Relative);

/// <summary>One metric of two arms.</summary>
/// <param name="Metric">Its name: netProfit, conversion ... or an outcome of a data set.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Currency">ISO code of money.</param>
/// <param name="Effect">A customer, treated − control, of whole amounts; its ends are null where the gate or the data do not let them be told.</param>
/// <param name="Total">Over all treated; never capped.</param>
/// <param name="Relative">Over control; its interval is shown only where <see cref="RelativeEffect.Shown"/>.</param>
/// <param name="Capped">Null where money has no cap, and of other metrics.</param>
/// <param name="Cuped">Beside it, adjusted for what was known before; of capped money where there is a cap.</param>
/// <param name="Newcombe">Of shares.</param>
/// <param name="GateWeight">Buyers × the smaller arm's share.</param>
/// <param name="GateNeeded">What an interval takes.</param>
public sealed record MetricResult(
    string Metric, MetricKind Kind, string? Currency, ArmFigures Control, ArmFigures Treated, EffectInterval Effect, EffectInterval Total, RelativeEffect Relative,
    CappedEffect? Capped, Cuped? Cuped, Band? Newcombe, double GateWeight, double GateNeeded)
{
    /// <summary>The effect that is judged: capped where there is a cap.</summary>
    public EffectInterval Read => Capped?.Effect ?? Effect;

    /// <summary>Why there is no interval; null where there is one.</summary>
    public string? Reason => Read.Reason;
}

/// <summary>A ratio of sums: margin of revenue, returns of revenue, money of an order.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Difference">Both arms' ratios and their difference.</param>
public sealed record RatioResult(string Metric, MetricKind Kind, string? Currency, RatioDifference Difference);

/// <summary>A guardrail as it was read.</summary>
public sealed record GuardrailResult(GuardrailRule Rule, RatioDifference Difference, GuardrailVerdict Verdict);

/// <summary>What the campaign's discounts went to, over all treated; money.</summary>
/// <param name="Given">Discount paid to the treated.</param>
/// <param name="Incremental">More than control was given, with its interval.</param>
/// <param name="ToSureBuyersUpTo">At most so much of it went to customers who would have bought anyway.</param>
/// <param name="Roi">Net profit per discount given; null where nothing was given.</param>
public sealed record DiscountSplit(double Given, EffectInterval Incremental, double? ToSureBuyersUpTo, double? Roi);
