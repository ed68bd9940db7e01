using System.Numerics;
using CampaignManager.Engine.Experiments.Sums;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>Customers who are alike in epoch, arm and all segments.</summary>
internal readonly record struct CellKey(int Epoch, int Arm, string Lifecycle, string Value, string Region, string Channel, string Tier)
{
    public const string Columns = "c.epoch, c.arm, c.lifecycle, c.value, c.region, c.channel, c.tier";

    public const int Count = 7;

    public string Segment(int dimension) => dimension switch { 0 => Lifecycle, 1 => Value, 2 => Region, 3 => Channel, _ => Tier };

    public static CellKey Read(DuckDBDataReader r) =>
        new(r.GetInt32(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6));
}

/// <summary>Whole numbers that add up: customers, sums, squares and cubes of each metric, sums and products of the columns of <see cref="ArmCell.Cross"/>.</summary>
internal static class CellSums
{
    private const int Powers = 3;
    private const int Yes = 2;

    public static readonly OutcomeMetric[] Metrics = Enum.GetValues<OutcomeMetric>();

    public static readonly int Pairs = ArmCell.CrossColumns * (ArmCell.CrossColumns + 1) / 2;

    private static readonly int CrossAt = 1 + (Metrics.Length * Powers);

    public static readonly int Length = CrossAt + ArmCell.CrossColumns + Pairs;

    /// <summary>Names of the columns of a customer's outcome, in the order of the metrics.</summary>
    private static readonly string[] Names = ["capped", "net", "1", "orders", "revenue", "margin", "discount", "returns", "units"];

    private static readonly string[] CrossNames = ["capped", "x", "missing", "revenue", "returns", "margin", "discount"];

    /// <summary>All of them as SQL over columns of these names; whole numbers of 128 bits, and an error beyond.</summary>
    public static string Sql
    {
        get
        {
            var sums = new List<string> { "count(*)::HUGEINT" };
            foreach (var name in Names)
                sums.AddRange(name == "1" ? [One, One, One] : [$"sum({name}::HUGEINT)", Product(name, name), $"sum({name}::HUGEINT * {name} * {name})"]);
            sums.AddRange(CrossNames.Select(c => $"sum({c}::HUGEINT)"));
            for (var i = 0; i < CrossNames.Length; i++)
                sums.AddRange(CrossNames.Take(i + 1).Select(other => Product(CrossNames[i], other)));
            return string.Join(", ", sums);
        }
    }

    private const string One = "count(*)::HUGEINT";

    private static string Product(string a, string b) => $"sum({a}::HUGEINT * {b})";

    public static Int128[] Read(DuckDBDataReader r, int from)
    {
        var sums = new Int128[Length];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = (Int128)r.GetFieldValue<BigInteger>(from + i);
        return sums;
    }

    /// <summary>Of those who ordered nothing: each cost what it takes to reach one.</summary>
    /// <param name="count">Customers.</param>
    /// <param name="x">Their Σ x.</param>
    /// <param name="xx">Σ x².</param>
    /// <param name="missing">Of how many it is missing.</param>
    /// <param name="net">What each brought: 0, less the cost of reaching them.</param>
    /// <param name="capped">The same, capped.</param>
    public static Int128[] WithoutOrders(Int128 count, Int128 x, Int128 xx, Int128 missing, long net, long capped)
    {
        var sums = new Int128[Length];
        sums[0] = count;
        foreach (var (metric, y) in new[] { (0, (Int128)capped), (1, net) })
            (sums[1 + (metric * Powers)], sums[2 + (metric * Powers)], sums[3 + (metric * Powers)]) = (count * y, checked(count * y * y), checked(count * y * y * y));
        (sums[CrossAt], sums[CrossAt + 1], sums[CrossAt + Yes]) = (count * capped, x, missing);
        var products = CrossAt + ArmCell.CrossColumns;
        (sums[products], sums[products + 1], sums[products + 2]) = (checked(count * capped * capped), checked(capped * x), xx);
        // x is 0 where it is missing.
        (sums[products + 3], sums[products + 5]) = (capped * missing, missing);
        return sums;
    }

    public static void Add(Int128[] to, Int128[] more)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = checked(to[i] + more[i]);
    }

    public static ArmCell Cell(string arm, Int128[] sums)
    {
        var count = (long)sums[0];
        var metrics = Metrics.Select((m, i) => (m, new OutcomeSums(count, sums[1 + (i * Powers)], sums[2 + (i * Powers)], sums[3 + (i * Powers)]))).ToDictionary();
        var columns = sums.AsSpan(CrossAt, ArmCell.CrossColumns);
        return new ArmCell(arm, metrics, CrossSums.Stored(count, columns, sums.AsSpan(CrossAt + ArmCell.CrossColumns, Pairs)));
    }
}
