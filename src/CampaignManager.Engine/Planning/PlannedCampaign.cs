using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>
/// A campaign laid over the shop's customers: sums of the planning basis by cell (customers alike in all their segments), from which every figure and every
/// bootstrap draw follows by a dot product. Comparing two of them gives the joint draws of their difference.
/// </summary>
public sealed class PlannedCampaign
{
    private readonly Planner planner;
    private readonly Cell?[] cells;

    private PlannedCampaign(Planner planner, CampaignRules rules, Cell?[] cells)
    {
        this.planner = planner;
        this.cells = cells;
        Rules = rules;
        Unit = planner.Unit.Of(rules.Offer);
        Position = planner.Unit.Position(rules, planner.Categories);
        TreatedShare = 1 - (double)(rules.Experiment.HoldoutPercent / 100);
    }

    /// <summary>The campaign.</summary>
    public CampaignRules Rules { get; }

    /// <summary>What one redemption costs, major units.</summary>
    public double Unit { get; }

    /// <summary>Where it stands among the offers tried.</summary>
    public OfferPosition Position { get; }

    /// <summary>Share of the audience that gets the offer: all but the holdout.</summary>
    public double TreatedShare { get; }

    /// <summary>Cells that this campaign shares unchanged with the one it was derived from are not computed again.</summary>
    public static PlannedCampaign Project(Planner planner, CampaignRules rules, PlannedCampaign? derivedFrom = null)
    {
        var sample = planner.Sample;
        var (keys, cellOf) = sample.Cells;
        var cells = new Cell?[keys.Count];
        var scopes = new bool[keys.Count][];
        var reuse = new bool[keys.Count];
        var sameOffer = derivedFrom is not null && derivedFrom.Rules.Offer.Equals(rules.Offer) && SameFilters(derivedFrom.Rules.Audience, rules.Audience);
        for (var cell = 0; cell < keys.Count; cell++)
        {
            var segments = sample.SegmentsOf(keys[cell]);
            scopes[cell] = ScopeOf(planner, rules, segments);
            if (!sameOffer || !scopes[cell].AsSpan().SequenceEqual(ScopeOf(planner, derivedFrom!.Rules, segments)))
                continue;
            reuse[cell] = rules.Audience.MatchesSegments(segments) == derivedFrom.Rules.Audience.MatchesSegments(segments);
            if (reuse[cell])
                cells[cell] = derivedFrom.cells[cell];
        }

        var phi = new double[planner.Basis.Length];
        for (var i = 0; i < sample.Count; i++)
        {
            var cell = cellOf[i];
            if (reuse[cell] || !sample.Matches(i, rules.Audience))
                continue;
            var sums = cells[cell] ??= new Cell(phi.Length);
            planner.FillPoint(i, rules.Offer, scopes[cell], phi);
            sums.Add(phi, sample.Weight, planner.SureShare(phi));
        }

        return new PlannedCampaign(planner, rules, cells);
    }

    /// <summary>Customers in the audience.</summary>
    public double Size(Func<int, int, bool>? within = null) => Sum(within).Weight;

    /// <summary>Sums over the cells that are wanted by lifecycle and favourite; all when null.</summary>
    internal Cell Sum(Func<int, int, bool>? within = null)
    {
        var keys = planner.Sample.Cells.Keys;
        var total = new Cell(planner.Basis.Length);
        for (var cell = 0; cell < cells.Length; cell++)
        {
            if (cells[cell] is { } sums && (within is null || within(keys[cell].Lifecycle, keys[cell].Favourite)))
                total.Add(sums);
        }

        return total;
    }

    /// <summary>Customers whose offer differs between two campaigns.</summary>
    public static double Touched(PlannedCampaign one, PlannedCampaign two)
    {
        double touched = 0;
        for (var cell = 0; cell < one.cells.Length; cell++)
        {
            if (!ReferenceEquals(one.cells[cell], two.cells[cell]))
                touched += Math.Max(one.cells[cell]?.Weight ?? 0, two.cells[cell]?.Weight ?? 0);
        }

        return touched;
    }

    internal static bool[] ScopeOf(Planner planner, CampaignRules rules, CustomerSegments segments) => segments.Favourite is { } favourite
        ? OfferScope.Resolve(rules.Scope, planner.Categories, segments.Lifecycle, favourite)
        : OfferScope.Resolve(rules.Scope, planner.Categories, segments.Lifecycle);

    private static bool SameFilters(Audience one, Audience two) => one.CustomerKinds.SequenceEqual(two.CustomerKinds)
        && one.Channels.SequenceEqual(two.Channels) && one.Regions.SequenceEqual(two.Regions);

    /// <summary>Sums over customers: weight, basis, and basis weighted by the share of buyers who would have bought anyway.</summary>
    internal sealed class Cell(int length)
    {
        public double Weight { get; private set; }

        public double[] Phi { get; } = new double[length];

        public double[] SurePhi { get; } = new double[length];

        public void Add(double[] phi, double weight, double sureShare)
        {
            Weight += weight;
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(phi, weight, Phi, Phi);
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(phi, weight * sureShare, SurePhi, SurePhi);
        }

        public void Add(Cell other)
        {
            Weight += other.Weight;
            System.Numerics.Tensors.TensorPrimitives.Add(Phi, other.Phi, Phi);
            System.Numerics.Tensors.TensorPrimitives.Add(SurePhi, other.SurePhi, SurePhi);
        }
    }
}
