using System.Globalization;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>Effects in the groups that features make by themselves: levels, and the two values of a yes or no.</summary>
internal static class MeasuredSegments
{
    private const int MostGroups = 12;
    private const int Draws = 300;

    // Cross-fitted scores are unbiased on every row, so all rows count, not the held-out ones alone.
    public static IReadOnlyList<MeasuredSegment> Of(ArmScores scores)
    {
        var (effect, customers) = (scores.EffectOfRows(), scores.CustomersOf(scores.Rows));
        var segmentOf = new int[scores.Rows.Length];
        var segments = new List<MeasuredSegment>();
        foreach (var feature in scores.Table.Features)
        {
            var (levels, levelOf) = Groups(feature);
            if (levels.Count is < 2 or > MostGroups)
                continue;
            for (var k = 0; k < segmentOf.Length; k++)
                segmentOf[k] = levelOf(scores.Rows[k]);
            segments.AddRange(SegmentEffects.Estimate(effect, segmentOf, customers, levels.Count, draws: Draws)
                .Where(s => s.Customers >= 2).Select(s => new MeasuredSegment(feature.Name, feature.Label, levels[s.Segment], s.Rows, s.Effect, s.Low, s.High)));
        }

        return segments;
    }

    private static (IReadOnlyList<string> Levels, Func<int, int> LevelOf) Groups(FeatureColumn feature)
    {
        if (feature.Kind == FeatureKind.Categorical)
            return (feature.Levels, i => float.IsNaN(feature.Values[i]) ? -1 : (int)feature.Values[i]);
        var values = feature.Values.Where(v => !float.IsNaN(v)).Distinct().Take(3).Order().ToList();
        return values.Count == 2
            ? ([.. values.Select(v => v.ToString(CultureInfo.InvariantCulture))], i => values.IndexOf(feature.Values[i]))
            : ([], _ => -1);
    }
}
