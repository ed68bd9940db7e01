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

    public string Guess(FileInspection file, string fileName, string currency) => MappingGuess.Of(file, fileName, currency).ToJson();

    public Failure? Check(string mapping, IReadOnlyList<string> header, string currency) => PlanOf(mapping, header, currency).Failure;

    public Outcome<ImportTrial> Try(string path, string mapping, string currency, CancellationToken cancel)
    {
        using var table = CsvTable.Open(path, options.Value);
        var plan = PlanOf(mapping, table.Header, currency);
        if (!plan.Succeeded)
            return plan.Failure;
        var (tally, arms, rejects, whole) = DataSetScan.Try(table, plan.Value, cancel);
        return new ImportTrial(tally, [.. plan.Value.Arms.Zip(arms, (label, rows) => new ColumnValue(label, rows))], rejects, whole);
    }

    private static Outcome<DataSetPlan> PlanOf(string mapping, IReadOnlyList<string> header, string currency)
    {
        var parsed = MappingJson.Parse(mapping);
        return parsed.Succeeded ? DataSetPlan.Of(parsed.Value, header, currency) : parsed.Failure;
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
