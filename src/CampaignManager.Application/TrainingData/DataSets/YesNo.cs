using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>Words that mean yes or no, in any case.</summary>
internal static class YesNo
{
    private static readonly Dictionary<string, double> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["0"] = 0,
        ["1"] = 1,
        ["0.0"] = 0,
        ["1.0"] = 1,
        ["false"] = 0,
        ["true"] = 1,
        ["no"] = 0,
        ["yes"] = 1,
        ["n"] = 0,
        ["y"] = 1,
        ["f"] = 0,
        ["t"] = 1,
        ["否"] = 0,
        ["是"] = 1,
    };

    private static readonly Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> Spans = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="text">A cell.</param>
    /// <param name="yes">What else means yes, as a person said.</param>
    /// <param name="value">1 or 0; NaN where it is neither.</param>
    public static bool TryRead(ReadOnlySpan<char> text, IReadOnlyList<string>? yes, out double value)
    {
        if (Spans.TryGetValue(text, out value))
            return true;
        value = double.NaN;
        for (var i = 0; i < yes?.Count; i++)
        {
            if (text.SequenceEqual(yes[i]))
                value = 1;
        }

        return value == 1;
    }
}
