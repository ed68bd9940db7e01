using CampaignManager.Application.Imports;

namespace CampaignManager.Application.TrainingData.DataSets;

internal enum RowVerdict { Kept, Skipped, Rejected }

/// <summary>
/// Reads one row of an experiment by its plan. The arrays are reused: what they hold is the current row's until the next call.
/// What is a column of numbers, and how they are written, was judged before (<see cref="ColumnFormats"/>).
/// </summary>
internal sealed class DataSetRowReader
{
    private readonly DataSetPlan plan;
    private readonly ColumnFormats formats;
    private readonly ArmValues arms;
    private readonly bool[] numeric;
    private readonly YesNoColumn?[] yesNo;

    public DataSetRowReader(DataSetPlan plan, ColumnFormats formats)
    {
        this.plan = plan;
        this.formats = formats;
        arms = new ArmValues(plan.Arms);
        Outcomes = new double[plan.Outcomes.Count];
        Numbers = new double?[plan.Features.Count];
        Texts = new string?[plan.Features.Count];
        yesNo = [.. plan.Outcomes.Select(o => o.Outcome.IsBinary ? new YesNoColumn(o.Yes) : null)];
        numeric = [.. plan.Features.Select(f => !f.Categorical && formats[f.Column].Numeric)];
    }

    /// <summary>Null where the row could not be cut into fields, or names none.</summary>
    public int? Arm { get; private set; }

    /// <summary>What the treatment column holds beside the arms.</summary>
    public IReadOnlyList<ColumnValue> OtherArms => arms.Others;

    public string? Customer { get; private set; }

    public double? Propensity { get; private set; }

    public string? Split { get; private set; }

    public double[] Outcomes { get; }

    public double?[] Numbers { get; }

    public string?[] Texts { get; }

    public bool Repaired { get; private set; }

    public string? Reason { get; private set; }

    public string? Detail { get; private set; }

    public RowVerdict Read(CsvTable table)
    {
        (Repaired, Arm) = (false, null);
        if (table.Fault is { } fault)
            return Reject(fault.Reason, fault.Detail);
        var value = table.Field(plan.TreatmentColumn);
        if (value.IsEmpty)
            return Reject(RejectReason.NoArm, table.Header[plan.TreatmentColumn]);
        if (!arms.TryFind(value, out var arm))
            return RowVerdict.Skipped;
        Arm = arm;
        if (!ReadOutcomes(table) || !ReadPropensity(table) || !ReadSplit(table))
            return RowVerdict.Rejected;
        Customer = plan.CustomerColumn is { } column && table.Field(column) is { IsEmpty: false } id ? id.ToString() : null;
        ReadFeatures(table);
        return RowVerdict.Kept;
    }

    /// <exception cref="ImportRefusedException">A column mapped as yes or no holds much else.</exception>
    public void AskAboutYesNo(IReadOnlyList<string> header)
    {
        for (var i = 0; i < yesNo.Length; i++)
            yesNo[i]?.Ask(header[plan.Outcomes[i].Column]);
    }

    /// <summary>Reads all of them: of a row that is rejected for one, the others say whom it would have been missing from.</summary>
    private bool ReadOutcomes(CsvTable table)
    {
        var sound = true;
        for (var i = 0; i < plan.Outcomes.Count; i++)
        {
            var column = plan.Outcomes[i].Column;
            if (Read(table, column, yesNo[i], out Outcomes[i]) is not { } reason)
                continue;
            if (sound)
                Fail(reason, reason == RejectReason.MissingOutcome ? table.Header[column] : Show(table, column));
            sound = false;
        }

        return sound;
    }

    private string? Read(CsvTable table, int column, YesNoColumn? binary, out double value)
    {
        var text = table.Field(column);
        value = double.NaN;
        if (CsvNumber.IsMissing(text))
            return RejectReason.MissingOutcome;
        if (binary is not null)
            return binary.TryRead(text, out value) ? null : RejectReason.NotYesNo;
        if (!Number(column, text, out value))
            return RejectReason.NotANumber;
        if (value >= 0)
            return null;
        value = double.NaN;
        return RejectReason.NegativeMoney;
    }

    private bool ReadPropensity(CsvTable table)
    {
        Propensity = null;
        if (plan.PropensityColumn is not { } column)
            return true;
        if (!Number(column, table.Field(column), out var value) || value is not (> 0 and < 1))
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
            if (!numeric[i])
                continue;
            // What is no number there is missing: one odd cell must not turn a column of numbers into one of texts.
            if (Number(plan.Features[i].Column, text, out var number))
                Numbers[i] = number;
            else
                Repaired = true;
        }
    }

    private bool Number(int column, ReadOnlySpan<char> text, out double value)
    {
        var reading = CsvNumber.Read(text);
        value = reading.Under(formats[column].Mark);
        Repaired |= reading.IsNumber && (!reading.Plain || value != reading.Point);
        return reading.IsNumber;
    }

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
