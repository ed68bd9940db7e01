using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>Which arm a treatment cell names: by its text, and where that names none as a number, so that 0.0 is the arm 0.</summary>
internal sealed class ArmValues
{
    private const int MostOthers = 20;

    private readonly Dictionary<string, int> byText = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> spans;
    private readonly Dictionary<double, int> byNumber = [];
    private readonly Dictionary<string, long> others = new(StringComparer.Ordinal);

    public ArmValues(IReadOnlyList<string> arms)
    {
        for (var i = 0; i < arms.Count; i++)
            byText[arms[i]] = i;
        spans = byText.GetAlternateLookup<ReadOnlySpan<char>>();
        // Arms that are the same number are told apart by their text alone.
        foreach (var same in arms.Index().Where(a => IsNumber(a.Item, out _)).GroupBy(a => Number(a.Item)).Where(g => g.Count() == 1))
            byNumber[same.Key] = same.Single().Index;
    }

    /// <summary>Values that name no arm, with their rows, the most frequent first; at most twenty different ones are counted.</summary>
    public IReadOnlyList<ColumnValue> Others => [.. others.OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal).Select(o => new ColumnValue(o.Key, o.Value))];

    public bool TryFind(ReadOnlySpan<char> text, out int arm)
    {
        if (spans.TryGetValue(text, out arm))
            return true;
        if (byNumber.Count > 0 && IsNumber(text, out var number) && byNumber.TryGetValue(number, out arm))
            return true;
        var other = text.Length > 40 ? text[..40].ToString() : text.ToString();
        if (others.TryGetValue(other, out var rows) || others.Count < MostOthers)
            others[other] = rows + 1;
        return false;
    }

    /// <summary>Whether two values name the same arm.</summary>
    public static bool AreSame(string one, string other) =>
        one == other || (IsNumber(one, out var first) && IsNumber(other, out var second) && first == second);

    private static double Number(string text) => IsNumber(text, out var number) ? number : double.NaN;

    private static bool IsNumber(ReadOnlySpan<char> text, out double number)
    {
        var reading = CsvNumber.Read(text);
        number = reading.Point;
        return reading is { Plain: true, IsAmbiguous: false } && !double.IsNaN(number);
    }
}
