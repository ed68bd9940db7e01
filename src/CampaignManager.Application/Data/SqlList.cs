using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace CampaignManager.Application.Data;

/// <summary>
/// Lists of values in a statement. They are filled up to a power of two with the last value, so that few texts serve all lengths and stay
/// prepared.
/// </summary>
internal static class SqlList
{
    private static readonly ConcurrentDictionary<(string, int, string, int, string), string> Texts = new();

    public static object[] Of(IReadOnlyList<object> values)
    {
        var filled = new object[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)values.Count)];
        for (var i = 0; i < filled.Length; i++)
            filled[i] = values[Math.Min(i, values.Count - 1)];
        return filled;
    }

    /// <summary>A statement with one list in it.</summary>
    public static FormattableString In(string before, object[] list, string after) =>
        FormattableStringFactory.Create(Text(before, list.Length, after, 0, ""), list);

    /// <summary>A statement with two lists in it.</summary>
    public static FormattableString In(string before, object[] first, string between, object[] second, string after) =>
        FormattableStringFactory.Create(Text(before, first.Length, between, second.Length, after), [.. first, .. second]);

    private static string Text(string before, int first, string between, int second, string after) => Texts.GetOrAdd(
        (before, first, between, second, after),
        static key => key.Item1 + Places(0, key.Item2) + key.Item3 + Places(key.Item2, key.Item4) + key.Item5);

    private static string Places(int from, int count) =>
        string.Join(", ", Enumerable.Range(from, count).Select(i => "{" + i.ToString(CultureInfo.InvariantCulture) + "}"));
}
