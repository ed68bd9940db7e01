using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Uplift.Checks;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>Something about the data that makes the figures doubtful.</summary>
/// <param name="Code"><c>arm-predicted</c>, <c>leak</c>, <c>sample-ratio</c> or <c>rows-without-match</c>.</param>
/// <param name="Arm">Treated arm it was found in.</param>
/// <param name="Feature">Column it is about.</param>
/// <param name="Label">Readable name of the column.</param>
/// <param name="Value">p value, area under the ROC curve or number of rows.</param>
public sealed record DataWarning(string Code, string Arm, string? Feature, string? Label, double Value)
{
    public const string ArmPredicted = "arm-predicted";

    public const string Leak = "leak";

    public const string SampleRatio = "sample-ratio";

    /// <summary>Rows dropped because nobody like them was in the other arm; of data that were not randomised.</summary>
    public const string RowsWithoutMatch = "rows-without-match";

    /// <summary>Whether effects must not be believed, or only looked at with care.</summary>
    public bool Grave => Code is ArmPredicted or SampleRatio;
}

/// <summary>What is wrong with the data, before anybody reads figures made of them.</summary>
public static class DataChecks
{
    private const int MostLeaks = 5;

    /// <summary>Says of each arm how many rows had to be left out.</summary>
    public static IEnumerable<DataWarning> Of(IReadOnlyList<ArmOverlap> overlap) =>
        overlap.Where(o => o.Dropped > 0).Select(o => new DataWarning(DataWarning.RowsWithoutMatch, o.Arm, null, null, o.Dropped));

    public static IReadOnlyList<DataWarning> Of(UpliftTable table, string outcome, TrainedUplift trained)
    {
        List<DataWarning> warnings = [];
        for (var arm = 1; arm < table.Manifest.Arms.Count; arm++)
        {
            var name = table.Manifest.Arms[arm];
            var rows = Enumerable.Range(0, table.Count).Where(i => table.Arms[i] == 0 || table.Arms[i] == arm).ToArray();
            bool[] treated = [.. table.Arms.Select(a => a == arm)];
            var propensity = table.PropensityAgainstControl(arm);
            if (table.Manifest.Randomised)
            {
                var planned = rows.Sum(i => propensity[i]);
                var ratio = SampleRatio.Test([rows.Count(i => treated[i]), rows.Count(i => !treated[i])], [planned, rows.Length - planned]);
                if (ratio.Alarm)
                    warnings.Add(new DataWarning(DataWarning.SampleRatio, name, null, null, ratio.PValue));
                var random = RandomisationCheck.Test(trained.Bins, treated, propensity, rows);
                if (random.Alarm)
                    warnings.Add(About(DataWarning.ArmPredicted, name, random.Feature, random.PValue));
            }

            if (arm == 1)
                warnings.AddRange(LeakCheck.Find(trained.Bins, table.Outcomes[outcome], rows).Select(l => About(DataWarning.Leak, name, l.Feature, l.Area)).DistinctBy(w => w.Feature).Take(MostLeaks));
        }

        return warnings;

        DataWarning About(string code, string arm, int column, double value)
        {
            var source = trained.Encoder.Columns[column].Source;
            return new DataWarning(code, arm, source, table.Features.First(f => f.Name == source).Label, value);
        }
    }
}
