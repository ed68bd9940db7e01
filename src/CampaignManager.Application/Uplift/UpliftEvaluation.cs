using System.Globalization;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Explanation;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift;

/// <summary>What a conversion brings and costs, in the currency's major unit: what a policy's value is counted in.</summary>
public sealed record Economics(double Margin, double Discount, double ContactCost);

/// <summary>Everything said about one treated arm against control, on held-out rows.</summary>
/// <param name="Rivals">The model beside what it has to beat; null of versions from before these were made.</param>
/// <param name="Response">Of a response model only: how well it tells who buys. Its ranking is by predicted response.</param>
public sealed record ArmEvaluation(
    string Arm,
    int Rows,
    int Treated,
    double ControlMean,
    UpliftMetricIntervals Metrics,
    IReadOnlyList<CurvePoint> QiniCurve,
    CalibrationReport Calibration,
    HeterogeneityResult Heterogeneity,
    PolicyValue? PolicyValue,
    TargetingDepth Depth,
    IReadOnlyList<FeatureImportance> Importance,
    IReadOnlyList<MeasuredSegment> Segments,
    ArmExplanation Explanation,
    IReadOnlyList<FoundGroup> Found,
    IReadOnlyList<Rival>? Rivals = null,
    ResponseReport? Response = null);

/// <summary>The measured effect in a group of customers: mean AIPW score with the joint interval over the groups of its feature.</summary>
/// <param name="Feature">Column name.</param>
/// <param name="Label">Readable name as the data give it.</param>
/// <param name="Level">The group's value.</param>
public sealed record MeasuredSegment(string Feature, string Label, string Level, int Rows, double Uplift, double Low, double High)
{
    public string Name => $"{Label} = {Level}";
}

/// <summary>Judges a trained model on the rows it never saw.</summary>
public static class UpliftEvaluation
{
    private const int CurvePoints = 120;
    private const int MostGroups = 12;

    public static ArmEvaluation Of(UpliftTable table, string outcome, TrainedUplift trained, int arm, Surrogate surrogate, Economics? economics, CancellationToken cancellationToken)
    {
        var y = table.Outcomes[outcome];
        var test = trained.Split.Test.Where(i => table.Arms[i] == 0 || table.Arms[i] == arm).ToArray();
        var uplift = test.Select(i => trained.Uplift(arm, i)).ToArray();
        var ranking = test.Select(i => trained.Ranking(arm, i)).ToArray();
        var held = HeldOutRows.Of(table, y, trained, arm, test);
        var train = trained.Split.Train.Where(i => table.Arms[i] == 0 || table.Arms[i] == arm).ToArray();
        var gains = (Gains(table, y, trained, arm, train, economics), Gains(table, y, trained, arm, test, economics));
        var metrics = held.Metrics(ranking, cancellationToken);
        var depth = Depth(trained, arm, train, test, gains, held.Customers, economics);
        return new ArmEvaluation(
            table.Manifest.Arms[arm],
            test.Length,
            held.Treated.Count(t => t),
            held.ControlMean,
            metrics,
            Thin(held.Curve(ranking)),
            held.Calibration(uplift),
            Heterogeneous(table, y, trained, arm),
            economics is null ? null : Value(table, y, trained, arm, test, economics),
            depth,
            PermutationImportance.Of(table, held, trained, arm, test, cancellationToken),
            Segments(table, y, trained, arm),
            UpliftExplanation.Of(table, trained, surrogate, cancellationToken),
            Found(table, y, trained, arm, surrogate, cancellationToken),
            Rivals.Of(table, outcome, trained, arm, train, test, held, gains, metrics, depth, cancellationToken),
            trained.IsResponse ? ResponseReport.Of(table, outcome, trained, arm, test) : null);
    }

    private static IReadOnlyList<FoundGroup> Found(UpliftTable table, double[] y, TrainedUplift trained, int arm, Surrogate surrogate, CancellationToken cancellationToken)
    {
        var rows = Enumerable.Range(0, table.Count).Where(i => table.Arms[i] == 0 || table.Arms[i] == arm).ToArray();
        return UpliftExplanation.Groups(table, Scores(table, y, trained, arm, rows).Effect, rows, trained, surrogate, cancellationToken);
    }

    private static (double[] Effect, double[] Treated) Scores(UpliftTable table, double[] y, TrainedUplift trained, int arm, int[] rows)
    {
        var propensity = table.PropensityAgainstControl(arm);
        var e = rows.Select(i => propensity[i]).ToArray();
        var outcomes = rows.Select(i => y[i]).ToArray();
        var treated = rows.Select(i => table.Arms[i] != 0).ToArray();
        var mu1 = rows.Select(i => trained.Mu1[arm - 1][i]).ToArray();
        return (Aipw.EffectScores(outcomes, treated, e, rows.Select(i => trained.Mu0[arm - 1][i]).ToArray(), mu1), Aipw.TreatedScores(outcomes, treated, e, mu1));
    }

    /// <summary>
    /// For <c>auto</c> what it found while it chose; for others the test on all rows, its error widened because cross-fitting counts every pair of rows twice.
    /// </summary>
    private static HeterogeneityResult Heterogeneous(UpliftTable table, double[] y, TrainedUplift trained, int arm)
    {
        if (trained.Choices.Count >= arm)
        {
            var choice = trained.Choices[arm - 1];
            return new HeterogeneityResult(choice.Slope, choice.Z == 0 ? double.NaN : choice.Slope / choice.Z, choice.PValue);
        }

        var rows = Enumerable.Range(0, table.Count).Where(i => table.Arms[i] == 0 || table.Arms[i] == arm).ToArray();
        var test = Heterogeneity.Test(Scores(table, y, trained, arm, rows).Effect, rows.Select(i => trained.Uplift(arm, i)).ToArray(), rows.Select(i => table.Customers[i]).ToArray());
        var error = test.StandardError * AutoLearner.CrossFitInflation;
        return error > 0 ? new HeterogeneityResult(test.Slope, error, Normal.Cdf(-test.Slope / error)) : test;
    }

    // Cross-fitted scores are unbiased on every row, so all rows count, not the held-out ones alone.
    private static List<MeasuredSegment> Segments(UpliftTable table, double[] y, TrainedUplift trained, int arm)
    {
        var rows = Enumerable.Range(0, table.Count).Where(i => table.Arms[i] == 0 || table.Arms[i] == arm).ToArray();
        var effect = Scores(table, y, trained, arm, rows).Effect;
        var customers = rows.Select(i => table.Customers[i]).ToArray();
        var segments = new List<MeasuredSegment>();
        foreach (var feature in table.Features)
        {
            var (levels, levelOf) = Groups(feature);
            if (levels.Count is < 2 or > MostGroups)
                continue;
            segments.AddRange(SegmentEffects.Estimate(effect, rows.Select(levelOf).ToArray(), customers, levels.Count, draws: 300)
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

    private static PolicyValue Value(UpliftTable table, double[] y, TrainedUplift trained, int arm, int[] test, Economics economics)
    {
        var policy = new TreatmentPolicy(economics.Margin, economics.Discount, economics.ContactCost);
        var (effect, treated) = Scores(table, y, trained, arm, test);
        var choice = test.Select(i => policy.Treats(trained.Uplift(arm, i), trained.Mu1[arm - 1][i])).ToArray();
        return policy.Value(choice, effect, treated, test.Select(i => table.Customers[i]).ToArray());
    }

    /// <summary>Unbiased gain of treating each row: of outcomes, or of money once it is said what these bring and cost.</summary>
    private static double[] Gains(UpliftTable table, double[] y, TrainedUplift trained, int arm, int[] rows, Economics? economics)
    {
        var (effect, treated) = Scores(table, y, trained, arm, rows);
        return economics is null ? effect : [.. effect.Select((g, i) => economics.Margin * g - economics.Discount * treated[i] - economics.ContactCost)];
    }

    /// <summary>Chosen on training rows by their cross-fitted predictions, valued on the held-out ones.</summary>
    private static TargetingDepth Depth(
        TrainedUplift trained, int arm, int[] train, int[] test, (double[] Train, double[] Test) gains, int[] customers, Economics? economics)
    {
        // What decides is the predicted gain: with a discount paid to all who buy, those who would buy anyway cost. A response model knows of no gain.
        double[] Of(int[] rows) => [.. rows.Select(i => economics is null || trained.IsResponse ? trained.Ranking(arm, i)
            : economics.Margin * trained.Uplift(arm, i) - economics.Discount * trained.Mu1[arm - 1][i] - economics.ContactCost)];
        return TargetingDepth.Find((Of(train), gains.Train), (Of(test), gains.Test), customers);
    }

    /// <summary>With several treated arms: the best arm for each customer, against the best single one for all. Null with one.</summary>
    public static ArmChoice? BestArm(UpliftTable table, string outcome, TrainedUplift trained)
    {
        var arms = table.Manifest.Arms.Count;
        if (arms < 3)
            return null;
        var y = table.Outcomes[outcome];
        // P(arm) of each campaign, from the rows' own-arm propensities; where these were estimated, of each row from its odds against control.
        var shares = Enumerable.Range(0, table.Count).GroupBy(i => table.CampaignIds[i])
            .ToDictionary(g => g.Key, g => Enumerable.Range(0, arms).Select(a => g.Where(i => table.Arms[i] == a).Select(i => table.Propensity[i]).DefaultIfEmpty(0).Average()).ToArray());
        double ShareOf(int i, int arm)
        {
            double Odds(int a) => table.AgainstControl![a - 1][i] / (1 - table.AgainstControl[a - 1][i]);
            return table.AgainstControl is null ? shares[table.CampaignIds[i]][arm] : (arm == 0 ? 1 : Odds(arm)) / (1 + Enumerable.Range(1, arms - 1).Sum(Odds));
        }

        double[] Of(int arm, int[] rows) => [.. rows.Select(i =>
        {
            var mu = arm == 0 ? trained.Mu0.Average(m => m[i]) : trained.Mu1[arm - 1][i];
            return table.Arms[i] == arm ? mu + (y[i] - mu) / Math.Max(0.001, ShareOf(i, arm)) : mu;
        })];
        double[][] All(int[] rows) => [.. Enumerable.Range(0, arms).Select(a => Of(a, rows))];
        var test = trained.Split.Test;
        return test.Length == 0 ? null : ArmChoice.Compare(
            All(trained.Split.Train), All(test), [.. Enumerable.Range(1, arms - 1).Select(a => test.Select(i => trained.Uplift(a, i)).ToArray())], [.. test.Select(i => table.Customers[i])]);
    }

    // Enough for a page; the first and the last depth stay.
    private static List<CurvePoint> Thin(IReadOnlyList<CurvePoint> curve)
    {
        if (curve.Count <= CurvePoints)
            return [.. curve];
        return [.. Enumerable.Range(0, CurvePoints).Select(i => curve[(int)((long)i * (curve.Count - 1) / (CurvePoints - 1))])];
    }
}
