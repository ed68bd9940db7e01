using System.Numerics;

namespace CampaignManager.Engine.Experiments.Sums;

/// <summary>
/// Sums and products of several whole columns over a part of an arm: what ratios, CUPED and balance tests need. Like <see cref="OutcomeSums"/> they add
/// up in any order to the same bits.
/// </summary>
public sealed class CrossSums : IEquatable<CrossSums>
{
    private readonly Int128[] sums;
    private readonly Int128[] products;

    private CrossSums(long count, Int128[] sums, Int128[] products) => (Count, this.sums, this.products) = (count, sums, products);

    /// <summary>Sums as they were stored.</summary>
    /// <param name="count">Customers.</param>
    /// <param name="sums">Σ by column.</param>
    /// <param name="products">Σ a·b by pair of columns: (0,0), (1,0), (1,1), (2,0) …</param>
    /// <exception cref="ArgumentException">Not as many products as pairs.</exception>
    public static CrossSums Stored(long count, ReadOnlySpan<Int128> sums, ReadOnlySpan<Int128> products) =>
        products.Length == sums.Length * (sums.Length + 1) / 2 ? new CrossSums(count, sums.ToArray(), products.ToArray())
            : throw new ArgumentException("Give a product for each pair of columns, each column with itself too.", nameof(products));

    /// <summary>Of nobody.</summary>
    /// <param name="columns">How many columns.</param>
    public static CrossSums None(int columns) => new(0, new Int128[columns], new Int128[columns * (columns + 1) / 2]);

    /// <summary>Of customers.</summary>
    /// <param name="columns">How many columns.</param>
    /// <param name="rows">One row of whole minor units (or 0 and 1) a customer.</param>
    /// <exception cref="ArgumentException">A row of another length.</exception>
    /// <exception cref="OverflowException">Beyond 128 bits.</exception>
    public static CrossSums Of(int columns, IEnumerable<long[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var all = None(columns);
        long count = 0;
        foreach (var row in rows)
        {
            if (row.Length != columns) throw new ArgumentException($"A row has {row.Length} columns instead of {columns}.", nameof(rows));
            count++;
            for (int i = 0, k = 0; i < columns; i++)
            {
                checked { all.sums[i] += row[i]; }
                for (var j = 0; j <= i; j++, k++) checked { all.products[k] += (Int128)row[i] * row[j]; }
            }
        }
        return new CrossSums(count, all.sums, all.products);
    }

    /// <summary>Customers.</summary>
    public long Count { get; }

    /// <summary>Columns.</summary>
    public int Columns => sums.Length;

    /// <summary>Σ of a column.</summary>
    public Int128 Sum(int column) => sums[column];

    /// <summary>Σ of the product of two columns.</summary>
    public Int128 Product(int a, int b) => products[Math.Max(a, b) * (Math.Max(a, b) + 1) / 2 + Math.Min(a, b)];

    /// <summary>Sample covariance (n − 1) of two columns in minor units, rounded once; NaN below two customers.</summary>
    public double Covariance(int a, int b)
    {
        if (Count < 2) return double.NaN;
        BigInteger n = Count;
        return (double)(n * (BigInteger)Product(a, b) - (BigInteger)Sum(a) * (BigInteger)Sum(b)) / (double)(n * (n - 1));
    }

    /// <summary>Both parts together.</summary>
    /// <exception cref="ArgumentException">The parts have different columns.</exception>
    /// <exception cref="OverflowException">Beyond 128 bits.</exception>
    public CrossSums Plus(CrossSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Columns != Columns) throw new ArgumentException("The parts have different columns.", nameof(other));
        return new CrossSums(checked(Count + other.Count), Add(sums, other.sums), Add(products, other.products));
    }

    /// <inheritdoc />
    public bool Equals(CrossSums? other) =>
        other is not null && Count == other.Count && sums.AsSpan().SequenceEqual(other.sums) && products.AsSpan().SequenceEqual(other.products);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CrossSums);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Count, sums.Length == 0 ? 0 : sums[0]);

    private static Int128[] Add(Int128[] left, Int128[] right)
    {
        var both = new Int128[left.Length];
        for (var i = 0; i < both.Length; i++) both[i] = checked(left[i] + right[i]);
        return both;
    }
}
