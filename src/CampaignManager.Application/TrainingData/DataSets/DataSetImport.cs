using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>The import of a table of one row a customer, with arms and outcomes; the API calls it an experiment.</summary>
public sealed class DataSetImport(IOptions<ImportOptions> options) : IImportKind
{
    public const string Kind = "experiment";

    public string Name => Kind;

    public string JobKind => ImportDataSetJob.Kind;

    public string Guess(FileInspection file, string fileName, string currency, string? encoding) =>
        (MappingGuess.Of(file, fileName, currency) with { Encoding = encoding }).ToJson();

    public string? EncodingOf(string mapping) => MappingJson.Parse(mapping) is { Succeeded: true } parsed ? parsed.Value.Encoding : null;

    public Failure? Check(string mapping, string path, string currency)
    {
        var parsed = MappingJson.Parse(mapping);
        if (!parsed.Succeeded)
            return parsed.Failure;
        using var table = CsvTable.Open(path, options.Value, parsed.Value.Encoding);
        return DataSetPlan.Of(parsed.Value, table.Header, currency).Failure;
    }

    public Outcome<ImportTrial> Try(string path, string mapping, string currency, CancellationToken cancel)
    {
        var parsed = MappingJson.Parse(mapping);
        if (!parsed.Succeeded)
            return parsed.Failure;
        using var table = CsvTable.Open(path, options.Value, parsed.Value.Encoding);
        var plan = DataSetPlan.Of(parsed.Value, table.Header, currency);
        if (!plan.Succeeded)
            return plan.Failure;
        var formats = DataSetScan.Formats(path, plan.Value, parsed.Value, options.Value, cancel, DataSetScan.TrialRows);
        var (tally, arms, rejects, whole) = DataSetScan.Try(table, plan.Value, formats, cancel);
        return new ImportTrial(tally, [.. plan.Value.Arms.Zip(arms, (label, rows) => new ColumnValue(label, rows))], rejects, whole);
    }
}

/// <summary>The frame of imports with mappings of data sets, typed.</summary>
public static class DataSetImports
{
    public static DataSetMapping DataSet(this ImportLook look) => MappingJson.Parse(look.Mapping).Value;

    /// <inheritdoc cref="ImportService.TryAsync"/>
    public static Task<Outcome<ImportTrial>> TryAsync(
        this ImportService imports, Actor actor, Guid id, DataSetMapping mapping, CancellationToken cancellationToken) =>
        imports.TryAsync(actor, id, mapping.ToJson(), cancellationToken);

    /// <inheritdoc cref="ImportService.StartAsync"/>
    public static Task<Outcome> StartAsync(this ImportService imports, Actor actor, Guid id, DataSetMapping? mapping, CancellationToken cancellationToken) =>
        imports.StartAsync(actor, id, mapping?.ToJson(), cancellationToken);
}
