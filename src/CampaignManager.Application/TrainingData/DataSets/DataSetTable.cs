using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>
/// Makes the training table out of the parts once every row is seen: arms counted, propensities set, features given their kind.
/// Columns as in <see cref="UpliftTableManifest"/>.
/// </summary>
internal sealed class DataSetTable(DuckDBConnection connection, DataSetPlan plan, DataSetParts parts, ColumnFormats formats, IEnumerable<ImportWarning> before)
{
    // A text column with nearly as many values as rows names things (an e-mail address, a note); it teaches nothing and may be personal.
    private const int ManyValues = 1000;
    private const double ManyValuesShare = 0.5;
    private const double NotableImbalance = 0.1;

    private readonly List<ImportWarning> warnings = [.. before];
    private readonly List<DataSetFeature> features = [];
    private readonly List<string> featureSql = [];

    public IReadOnlyList<ImportWarning> Warnings => warnings;

    public IReadOnlyList<DataSetFeature> Features => features;

    private string Rows => $"(SELECT * FROM {parts.Source} WHERE row NOT IN (SELECT row FROM dropped))";

    /// <summary>Counts the arms; an experiment needs rows in every one of them.</summary>
    public IReadOnlyList<DataSetArm> CountArms()
    {
        var sums = string.Concat(plan.Outcomes.Select((_, i) => $", sum(y{i}), sum(y{i} * y{i})"));
        var found = connection.Query($"SELECT arm, count(*){sums} FROM {Rows} GROUP BY arm", r => (Arm: r.GetInt32(0), Rows: r.GetInt64(1),
            Sums: plan.Outcomes.Select((_, i) => r.GetDouble(2 + 2 * i)).ToArray(), Squares: plan.Outcomes.Select((_, i) => r.GetDouble(3 + 2 * i)).ToArray()));
        if (found.Count == 0)
            throw new ImportRefusedException("no-rows-kept", "No row could be kept. The report says why for each.");
        for (var arm = 0; arm < plan.Arms.Count; arm++)
        {
            if (found.All(f => f.Arm != arm))
                throw new ImportRefusedException("arm-without-rows", $"No row of arm '{plan.Arms[arm]}' could be kept. An experiment needs rows in control and in every treated arm.", plan.Arms[arm]);
        }

        for (var i = 0; i < plan.Outcomes.Count; i++)
        {
            var (rows, sum, squares) = (found.Sum(f => f.Rows), found.Sum(f => f.Sums[i]), found.Sum(f => f.Squares[i]));
            if (squares - sum * sum / rows <= 1e-12 * Math.Abs(squares))
                warnings.Add(new ImportWarning("constant-outcome", plan.Outcomes[i].Outcome.Label!));
        }

        return [.. found.OrderBy(f => f.Arm).Select(f => new DataSetArm(plan.Arms[f.Arm], f.Rows, f.Sums, f.Squares))];
    }

    /// <summary>Decides each feature's kind and whether it is worth having; all of them in one pass over the rows.</summary>
    public void JudgeFeatures(long kept)
    {
        if (plan.Features.Count == 0)
            return;
        // Of a number: what could not be read as one, an infinity for instance, is missing although there is a text.
        var looks = plan.Features.Select((feature, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{(IsNumber(feature) ? 'x' : 'c')}{i}"))
            .Select(cell => $"count(*) - count({cell}), approx_count_distinct({cell})");
        var counts = connection.Query(
            $"SELECT {string.Join(", ", looks)} FROM {Rows}", r =>
                plan.Features.Select((_, i) => (r.GetInt64(2 * i), r.GetInt64(2 * i + 1))).ToArray())[0];
        for (var i = 0; i < plan.Features.Count; i++)
        {
            var feature = plan.Features[i];
            var isNumber = IsNumber(feature);
            WarnOfOddCells(feature);
            var (missing, distinct) = counts[i];
            if (missing == kept)
                warnings.Add(new ImportWarning("empty-feature", feature.Source));
            else if (!isNumber && plan.FeaturesAreTheRest && !feature.Categorical && distinct > ManyValues && distinct > ManyValuesShare * kept)
                warnings.Add(new ImportWarning("many-values", feature.Source, distinct.ToString(CultureInfo.InvariantCulture)));
            else
                Keep(i, isNumber, missing, distinct);
        }
    }

    private bool IsNumber(PlannedFeature feature) => !feature.Categorical && formats[feature.Column].Numeric;

    /// <summary>A column that mostly holds numbers says which cells do not, whichever way they were decided.</summary>
    private void WarnOfOddCells(PlannedFeature feature)
    {
        if (feature.Categorical || formats[feature.Column] is not { Odd: > 0 } format || format.Odd * 2 >= format.Filled)
            return;
        warnings.Add(new ImportWarning(format.Numeric ? "odd-cells" : "texts-among-numbers", feature.Source, format.OddWords));
    }

    /// <summary>Warns where the arms differ in a number that was fixed before the treatment: then the split was hardly random.</summary>
    public void CheckBalance()
    {
        var numbers = plan.Features.Index().Where(f => IsNumber(f.Item)).Select(f => f.Index).ToArray();
        if (numbers.Length == 0)
            return;
        var moments = numbers.Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"avg(x{i}), coalesce(var_samp(x{i}), 0), count(x{i})"));
        var arms = connection.Query(
            $"SELECT {string.Join(", ", moments)} FROM {Rows} GROUP BY arm ORDER BY arm",
            r => numbers.Select((_, n) =>
                (Mean: r.IsDBNull(3 * n) ? double.NaN : r.GetDouble(3 * n), Variance: r.GetDouble(3 * n + 1), Count: r.GetInt64(3 * n + 2)))
                    .ToArray());
        for (var n = 0; n < numbers.Length; n++)
        {
            var control = arms[0][n];
            for (var index = 1; index < arms.Count; index++)
            {
                var arm = arms[index][n];
                var spread = Math.Sqrt((control.Variance + arm.Variance) / 2);
                var error = Math.Sqrt(control.Variance / control.Count + arm.Variance / arm.Count);
                var gap = Math.Abs(arm.Mean - control.Mean);
                // Large against the customers' spread, and not by chance of a small file.
                if (gap > NotableImbalance * spread && gap > 4 * error)
                    warnings.Add(new ImportWarning("unbalanced", plan.Features[numbers[n]].Source, plan.Arms[index]));
            }
        }
    }

    public void Write(string file, string campaignId, IReadOnlyList<DataSetArm> arms, CancellationToken cancel)
    {
        string[] columns =
        [
            "row", "coalesce(customer, CASE WHEN " + (plan.CustomerColumn is null ? "true" : "false") + " THEN row::VARCHAR ELSE 'row:' || row END) AS customer_id",
            $"'{campaignId}' AS campaign_id", "arm", $"{PropensitySql(arms)} AS propensity", "split",
            .. plan.Outcomes.Select((o, i) => $"y{i} AS \"y_{o.Outcome.Name}\""), .. featureSql,
        ];
        connection.Run($"COPY (SELECT {string.Join(", ", columns)} FROM {Rows}) TO '{DataLake.Quote(file)}' (FORMAT parquet, COMPRESSION zstd)", cancel);
    }

    public IReadOnlyList<UpliftOutcome> Outcomes => [.. plan.Outcomes.Select(o => o.Outcome)];

    public DataSetPropensity Propensity => !plan.Randomised ? new("unknown", "Not known: the arms were not drawn at random. It is estimated when a model is trained.") : new(
        plan.PropensityColumn is not null ? "column" : plan.Propensity is not null ? "given" : "observed",
        (plan.PropensityColumn is not null, plan.Propensity is not null, plan.Arms.Count == 2) switch
        {
            (true, _, true) => "P(treated) of the row's customer, as the file gives it.",
            (true, _, false) => "P(the row's own arm) of the row's customer, as the file gives it.",
            (_, true, true) => "P(treated), the number given, on every row.",
            (_, true, false) => "P(the row's own arm): control has one minus the number given, the treated arms share that number equally.",
            (_, _, true) => "P(treated) on every row: the share of treated rows among kept rows.",
            (_, _, false) => "P(the row's own arm): the arm's share among kept rows.",
        },
        plan.Propensity);

    private void Keep(int i, bool isNumber, long missing, long distinct)
    {
        var feature = plan.Features[i];
        var column = (isNumber ? "x_" : "c_") + feature.Name;
        featureSql.Add(string.Create(CultureInfo.InvariantCulture, $"{(isNumber ? 'x' : 'c')}{i} AS \"{column}\""));
        features.Add(new DataSetFeature(column, feature.Source, isNumber ? "numeric" : "categorical", missing, distinct));
    }

    private string PropensitySql(IReadOnlyList<DataSetArm> arms)
    {
        if (!plan.Randomised)
            return "NULL::DOUBLE";
        if (plan.PropensityColumn is not null)
            return "p";
        var treatedArms = arms.Count - 1;
        var total = arms.Sum(a => a.Rows);
        if (treatedArms == 1)
            return Literal(plan.Propensity ?? (double)arms[1].Rows / total);
        double Share(int arm) => plan.Propensity is not { } p ? (double)arms[arm].Rows / total : arm == 0 ? 1 - p : p / treatedArms;
        return $"CASE arm {string.Concat(arms.Select((_, arm) => string.Create(CultureInfo.InvariantCulture, $"WHEN {arm} THEN {Literal(Share(arm))} ")))}END";
    }

    private static string Literal(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "::DOUBLE";
}
