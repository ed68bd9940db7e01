using System.Text.Json;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>
/// What stands beside an imported experiment's table: the training table's manifest (<see cref="UpliftTableManifest"/>, same names) and where it came from.
/// Nothing in it depends on when the import ran, so the same file and mapping give the same text.
/// </summary>
/// <param name="Propensity">Where the propensity comes from and what the column means.</param>
public sealed record DataSetManifest(
    string Name,
    Guid ExperimentId,
    IReadOnlyList<string> Arms,
    IReadOnlyList<UpliftOutcome> Outcomes,
    IReadOnlyDictionary<string, string> Labels,
    bool Randomised,
    DataSetPropensity Propensity,
    IReadOnlyList<DataSetFeature> Features,
    IReadOnlyList<DataSetArm> ArmCounts,
    DataSetCounts Counts,
    IReadOnlyList<ImportWarning> Warnings,
    DataSetSource Source)
{
    public static string FolderOf(Guid experimentId) => UpliftTableManifest.ExperimentFolder(experimentId);

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    public static DataSetManifest Parse(string json) => JsonSerializer.Deserialize<DataSetManifest>(json, Format)
        ?? throw new InvalidDataException("The experiment's manifest is empty.");

    private static JsonSerializerOptions Format { get; } = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <param name="Source"><c>observed</c>, <c>given</c>, <c>column</c> or, of arms that were not drawn at random, <c>unknown</c>.</param>
/// <param name="Definition">What the column <c>propensity</c> holds, in a sentence.</param>
/// <param name="Value">The number given, if one was.</param>
public sealed record DataSetPropensity(string Source, string Definition, double? Value = null);

/// <param name="Column">Parquet column with its prefix.</param>
/// <param name="Label">The file's header.</param>
/// <param name="Kind"><c>numeric</c> or <c>categorical</c>.</param>
/// <param name="Missing">Kept rows without a value.</param>
/// <param name="Distinct">Different values, estimated.</param>
public sealed record DataSetFeature(string Column, string Label, string Kind, long Missing, long Distinct);

/// <summary>An arm's rows, and per outcome (in their order) its sum and sum of squares, from which means and intervals follow.</summary>
public sealed record DataSetArm(string Label, long Rows, IReadOnlyList<double> Sums, IReadOnlyList<double> SumsOfSquares);

public sealed record DataSetCounts(long Read, long Kept, long Repaired, long Skipped, long Rejected, IReadOnlyDictionary<string, long> Reasons);

public sealed record DataSetSource(string FileName, string Sha256, DateTime UploadedAt, JsonElement Mapping);
