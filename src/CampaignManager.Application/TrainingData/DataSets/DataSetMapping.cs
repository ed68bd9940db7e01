using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>
/// How the columns of an experiment file are read; the JSON form is in docs/data-import.md and read by <see cref="MappingJson"/>.
/// </summary>
public sealed record DataSetMapping : ImportMapping
{
    public string? Name { get; init; }

    /// <summary>Column of the customer's id; without one every row is a customer of its own.</summary>
    public string? CustomerId { get; init; }

    public TreatmentMapping Treatment { get; init; } = new("", "", []);

    public IReadOnlyList<OutcomeMapping> Outcomes { get; init; } = [];

    /// <summary>Columns to learn from; null takes every column that has no other part.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Features that are names even where they look like numbers.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    public PropensityMapping? Propensity { get; init; }

    /// <summary>Whether the arms were drawn at random; if not, the propensity is estimated when a model is trained and nothing may be said of it here.</summary>
    public bool Randomised { get; init; } = true;

    public SplitMapping? Split { get; init; }

    /// <summary>The sign that parts whole and fraction, where a person had to say it; null judges by the columns.</summary>
    public DecimalMark? Decimal { get; init; }

    public override string ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["customerId"] = CustomerId,
            ["treatment"] = new JsonObject { ["column"] = Treatment.Column, ["control"] = Treatment.Control, ["arms"] = Strings(Treatment.Arms) },
            ["outcomes"] = new JsonArray([.. Outcomes.Select(OutcomeJson)]),
            ["features"] = Features is null ? JsonValue.Create("rest") : Strings(Features),
            ["categorical"] = Strings(Categorical),
            ["propensity"] = Propensity is { Value: { } value } ? JsonValue.Create(value) : Propensity?.Column is { } column ? JsonValue.Create(column) : null,
            ["randomised"] = Randomised,
            ["split"] = Split is null ? null : new JsonObject { ["column"] = Split.Column, ["train"] = Split.Train, ["test"] = Split.Test },
        };
        if (Decimal is { } mark)
            json["decimal"] = mark == DecimalMark.Comma ? "," : ".";
        if (Encoding is not null)
            json["encoding"] = Encoding;
        return json.ToJsonString(JsonSerializerOptions.Web);
    }

    private static JsonNode OutcomeJson(OutcomeMapping outcome)
    {
        var json = new JsonObject { ["column"] = outcome.Column, ["kind"] = outcome.Kind };
        if (outcome.Currency is not null)
            json["currency"] = outcome.Currency;
        if (outcome.Yes is not null)
            json["yes"] = Strings(outcome.Yes);
        return json;
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(JsonNode (v) => JsonValue.Create(v))]);
}

/// <param name="Column">Column that says what a customer got.</param>
/// <param name="Control">Its value for customers who got nothing.</param>
/// <param name="Arms">Values of the treated arms, in order; none means every other value found.</param>
public sealed record TreatmentMapping(string Column, string Control, IReadOnlyList<string> Arms);

/// <param name="Column">Column of the outcome.</param>
/// <param name="Kind"><c>binary</c> or <c>money</c>.</param>
/// <param name="Currency">ISO code of a money outcome; null takes the shop's.</param>
public sealed record OutcomeMapping(string Column, string Kind, string? Currency = null, IReadOnlyList<string>? Yes = null);

/// <summary>How likely the treatment was: one number for all, or a column. Exactly one is set.</summary>
public sealed record PropensityMapping(double? Value, string? Column);

/// <summary>A column that says which rows are for training and which for testing.</summary>
public sealed record SplitMapping(string Column, string Train, string Test);
