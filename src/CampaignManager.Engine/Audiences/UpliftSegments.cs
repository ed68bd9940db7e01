using System.Globalization;

namespace CampaignManager.Engine.Audiences;

/// <summary>
/// The segments by predicted uplift: the customers who rank highest, each share within the next, and those predicted to buy less because of a campaign. Which of them a
/// customer is in is one number, a bit for each, so that cells and samples can carry it.
/// </summary>
public static class UpliftSegments
{
    /// <summary>What all keys begin with.</summary>
    public const string Prefix = "uplift:";

    /// <summary>The key of those predicted to buy less because of a campaign.</summary>
    public const string Negative = Prefix + "negative";

    /// <summary>Per cent of the customers with a score, from the highest uplift down.</summary>
    public static readonly IReadOnlyList<int> Shares = [10, 30, 50];

    /// <summary>All keys, in the order in which people read them.</summary>
    public static readonly IReadOnlyList<string> Keys = [.. Shares.Select(Top), Negative];

    /// <summary>How many combinations of them there can be.</summary>
    public static readonly int Combinations = 1 << Keys.Count;

    private static readonly IReadOnlyList<string>[] KeysOf =
        [.. Enumerable.Range(0, Combinations).Select(combination => (IReadOnlyList<string>)[.. Keys.Where((_, bit) => (combination >> bit & 1) == 1)])];

    /// <summary>The key of the share that ranks highest.</summary>
    public static string Top(int percent) => Prefix + "top" + percent.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a key is that of a segment by uplift.</summary>
    public static bool Has(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The segments of a combination.</summary>
    public static IReadOnlyList<string> Of(int combination) => KeysOf[combination];
}
