using CampaignManager.Application.Imports;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>Readings that only count: the arms of a mapping that names none, and the first rows of a file on trial.</summary>
internal static class DataSetScan
{
    public const int TrialRows = 10_000;

    /// <summary>Fills in the treated arms when the mapping names none: every value but control, in order of their text.</summary>
    public static DataSetMapping WithArms(DataSetMapping mapping, string path, ImportOptions options, CancellationToken cancel)
    {
        if (mapping.Treatment.Arms.Count > 0)
            return mapping;
        using var table = CsvTable.Open(path, options, mapping.Encoding, cancel);
        var column = table.Header.Index().Where(h => h.Item == mapping.Treatment.Column).Select(h => (int?)h.Index).FirstOrDefault();
        if (column is null)
            return mapping;
        var values = new SortedSet<string>(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        while (table.Read())
        {
            if (table.Row % 4096 == 0)
                cancel.ThrowIfCancellationRequested();
            if (table.Fault is null && table.Field(column.Value) is { IsEmpty: false } value && known.Add(value))
                values.Add(value.ToString());
            if (values.Count > DataSetPlan.MaxArms)
                throw new ImportRefusedException("too-many-arms", $"Column '{mapping.Treatment.Column}' has more than {DataSetPlan.MaxArms} values: it is not a treatment.", mapping.Treatment.Column);
        }

        values.RemoveWhere(value => ArmValues.AreSame(value, mapping.Treatment.Control));
        if (values.Count == 0)
            throw new ImportRefusedException("one-arm", $"Column '{mapping.Treatment.Column}' has one value only. An experiment needs a control arm and a treated one.", mapping.Treatment.Column);
        return mapping with { Treatment = mapping.Treatment with { Arms = [.. values] } };
    }

    /// <summary>How the columns of numbers are written, by the file's rows or the first of them.</summary>
    public static ColumnFormats Formats(
        string path, DataSetPlan plan, DataSetMapping mapping, ImportOptions options, CancellationToken cancel, long most = long.MaxValue)
    {
        using var table = CsvTable.Open(path, options, mapping.Encoding, cancel);
        return ColumnFormats.Judge(table, plan, mapping.Decimal, most, cancel);
    }

    /// <summary>Reads the first rows as an import would, and keeps nothing.</summary>
    public static (ImportTally Tally, long[] Arms, IReadOnlyList<TrialReject> Rejects, bool Whole) Try(
        CsvTable table, DataSetPlan plan, ColumnFormats formats, CancellationToken cancel)
    {
        const int shown = 50;
        var reader = new DataSetRowReader(plan, formats);
        var tally = new ImportTally(plan.Arms.Count, plan.Outcomes.Count);
        var arms = new long[plan.Arms.Count];
        var rejects = new List<TrialReject>();
        var more = true;
        while (tally.Read < TrialRows && (more = table.Read()))
        {
            if (table.Row % 1024 == 0)
                cancel.ThrowIfCancellationRequested();
            var verdict = reader.Read(table);
            tally.Count(verdict, reader.Repaired, reader.Reason, reader.Arm, reader.Outcomes);
            if (verdict == RowVerdict.Kept)
                arms[reader.Arm!.Value]++;
            else if (verdict == RowVerdict.Rejected && rejects.Count < shown)
                rejects.Add(new TrialReject(table.Row, reader.Reason!, reader.Detail, table.Raw));
        }

        reader.AskAboutYesNo(table.Header);
        var whole = !more || !table.Read();
        if (whole)
            UnevenRejects.Check(tally, plan);
        return (tally, arms, rejects, whole);
    }
}
