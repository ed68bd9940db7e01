using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift;

/// <summary>Numbers rows' customers from 0 in the order in which they come. Small numbers, as tables give them, take an array and no hashing.</summary>
internal static class CustomerClusters
{
    /// <summary>The number of every row's customer.</summary>
    /// <param name="customers">Customer of every row.</param>
    /// <param name="numbers">Filled, one a row.</param>
    /// <returns>How many customers there are.</returns>
    public static int Number(ReadOnlySpan<int> customers, Span<int> numbers)
    {
        int most = -1, least = 0;
        foreach (var customer in customers) (most, least) = (Math.Max(most, customer), Math.Min(least, customer));
        return least < 0 || most > 16L * customers.Length ? Hashed(customers, numbers) : Dense(customers, numbers, most);
    }

    /// <summary>Σ by customer of what a row adds, in the order in which customers come.</summary>
    /// <param name="customers">Customer of every row.</param>
    /// <param name="term">What the row adds.</param>
    public static double[] Sums(ReadOnlySpan<int> customers, Func<int, double> term)
    {
        var numbers = new int[customers.Length];
        var sums = new double[Number(customers, numbers)];
        for (var i = 0; i < numbers.Length; i++) sums[numbers[i]] += term(i);
        return sums;
    }

    private static int Dense(ReadOnlySpan<int> customers, Span<int> numbers, int most)
    {
        // 0 is "not seen yet".
        var numberAfter = new int[most + 1];
        var count = 0;
        for (var i = 0; i < customers.Length; i++)
        {
            ref var number = ref numberAfter[customers[i]];
            if (number == 0) number = ++count;
            numbers[i] = number - 1;
        }
        return count;
    }

    private static int Hashed(ReadOnlySpan<int> customers, Span<int> numbers)
    {
        var known = new Dictionary<int, int>();
        for (var i = 0; i < customers.Length; i++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(known, customers[i], out var exists);
            if (!exists) number = known.Count - 1;
            numbers[i] = number;
        }
        return known.Count;
    }
}
