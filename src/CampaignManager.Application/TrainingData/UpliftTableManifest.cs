using System.Text.Json;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.TrainingData;

/// <summary>
/// What a training table's Parquet file cannot say itself; <c>manifest.json</c> beside <c>table.parquet</c>.
/// The Parquet has <c>row BIGINT, customer_id VARCHAR, campaign_id VARCHAR, arm INTEGER (0 control), propensity DOUBLE, split VARCHAR</c>
/// ('train', 'test' or NULL), outcomes <c>y_*</c>, numeric features <c>x_*</c>, offer features <c>o_*</c> (DOUBLE, NULL = missing) and
/// categorical features <c>c_*</c> (VARCHAR). With one treated arm propensity is P(treated); with several it is P(the row's own arm); NULL where arms were not drawn at random.
/// </summary>
/// <param name="Name">What the data is, as a person named it.</param>
/// <param name="Arms">Names by arm index; the first is control.</param>
/// <param name="Outcomes">The <c>y_</c> columns, without their prefix.</param>
/// <param name="Labels">Readable names of features by column name with its prefix; optional.</param>
/// <param name="From">First assignment, UTC; null when not known.</param>
/// <param name="To">Last assignment, UTC; null when not known.</param>
/// <param name="Randomised">False when the propensity is not known and has to be estimated: everything shown is marked "observational".</param>
/// <param name="MinorPerUnit">Of the shop's own data: what their amounts count in (<see cref="AmountUnit"/>).</param>
/// <param name="Read">Of the shop's own data: what was left out as known later, and what is older than the first import.</param>
public sealed record UpliftTableManifest(
    string Name,
    IReadOnlyList<string> Arms,
    IReadOnlyList<UpliftOutcome> Outcomes,
    IReadOnlyDictionary<string, string>? Labels = null,
    DateTime? From = null,
    DateTime? To = null,
    bool Randomised = true,
    long? MinorPerUnit = null,
    RowsRead? Read = null)
{
    public const string TableFile = "table.parquet";

    public const string ManifestFile = "manifest.json";

    /// <summary>Folder of the shop's own past campaigns, relative to the lake.</summary>
    public const string ShopFolder = "training/shop";

    /// <summary>Where all imported experiments' folders are, relative to the lake.</summary>
    public const string ExperimentsFolder = "experiments";

    /// <summary>Folder of an imported experiment's table, relative to the lake.</summary>
    public static string ExperimentFolder(Guid experimentId) => $"{ExperimentsFolder}/{experimentId:N}";

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static UpliftTableManifest Parse(string json) => JsonSerializer.Deserialize<UpliftTableManifest>(json, JsonSerializerOptions.Web)
        ?? throw new InvalidDataException("The manifest of the training table is empty.");
}

/// <param name="Name">Column name without <c>y_</c>.</param>
/// <param name="Kind"><c>binary</c> or <c>money</c>.</param>
/// <param name="Currency">ISO code of a money outcome.</param>
/// <param name="Label">Readable name; null takes <paramref name="Name"/>.</param>
public sealed record UpliftOutcome(string Name, string Kind, string? Currency = null, string? Label = null)
{
    public const string Binary = "binary";

    public const string Money = "money";

    public bool IsBinary => Kind == Binary;
}
