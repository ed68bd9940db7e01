using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>
/// The shop's customers as of now, in columns, at most <see cref="Cap"/> of them (picked by hash; each then stands for <see cref="Weight"/> customers).
/// </summary>
public sealed class AudienceSample
{
    /// <summary>Customers at most.</summary>
    public const int Cap = 40_000;

    /// <summary>What the rows were read from, opaque: two samples of the same origin are alike.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The shop's categories.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>Index into <see cref="Segments.LifecycleKeys"/>.</summary>
    public required int[] Lifecycle { get; init; }

    /// <summary>Index of the favourite category; −1 for none.</summary>
    public required int[] Favourite { get; init; }

    /// <summary>Row-major: customers × categories.</summary>
    public required float[] Affinity { get; init; }

    /// <summary>What a customer usually spends per order, major units.</summary>
    public required double[] UsualBasket { get; init; }

    /// <summary>Discounts of past orders by their list price.</summary>
    public required double[] DiscountShare { get; init; }

    /// <summary>NaN without an order.</summary>
    public required double[] RecencyDays { get; init; }

    /// <summary>Orders so far.</summary>
    public required double[] Orders { get; init; }

    /// <summary>Products looked at in the last 30 days.</summary>
    public required double[] Views30 { get; init; }

    /// <summary>Products put into the cart in the last 30 days.</summary>
    public required double[] Carts30 { get; init; }

    /// <summary>Which of <see cref="UpliftSegments"/>.</summary>
    public required int[] Uplift { get; init; }

    /// <summary>The sets of saved audiences that customers are in, each once; the first is none.</summary>
    public IReadOnlyList<IReadOnlyList<string>> OwnSets { get; init; } = [[]];

    /// <summary>Index into <see cref="OwnSets"/> of each customer; null: all in none.</summary>
    public int[]? Own { get; init; }

    /// <summary>Where each is; empty where that is not known.</summary>
    public required string[] Region { get; init; }

    /// <summary>Where each buys; empty where that is not known.</summary>
    public required string[] Channel { get; init; }

    /// <summary>Customers each row stands for.</summary>
    public required double Weight { get; init; }

    /// <summary>Rows.</summary>
    public int Count => Lifecycle.Length;

    /// <summary>Customers who are alike in all their segments: what a cell of a plan holds. Worked out once.</summary>
    internal (IReadOnlyList<CellKey> Keys, int[] Of) Cells => cells ??= GroupCells();

    private (IReadOnlyList<CellKey> Keys, int[] Of)? cells;

    private (IReadOnlyList<CellKey> Keys, int[] Of) GroupCells()
    {
        var of = new int[Count];
        List<CellKey> keys = [];
        var places = new Dictionary<CellKey, int>();
        for (var i = 0; i < of.Length; i++)
        {
            var key = new CellKey(Lifecycle[i], Favourite[i], Uplift[i], Own?[i] ?? 0);
            if (!places.TryGetValue(key, out of[i]))
            {
                places[key] = of[i] = keys.Count;
                keys.Add(key);
            }
        }

        return (keys, of);
    }

    /// <summary>The segments of a cell's customers.</summary>
    internal CustomerSegments SegmentsOf(CellKey cell) => new(
        Segments.LifecycleKeys[cell.Lifecycle], cell.Favourite >= 0 ? SegmentKeys.Favourite(Categories[cell.Favourite]) : null, cell.Uplift, OwnSets[cell.Own]);

    /// <summary>A customer's taste for each of the categories.</summary>
    public ReadOnlySpan<float> AffinityOf(int customer) => Affinity.AsSpan(customer * Categories.Count, Categories.Count);

    /// <summary>Whether a customer is in the audience.</summary>
    public bool Matches(int i, Audience audience) => audience.Matches(new Member(this, i));

    private readonly struct Member(AudienceSample sample, int i) : IAudienceMember
    {
        private readonly CustomerSegments segments =
            sample.SegmentsOf(new CellKey(sample.Lifecycle[i], sample.Favourite[i], sample.Uplift[i], sample.Own?[i] ?? 0));

        public bool? IsNew => sample.Orders[i] == 0;

        public string? Channel => sample.Channel[i];

        public string? Region => sample.Region[i];

        public bool IsIn(string segment) => segments.IsIn(segment);
    }
}

/// <summary>What segments tell customers apart by: lifecycle, favourite category (−1 for none), segments by uplift, set of saved audiences.</summary>
internal readonly record struct CellKey(int Lifecycle, int Favourite, int Uplift, int Own);
