using CampaignManager.Application.Jobs;
using CampaignManager.Application.TrainingData;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>What a table must have before anything is learnt from it. What is missing ends the run with a sentence that says so.</summary>
internal static class TrainingChecks
{
    private const int FewestRows = 50;

    private const string NeedsNoFeature = "ate";

    public static void Check(UpliftTable table, string outcome, string learner)
    {
        if (!table.Outcomes.TryGetValue(outcome, out var values))
            throw new JobFailedException("no-such-outcome", $"The data have no outcome '{SentenceValue.Outcome(outcome)}'.");
        if (values.Any(double.IsNaN))
            throw new JobFailedException("outcome-missing", $"The outcome '{SentenceValue.Outcome(outcome)}' is missing in some rows.");
        if (SmallArm(table) is { } small)
            throw new JobFailedException("arm-too-small", $"The arm '{small.Arm}' has {small.Rows} rows; at least {FewestRows} are needed to learn anything.");
        // Even where it is told that customers do not differ, there has to be something in which they might.
        if (learner != NeedsNoFeature && !table.Features.Any(Differs))
            throw new JobFailedException(
                "nothing-to-tell-apart", $"There is nothing to tell customers apart by: the data have no feature, or every customer has the same. The learner 'ate' needs none.");
        if (table.Manifest.Randomised && table.Propensity.Any(p => !(p > 0 && p < 1)))
            throw new JobFailedException("propensity-wrong", $"Some rows have no propensity strictly between 0 and 1.");
    }

    /// <summary>Whether a feature has two values; being missing is one.</summary>
    private static bool Differs(FeatureColumn feature)
    {
        foreach (var value in feature.Values)
        {
            if (!value.Equals(feature.Values[0]))
                return true;
        }

        return false;
    }

    public static void CheckOverlap(UpliftTable table)
    {
        if (SmallArm(table) is { } small)
            throw new JobFailedException(
                "too-little-overlap",
                $"The arms have too little in common: after leaving out customers without anyone like them in the other arm, '{small.Arm}' has {small.Rows} rows; at least {FewestRows} are needed to learn anything.");
    }

    private static (string Arm, int Rows)? SmallArm(UpliftTable table)
    {
        var rows = new int[table.Manifest.Arms.Count];
        foreach (var arm in table.Arms)
            rows[arm]++;
        var small = Array.FindIndex(rows, r => r < FewestRows);
        return small < 0 ? null : (table.Manifest.Arms[small], rows[small]);
    }
}
