namespace CampaignManager.Engine.Planning;

/// <summary>A customer facing an offer, as the planner sees it.</summary>
/// <remarks>All ratios are plain numbers, not percent. NaN in <see cref="RecencyDays"/> means that the customer never ordered.</remarks>
public ref struct PlanningPoint
{
    /// <summary>Index of the lifecycle segment.</summary>
    public int Lifecycle { get; set; }

    /// <summary>Index of the favourite category; negative for none.</summary>
    public int Favourite { get; set; }

    /// <summary>Affinity per category, in scope or not; length: categories.</summary>
    public ReadOnlySpan<double> Affinity { get; set; }

    /// <summary>Affinity per category where the category is in scope, else 0; length: categories.</summary>
    public ReadOnlySpan<double> ScopeAffinity { get; set; }

    /// <summary>Sum of <see cref="ScopeAffinity"/>, 0..1.</summary>
    public double ScopeShare { get; set; }

    /// <summary>Threshold ÷ the customer's usual basket.</summary>
    public double ThresholdToBasket { get; set; }

    /// <summary>What comes off ÷ threshold.</summary>
    public double Depth { get; set; }

    /// <summary>Share of list price that past orders got off.</summary>
    public double DiscountShare { get; set; }

    /// <summary>Days since the last order; NaN without one.</summary>
    public double RecencyDays { get; set; }

    /// <summary>Orders so far.</summary>
    public double Frequency { get; set; }

    /// <summary>Product views in the last 30 days.</summary>
    public double Views30 { get; set; }

    /// <summary>Products put in the cart in the last 30 days.</summary>
    public double Carts30 { get; set; }

    /// <summary>The offer is percent off.</summary>
    public bool IsPercent { get; set; }

    /// <summary>The offer is free shipping.</summary>
    public bool IsFreeShipping { get; set; }
}

/// <summary>
/// The regressors on which effects of planned campaigns are projected: segments, how far the threshold lies from the usual basket, how deep the offer is,
/// how much of the customer's taste the scope covers, and the products of these that a marketer can act on. Values are scaled to about 0..1, so that one
/// ridge penalty means the same prior for each; products are penalised more than main terms (the hierarchy principle).
/// </summary>
public sealed class PlanningBasis
{
    private const double MaxRatio = 4;
    private const int OfferTerms = 10;
    private const int StateTerms = 5;
    private const int SharedOfferTerms = 8;
    private readonly int lifecycles;
    private readonly int categories;

    /// <summary>Builds the basis for a shop.</summary>
    /// <param name="lifecycles">Number of lifecycle segments.</param>
    /// <param name="categories">Number of product categories.</param>
    public PlanningBasis(int lifecycles, int categories)
    {
        this.lifecycles = lifecycles;
        this.categories = categories;
        int[] sizes =
        [
            lifecycles, categories, OfferTerms, StateTerms, 2 * lifecycles,
            1, lifecycles, SharedOfferTerms, StateTerms, 2 * lifecycles, categories,
            // A lifecycle's tastes have a variance of their own: newcomers may differ a lot by category where the others do not.
            .. Enumerable.Repeat(categories, lifecycles),
            categories,
            .. Enumerable.Repeat(categories, lifecycles),
        ];
        Blocks = [-1, .. sizes.SelectMany((size, block) => Enumerable.Repeat(block, size))];
        Length = Blocks.Count;
    }

    /// <summary>Number of regressors.</summary>
    public int Length { get; }

    /// <summary>Block of each regressor: regressors of a block share the variance of their coefficients. −1 for the intercept, which is not shrunk.</summary>
    public IReadOnlyList<int> Blocks { get; }

    /// <summary>Writes the regressors of a point.</summary>
    /// <param name="point">Customer and offer.</param>
    /// <param name="phi">Receives <see cref="Length"/> values.</param>
    public void Fill(in PlanningPoint point, Span<double> phi)
    {
        phi.Clear();
        phi[0] = 1;
        var at = 1;
        phi[at + point.Lifecycle] = 1;
        at += lifecycles;
        if (point.Favourite >= 0)
            phi[at + point.Favourite] = 1;
        at += categories;

        var ratio = Math.Clamp(point.ThresholdToBasket, 0, MaxRatio);
        var depth = Math.Clamp(point.Depth, 0, 0.6) / 0.2;
        var offToBasket = Math.Clamp(point.Depth * ratio, 0, 0.6) / 0.2;
        var price = Math.Clamp(point.DiscountShare, 0, 0.5) / 0.1;
        double low = Math.Min(ratio, 0.5) / 0.5, middle = Math.Clamp(ratio - 0.5, 0, 0.5) / 0.5, high = Math.Clamp(ratio - 1, 0, 1), far = Math.Clamp(ratio - 2, 0, 2) / 2;
        Put(phi, ref at, 1, [low, middle, high, far, depth, offToBasket, price, price * depth / 2, point.IsPercent ? 1 : 0, point.IsFreeShipping ? 1 : 0]);

        var never = double.IsNaN(point.RecencyDays);
        ReadOnlySpan<double> state =
        [
            never ? 0 : Math.Min(point.RecencyDays, 365) / 365,
            never ? 1 : 0,
            Math.Log(1 + point.Frequency) / 3,
            Math.Log(1 + point.Views30) / 4,
            Math.Log(1 + point.Carts30) / 3,
        ];
        Put(phi, ref at, 1, state);

        var reachable = 1 / (1 + ratio * ratio);
        phi[at + point.Lifecycle] = depth;
        phi[at + lifecycles + point.Lifecycle] = reachable;
        at += 2 * lifecycles;

        // An offer tempts through the goods in scope that a customer likes, so what moves its pull works times their share.
        var share = point.ScopeShare;
        phi[at++] = share;
        phi[at + point.Lifecycle] = share;
        at += lifecycles;
        Put(phi, ref at, share, [low, middle, high, far, depth, offToBasket, price, price * depth / 2]);
        Put(phi, ref at, share, state);
        phi[at + point.Lifecycle] = share * depth;
        phi[at + lifecycles + point.Lifecycle] = share * reachable;
        at += 2 * lifecycles;

        PutTastes(phi, ref at, point.Lifecycle, point.ScopeAffinity);
        // Who likes kitchen goods may answer more whatever is in scope. Without these the scope, which held kitchen more often than not, would get the credit.
        PutTastes(phi, ref at, point.Lifecycle, point.Affinity);
    }

    private void PutTastes(Span<double> phi, ref int at, int lifecycle, ReadOnlySpan<double> affinity)
    {
        for (var c = 0; c < categories; c++)
        {
            phi[at + c] = 2 * affinity[c];
            phi[at + (1 + lifecycle) * categories + c] = 2 * affinity[c];
        }

        at += (1 + lifecycles) * categories;
    }

    private static void Put(Span<double> phi, ref int at, double factor, ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            phi[at++] = factor * value;
    }
}
