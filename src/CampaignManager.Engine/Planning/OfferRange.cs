namespace CampaignManager.Engine.Planning;

/// <summary>An offer reduced to what makes offers alike: mechanic, threshold, depth, breadth.</summary>
/// <param name="Mechanic">The mechanic's name.</param>
/// <param name="Threshold">Spend to reach for the shop's usual basket, major units, positive.</param>
/// <param name="Depth">Share that comes off there, 0..1.</param>
/// <param name="Breadth">Share of the shop's categories in scope, 0..1.</param>
public readonly record struct OfferPosition(string Mechanic, double Threshold, double Depth, double Breadth);

/// <summary>In what an offer lies outside those tried.</summary>
public enum OutsideTried
{
    /// <summary>No campaign had this mechanic.</summary>
    Mechanic,

    /// <summary>None asked for so little spend.</summary>
    ThresholdLow,

    /// <summary>None asked for so much.</summary>
    ThresholdHigh,

    /// <summary>None took so little off.</summary>
    DepthLow,

    /// <summary>None took so much off.</summary>
    DepthHigh,

    /// <summary>None covered so few categories.</summary>
    BreadthLow,

    /// <summary>None covered so many.</summary>
    BreadthHigh,
}

/// <summary>A dimension in which an offer lies outside those tried, with its value and the range tried.</summary>
/// <param name="What">Which, and on which side.</param>
/// <param name="Value">Of the offer: spend in major units, or a share; NaN for the mechanic.</param>
/// <param name="Low">Least that was tried.</param>
/// <param name="High">Most that was tried.</param>
public readonly record struct OutsideDimension(OutsideTried What, double Value, double Low, double High);

/// <summary>The offers a shop has tried: says how far a planned one lies outside them.</summary>
/// <param name="tried">The offers tried.</param>
public sealed class OfferRange(IReadOnlyList<OfferPosition> tried)
{
    private const int Dimensions = 3;

    // In the order in which positions are written.
    private static readonly (OutsideTried Low, OutsideTried High)[] Ends =
    [
        (OutsideTried.ThresholdLow, OutsideTried.ThresholdHigh),
        (OutsideTried.DepthLow, OutsideTried.DepthHigh),
        (OutsideTried.BreadthLow, OutsideTried.BreadthHigh),
    ];

    /// <summary>The offers tried.</summary>
    public IReadOnlyList<OfferPosition> Tried => tried;

    /// <summary>
    /// 0 when every dimension lies inside the range tried with this mechanic (or, the mechanic aside, in any campaign); else the distance to the nearest
    /// tried offer in units of the range tried. A mechanic never tried adds 1.
    /// </summary>
    public double Distance(in OfferPosition offer)
    {
        if (tried.Count == 0)
            return double.PositiveInfinity;
        Span<double> point = stackalloc double[Dimensions];
        Write(offer, point);
        Span<double> low = stackalloc double[Dimensions];
        Span<double> high = stackalloc double[Dimensions];
        Span<double> other = stackalloc double[Dimensions];
        var sameMechanic = Range(offer.Mechanic, low, high);
        var inside = true;
        for (var d = 0; d < Dimensions; d++)
            inside &= !IsBelow(point[d], low[d]) && !IsBelow(high[d], point[d]);
        var distance = inside ? 0 : double.MaxValue;
        if (!inside)
        {
            foreach (var past in tried)
            {
                Write(past, other);
                var farthest = 0.0;
                for (var d = 0; d < Dimensions; d++)
                    farthest = Math.Max(farthest, Math.Abs(point[d] - other[d]) / Math.Max(high[d] - low[d], 0.1));
                distance = Math.Min(distance, farthest);
            }
        }

        return distance + (sameMechanic ? 0 : 1);
    }

    /// <summary>In which dimensions the offer lies outside; nothing exactly where <see cref="Distance"/> is 0.</summary>
    public IReadOnlyList<OutsideTried> Outside(in OfferPosition offer)
    {
        if (tried.Count == 0)
            return [OutsideTried.Mechanic];
        Span<double> point = stackalloc double[Dimensions];
        Write(offer, point);
        Span<double> low = stackalloc double[Dimensions];
        Span<double> high = stackalloc double[Dimensions];
        List<OutsideTried> outside = Range(offer.Mechanic, low, high) ? [] : [OutsideTried.Mechanic];
        for (var d = 0; d < Dimensions; d++)
        {
            if (IsBelow(point[d], low[d]))
                outside.Add(Ends[d].Low);
            else if (IsBelow(high[d], point[d]))
                outside.Add(Ends[d].High);
        }

        return outside;
    }

    /// <summary>The same with values and ranges, as they are said to people.</summary>
    public IReadOnlyList<OutsideDimension> Named(OfferPosition offer) => [.. Outside(offer).Select(what => what switch
    {
        OutsideTried.ThresholdLow or OutsideTried.ThresholdHigh => Of(what, offer.Threshold, p => p.Threshold),
        OutsideTried.DepthLow or OutsideTried.DepthHigh => Of(what, offer.Depth, p => p.Depth),
        OutsideTried.BreadthLow or OutsideTried.BreadthHigh => Of(what, offer.Breadth, p => p.Breadth),
        _ => new OutsideDimension(what, double.NaN, double.NaN, double.NaN),
    })];

    private OutsideDimension Of(OutsideTried what, double value, Func<OfferPosition, double> of) =>
        new(what, value, tried.Min(of), tried.Max(of));

    /// <summary>How unlike two offers are, 0..1: the largest difference of a dimension in units of the range tried, capped.</summary>
    public double Difference(in OfferPosition one, in OfferPosition two)
    {
        if (one.Mechanic != two.Mechanic)
            return 1;
        Span<double> a = stackalloc double[Dimensions];
        Span<double> b = stackalloc double[Dimensions];
        Span<double> other = stackalloc double[Dimensions];
        Write(one, a);
        Write(two, b);
        var farthest = 0.0;
        for (var d = 0; d < Dimensions; d++)
        {
            double low = Math.Min(a[d], b[d]), high = Math.Max(a[d], b[d]);
            foreach (var past in tried)
            {
                Write(past, other);
                low = Math.Min(low, other[d]);
                high = Math.Max(high, other[d]);
            }

            farthest = Math.Max(farthest, Math.Abs(a[d] - b[d]) / Math.Max(high - low, 0.1));
        }

        return Math.Min(1, farthest);
    }

    private static bool IsBelow(double value, double end) => value < end - 1e-9;

    /// <summary>The range tried by dimension.</summary>
    /// <returns>Whether the mechanic was among them.</returns>
    private bool Range(string mechanic, Span<double> low, Span<double> high)
    {
        low.Fill(double.MaxValue);
        high.Fill(double.MinValue);
        Span<double> other = stackalloc double[Dimensions];
        var sameMechanic = false;
        foreach (var past in tried)
        {
            sameMechanic |= past.Mechanic == mechanic;
            Write(past, other);
            for (var d = 0; d < Dimensions; d++)
            {
                low[d] = Math.Min(low[d], other[d]);
                high[d] = Math.Max(high[d], other[d]);
            }
        }

        return sameMechanic;
    }

    /// <summary>Thresholds differ by ratios, so they are compared on a logarithmic scale.</summary>
    private static void Write(in OfferPosition offer, Span<double> into)
    {
        into[0] = Math.Log(Math.Max(offer.Threshold, 1e-6));
        into[1] = offer.Depth * 5;
        into[2] = offer.Breadth;
    }
}
