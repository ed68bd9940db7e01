using System.Text.Json;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;

namespace CampaignManager.Application.Uplift.Scoring;

/// <summary>Turns customers as a caller describes them into the table a model scores. What is wrong is named by its JSON path.</summary>
public static class ScoreRequestTable
{
    public const int MostCustomers = 10_000;

    private const int LongestId = 200;

    /// <summary>More would only bury the first.</summary>
    private const int MostErrors = 20;

    public static Outcome<UpliftTable> Build(ModelManifest manifest, IReadOnlyList<CustomerToScore?>? customers)
    {
        if (customers is not { Count: > 0 })
            return Failure.Invalid("customers", "Send at least one customer.");
        if (customers.Count > MostCustomers)
            return Failure.Invalid("customers", $"At most {MostCustomers} customers fit into one call; these are {customers.Count}. Send them in several calls.");

        var errors = new Dictionary<string, string[]>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var features = new RequestFeatures(manifest.Features, customers.Count);
        for (var i = 0; i < customers.Count && errors.Count < MostErrors; i++)
        {
            if (WrongId(customers[i], seen, i) is { } wrong)
                errors[$"customers[{i}].id"] = [wrong];
            foreach (var (name, value) in customers[i]?.Features ?? [])
            {
                if (errors.Count < MostErrors && features.Set(i, name, value) is { } sentence)
                    errors[$"customers[{i}].features{Step(name)}"] = [sentence];
            }
        }

        if (errors.Count > 0)
            return Failure.Invalid(errors);
        var rows = Enumerable.Range(0, customers.Count);
        return new UpliftTable
        {
            Manifest = new UpliftTableManifest(manifest.Source, manifest.Arms, []),
            Rows = [.. rows.Select(i => (long)i)],
            CustomerIds = [.. customers.Select(c => c!.Id!)],
            Customers = [.. rows],
            CampaignIds = [.. rows.Select(_ => "")],
            Arms = new int[customers.Count],
            Propensity = [.. rows.Select(_ => 0.5)],
            Splits = new string?[customers.Count],
            Features = features.Columns(),
            Outcomes = new Dictionary<string, double[]>(),
        };
    }

    private static string? WrongId(CustomerToScore? customer, Dictionary<string, int> seen, int at)
    {
        if (customer?.Id is not { Length: > 0 } id)
            return "A customer needs an id.";
        if (id.Length > LongestId)
            return $"An id has at most {LongestId} characters.";
        return seen.TryAdd(id, at) ? null : $"The customer '{id}' stands in this call twice, first as customers[{seen[id]}].";
    }

    // As JSON paths are written everywhere here: a name that is no plain word stands in brackets.
    private static string Step(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && name.Length > 0 ? "." + name : $"['{name.Replace("'", "\\'", StringComparison.Ordinal)}']";
}

/// <summary>The values of a request, feature by feature; what nobody says stays missing.</summary>
internal sealed class RequestFeatures
{
    private readonly IReadOnlyList<ModelFeature> features;
    private readonly float[]?[] numbers;
    private readonly string?[]?[] words;
    private readonly bool[][] given;
    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> byLabel = new(StringComparer.Ordinal);
    private readonly HashSet<string> shared = new(StringComparer.Ordinal);

    public RequestFeatures(IReadOnlyList<ModelFeature> features, int count)
    {
        this.features = features;
        numbers = [.. features.Select(f => f.Kind == FeatureKind.Categorical ? null : Missing(count))];
        words = [.. features.Select(f => f.Kind == FeatureKind.Categorical ? new string?[count] : null)];
        given = [.. features.Select(_ => new bool[count])];
        for (var j = 0; j < features.Count; j++)
        {
            byName[features[j].Name] = j;
            if (!byLabel.TryAdd(features[j].Label, j))
                shared.Add(features[j].Label);
        }
    }

    /// <summary>Takes a value; says what is wrong with it, or null.</summary>
    public string? Set(int row, string name, JsonElement value)
    {
        if (!byName.TryGetValue(name, out var j))
        {
            if (shared.Contains(name))
                return $"Several features of the model are called '{name}'. Use their column names: {string.Join(", ", features.Where(f => f.Label == name).Select(f => f.Name))}.";
            if (!byLabel.TryGetValue(name, out j))
                return $"The model knows no feature '{name}'. GET /models/{{id}} lists those it knows.";
        }

        if (given[j][row])
            return $"The feature '{features[j].Name}' is given twice, by its name and by its label.";
        given[j][row] = true;
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return null;
        return words[j] is { } text ? SetWord(text, row, value) : SetNumber(numbers[j]!, row, value);
    }

    public IReadOnlyList<FeatureColumn> Columns() =>
        [.. features.Select((f, j) => words[j] is { } text ? UpliftTableReader.Categorical(f.Name, f.Label, text) : new FeatureColumn(f.Name, f.Kind, f.Label, [], numbers[j]!))];

    private static string? SetWord(string?[] into, int row, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return "A text is wanted here.";
        into[row] = value.GetString();
        return null;
    }

    private static string? SetNumber(float[] into, int row, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
            return "A number is wanted here.";
        if (!value.TryGetDouble(out var number) || !float.IsFinite((float)number))
            return "This number is too large.";
        into[row] = (float)number;
        return null;
    }

    private static float[] Missing(int count)
    {
        var values = new float[count];
        Array.Fill(values, float.NaN);
        return values;
    }
}
