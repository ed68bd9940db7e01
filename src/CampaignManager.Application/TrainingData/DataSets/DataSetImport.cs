using CampaignManager.Application.Imports;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>The import of a table of one row a customer, with arms and outcomes; the API calls it an experiment.</summary>
public sealed class DataSetImport(IOptions<ImportOptions> options) : IImportKind
{
    public const string Kind = "experiment";

    public string Name => Kind;

    public string JobKind => ImportDataSetJob.Kind;

    public ImportMapping Guess(FileInspection file, string fileName, string currency, string? encoding) =>
        MappingGuess.Of(file, fileName, currency) with { Encoding = encoding };

    public Outcome<ImportMapping> Parse(string json)
    {
        var parsed = MappingJson.Parse(json);
        return parsed.Succeeded ? parsed.Value : parsed.Failure;
    }

    public Failure? Check(ImportMapping mapping, string path, string currency)
    {
        using var table = CsvTable.Open(path, options.Value, mapping.Encoding, CancellationToken.None, FileInspection.BytesLookedAt);
        return DataSetPlan.Of((DataSetMapping)mapping, table.Header, currency).Failure;
    }

    public Outcome<ImportTrial> Try(ImportMapping mapping, string path, string currency, CancellationToken cancel)
    {
        using var table = CsvTable.Open(path, options.Value, mapping.Encoding, cancel);
        var plan = DataSetPlan.Of((DataSetMapping)mapping, table.Header, currency);
        if (!plan.Succeeded)
            return plan.Failure;
        var formats = DataSetScan.Formats(path, plan.Value, (DataSetMapping)mapping, options.Value, cancel, DataSetScan.TrialRows);
        var (tally, arms, rejects, whole) = DataSetScan.Try(table, plan.Value, formats, cancel);
        return new ImportTrial(tally, [.. plan.Value.Arms.Zip(arms, (label, rows) => new ColumnValue(label, rows))], rejects, whole);
    }
}

public static class DataSetLook
{
    /// <summary>The mapping to start from, of a file that holds a data set.</summary>
    public static DataSetMapping DataSet(this ImportLook look) => (DataSetMapping)look.Mapping;
}
