using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>A column mapped as yes or no, and what else it was found to hold.</summary>
/// <param name="yes">What means yes beside the usual words.</param>
internal sealed class YesNoColumn(IReadOnlyList<string>? yes)
{
    private const int MostTexts = 100;
    private const int Shown = 5;

    // A typing error here and there rejects its row; what stands in every hundredth row is meant.
    private const int OneIn = 100;
    private const int Fewest = 5;

    private readonly Dictionary<string, long> others = new(StringComparer.Ordinal);
    private long filled;
    private long other;

    public bool TryRead(ReadOnlySpan<char> text, out double value)
    {
        filled++;
        if (YesNo.TryRead(text, yes, out value))
            return true;
        other++;
        var said = text.Length > 40 ? text[..40].ToString() : text.ToString();
        if (others.TryGetValue(said, out var rows) || others.Count < MostTexts)
            others[said] = rows + 1;
        return false;
    }

    /// <exception cref="ImportRefusedException">There is so much else that it cannot be an error.</exception>
    public void Ask(string column)
    {
        if (other < Fewest || other * OneIn <= filled)
            return;
        var figures = string.Join(", ", others.OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal).Take(Shown)
            .Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Key} ({o.Value})")));
        throw new ImportRefusedException(
            "not-only-yes-no",
            $"Column '{column}' is mapped as yes or no, but it also holds {figures}, with rows in brackets. Is that yes, or is this a number? "
                + "Map it as \"money\" if it is a number, or name what means yes: \"yes\": [...].",
            $"{column}: {figures}");
    }
}
