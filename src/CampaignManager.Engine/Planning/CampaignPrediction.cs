namespace CampaignManager.Engine.Planning;

/// <summary>What a planned campaign is expected to do; the shape of the API's answer. Money in major units of <see cref="Currency"/>.</summary>
/// <param name="ModelId">The model version it comes from.</param>
/// <param name="Extrapolated">The offer lies outside those ever tried; intervals are widened for it.</param>
/// <param name="Segments">Segments of the audience, lifecycle first, then favourite categories; each kind adds up to the total.</param>
/// <param name="Total">The whole audience.</param>
/// <param name="Currency">ISO code.</param>
/// <param name="Distance">How far outside the range tried, in units of that range; 0 inside.</param>
/// <param name="Campaigns">Past campaigns learnt from.</param>
/// <param name="Exposures">Rows learnt from.</param>
/// <param name="HoldoutPercent">Share of the audience that will not get the offer; totals count the others.</param>
/// <param name="MarginAssumedShare">Share of products whose margin is the store-wide setting, for want of a unit cost.</param>
public sealed record CampaignPrediction(
    Guid ModelId,
    bool Extrapolated,
    IReadOnlyList<SegmentPrediction> Segments,
    SegmentPrediction Total,
    string Currency,
    double Distance,
    int Campaigns,
    long Exposures,
    decimal HoldoutPercent,
    double MarginAssumedShare)
{
    /// <summary>In what the offer lies outside those ever tried; empty inside.</summary>
    public IReadOnlyList<OutsideTried> Outside { get; init; } = [];

    /// <summary>The same with the offer's values and the ranges tried, for the dimensions that have numbers.</summary>
    public IReadOnlyList<OutsideDimension> OutsideRanges { get; init; } = [];

    /// <summary>The period all figures are for: so many days after a customer enters the campaign.</summary>
    public int WindowDays { get; init; }

    /// <summary>What is to be said beside it of the model's condition: <c>model-drifted</c>, <c>model-stale</c>,
    /// <c>model-undone-data</c>. A page looks that up by itself.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>One segment's line. Rates are shares (0.018 = 1.8 pp); 90 % intervals.</summary>
/// <param name="Segment">Segment key; <c>total</c> for the whole audience.</param>
/// <param name="Kind"><c>lifecycle</c>, <c>favourite</c> or <c>total</c>.</param>
/// <param name="Size">Customers.</param>
/// <param name="BaselineConversion">Share who would buy without the campaign.</param>
/// <param name="Uplift">What the campaign adds to it.</param>
/// <param name="UpliftLow">Lower end of its interval.</param>
/// <param name="UpliftHigh">Upper end.</param>
/// <param name="IncrementalOrders">Orders because of the campaign.</param>
/// <param name="IncrementalMargin">Margin because of the campaign, before discounts.</param>
/// <param name="DiscountCost">Discounts to be paid.</param>
/// <param name="ToSureBuyersUpTo">At most this much of them goes to those who would have bought anyway.</param>
/// <param name="NetProfit">Margin less discounts.</param>
/// <param name="NetProfitLow">Lower end of its interval.</param>
/// <param name="NetProfitHigh">Upper end.</param>
/// <param name="Roi">Net profit per unit of discount; null without any.</param>
public sealed record SegmentPrediction(
    string Segment,
    string Kind,
    int Size,
    double BaselineConversion,
    double Uplift,
    double UpliftLow,
    double UpliftHigh,
    double IncrementalOrders,
    double IncrementalMargin,
    double DiscountCost,
    double ToSureBuyersUpTo,
    double NetProfit,
    double NetProfitLow,
    double NetProfitHigh,
    double? Roi)
{
    /// <summary>Customers who get the offer, all but the holdout: orders, margin, cost and profit are theirs.</summary>
    public int Treated { get; init; }

    /// <summary>Lower end of the interval of <see cref="Uplift"/> that holds for all segments of the kind at once.</summary>
    public double UpliftJointLow { get; init; }

    /// <summary>Upper end.</summary>
    public double UpliftJointHigh { get; init; }

    /// <summary>Lower end of the interval of <see cref="NetProfit"/> that holds for all segments of the kind at once.</summary>
    public double NetProfitJointLow { get; init; }

    /// <summary>Upper end.</summary>
    public double NetProfitJointHigh { get; init; }

    /// <summary>The line with the intervals that hold for all segments of its kind at once; only uplift and net profit have them.</summary>
    public SegmentPrediction AllAtOnce() => this with
    {
        UpliftLow = UpliftJointLow,
        UpliftHigh = UpliftJointHigh,
        NetProfitLow = NetProfitJointLow,
        NetProfitHigh = NetProfitJointHigh,
    };

    /// <summary>Lower end of the interval of <see cref="IncrementalOrders"/>.</summary>
    public double IncrementalOrdersLow { get; init; }

    /// <summary>Upper end.</summary>
    public double IncrementalOrdersHigh { get; init; }

    /// <summary>Lower end of the interval of <see cref="IncrementalMargin"/>.</summary>
    public double IncrementalMarginLow { get; init; }

    /// <summary>Upper end.</summary>
    public double IncrementalMarginHigh { get; init; }

    /// <summary>Lower end of the interval of <see cref="DiscountCost"/>.</summary>
    public double DiscountCostLow { get; init; }

    /// <summary>Upper end.</summary>
    public double DiscountCostHigh { get; init; }

    /// <summary>Lower end of the interval of <see cref="Roi"/>; null where the discounts themselves cannot be told from zero.</summary>
    public double? RoiLow { get; init; }

    /// <summary>Upper end.</summary>
    public double? RoiHigh { get; init; }
}
