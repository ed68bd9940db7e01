using CampaignManager.Application.Imports;

namespace CampaignManager.Application.TrainingData.DataSets;

internal enum RowVerdict { Kept, Skipped, Rejected }

/// <summary>
/// Reads one row of an experiment by its plan. The arrays are reused: what they hold is the current row's until the next call.
/// A feature column counts as numeric until the first value that is not a number.
/// </summary>
internal sealed class DataSetRowReader
{
    private readonly DataSetPlan plan;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> arms;

    public DataSetRowReader(DataSetPlan plan)
    {
        this.plan = plan;
        var byValue = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < plan.Arms.Count; i++)
            byValue[plan.Arms[i]] = i;
        arms = byValue.GetAlternateLookup<ReadOnlySpan<char>>();
        Outcomes = new double[plan.Outcomes.Count];
        Numbers = new double?[plan.Features.Count];
        Texts = new string?[plan.Features.Count];
        Numeric = [.. plan.Features.Select(f => !f.Categorical)];
    }

    public int Arm { get; private set; }

    public string? Customer { get; private set; }

    public double? Propensity { get; private set; }

    public string? Split { get; private set; }

    public double[] Outcomes { get; }

    public double?[] Numbers { get; }

    public string?[] Texts { get; }

    /// <summary>By feature: every kept value so far is a number or missing.</summary>
    public bool[] Numeric { get; }

    public bool Repaired { get; private set; }

    public string? Reason { get; private set; }

    public string? Detail { get; private set; }

    public RowVerdict Read(CsvTable table)
    {
        Repaired = false;
        if (table.Fault is { } fault)
            return Reject(fault.Reason, fault.Detail);
        var value = table.Field(plan.TreatmentColumn);
        if (value.IsEmpty)
            return Reject(RejectReason.NoArm, table.Header[plan.TreatmentColumn]);
        if (!arms.TryGetValue(value, out var arm))
            return RowVerdict.Skipped;
        Arm = arm;
        if (!ReadOutcomes(table) || !ReadPropensity(table) || !ReadSplit(table))
            return RowVerdict.Rejected;
        Customer = plan.CustomerColumn is { } column && table.Field(column) is { IsEmpty: false } id ? id.ToString() : null;
        ReadFeatures(table);
        return RowVerdict.Kept;
    }

    private bool ReadOutcomes(CsvTable table)
    {
        for (var i = 0; i < plan.Outcomes.Count; i++)
        {
            var (column, outcome) = plan.Outcomes[i];
            var text = table.Field(column);
            if (CsvNumber.IsMissing(text))
                return Fail(RejectReason.MissingOutcome, table.Header[column]);
            if (outcome.IsBinary)
            {
                if (!YesNo(text, out Outcomes[i]))
                    return Fail(RejectReason.NotYesNo, Show(table, column));
                continue;
            }

            if (!Number(table, text, out Outcomes[i]))
                return Fail(RejectReason.NotANumber, Show(table, column));
            if (Outcomes[i] < 0)
                return Fail(RejectReason.NegativeMoney, Show(table, column));
        }

        return true;
    }

    private bool ReadPropensity(CsvTable table)
    {
        Propensity = null;
        if (plan.PropensityColumn is not { } column)
            return true;
        if (!Number(table, table.Field(column), out var value) || value is not (> 0 and < 1))
            return Fail(RejectReason.BadPropensity, Show(table, column));
        Propensity = value;
        return true;
    }

    private bool ReadSplit(CsvTable table)
    {
        Split = null;
        if (plan.Split is not { } split)
            return true;
        var text = table.Field(split.Column);
        Split = text.SequenceEqual(split.Train) ? "train" : text.SequenceEqual(split.Test) ? "test" : null;
        return Split is not null || Fail(RejectReason.BadSplit, Show(table, split.Column));
    }

    private void ReadFeatures(CsvTable table)
    {
        for (var i = 0; i < plan.Features.Count; i++)
        {
            var text = table.Field(plan.Features[i].Column);
            Numbers[i] = null;
            Texts[i] = null;
            if (CsvNumber.IsMissing(text))
                continue;
            Texts[i] = text.ToString();
            if (!Numeric[i])
                continue;
            if (CsvNumber.TryParse(text, table.Format.Delimiter, out var number, out var repaired))
            {
                Numbers[i] = number;
                Repaired |= repaired;
            }
            else if (CsvNumber.IsInfinite(text))
            {
                // One overflow must not turn a column of numbers into one of texts.
                Repaired = true;
            }
            else
            {
                Numeric[i] = false;
            }
        }
    }

    private bool Number(CsvTable table, ReadOnlySpan<char> text, out double value)
    {
        if (!CsvNumber.TryParse(text, table.Format.Delimiter, out value, out var repaired))
            return false;
        Repaired |= repaired;
        return true;
    }

    private static bool YesNo(ReadOnlySpan<char> text, out double value)
    {
        foreach (var (word, number) in Words)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                value = number;
                return true;
            }
        }

        value = double.NaN;
        return false;
    }

    private static readonly (string Word, double Number)[] Words =
    [
        ("0", 0), ("1", 1), ("0.0", 0), ("1.0", 1), ("false", 0), ("true", 1), ("no", 0), ("yes", 1), ("n", 0), ("y", 1), ("f", 0), ("t", 1), ("否", 0), ("是", 1),
    ];

    private static string Show(CsvTable table, int column)
    {
        var text = table.Field(column);
        return $"{table.Header[column]}: {(text.Length > 80 ? text[..80] : text)}";
    }

    private bool Fail(string reason, string? detail)
    {
        Reject(reason, detail);
        return false;
    }

    private RowVerdict Reject(string reason, string? detail)
    {
        Reason = reason;
        Detail = detail;
        return RowVerdict.Rejected;
    }
}
