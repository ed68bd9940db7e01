using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CampaignManager.Engine.Tests.Experiments.Golden;

/// <summary>
/// Compares an answer with a reference, key by key: 1e-9 relative or 1e-12 absolute; p values below 1e-12 by their order of magnitude. Where the references' quantile of t is
/// itself right to 1e-9 only, an end of an interval is right, too, that lies between ours at a level moved by 1e-8 of itself.
/// </summary>
internal static class Expect
{
    // What explains a reference and is no answer.
    private static readonly string[] Remarks = ["reason", "pooled_wrong"];

    /// <summary>Where they differ, by path; empty when they are the same. A reference's key without an answer is a difference too.</summary>
    public static IReadOnlyList<string> Differences(JsonElement expected, Func<double, JsonNode?> actualAt)
    {
        var found = Differences(expected, actualAt(1));
        if (found.Count == 0)
            return [];
        List<string> below = Differences(expected, actualAt(1 - 1e-8)), above = Differences(expected, actualAt(1 + 1e-8));
        return [.. found.Where(f => !(Ends.Any(e => f.Contains(e, StringComparison.Ordinal)) && Between(f, below, above)))];
    }

    private static readonly string[] Ends = [".low:", ".high:"];

    private static List<string> Differences(JsonElement expected, JsonNode? actual)
    {
        List<string> found = [];
        Walk("", expected, actual, found);
        return found;
    }

    // A difference is written as "path: expected expected, actual found".
    private static bool Between(string difference, List<string> below, List<string> above)
    {
        var path = difference[..(difference.IndexOf(':', StringComparison.Ordinal) + 1)];
        var ends = below.Concat(above).Where(d => d.StartsWith(path, StringComparison.Ordinal)).Select(Sides).ToList();
        // At a level at which they agree nothing is said of the path.
        return ends.Count < 2 || ends.Select(e => Math.Sign(e.Actual - e.Expected)).Distinct().Count() == 2;
    }

    private static (double Expected, double Actual) Sides(string difference)
    {
        var words = difference.Split(' ');
        return (double.Parse(words[^4], CultureInfo.InvariantCulture), double.Parse(words[^2], CultureInfo.InvariantCulture));
    }

    private static void Walk(string path, JsonElement expected, JsonNode? actual, List<string> found)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in expected.EnumerateObject().Where(p => !Remarks.Contains(p.Name)))
                {
                    if (actual is JsonObject o && o.ContainsKey(property.Name))
                        Walk($"{path}.{property.Name}", property.Value, o[property.Name], found);
                    else
                        found.Add($"{path}.{property.Name} is not answered");
                }

                break;
            case JsonValueKind.Array:
                var items = (actual as JsonArray)?.Count ?? -1;
                if (items != expected.GetArrayLength())
                    found.Add($"{path} has {items} items instead of {expected.GetArrayLength()}");
                else
                    foreach (var (item, i) in expected.EnumerateArray().Select((item, i) => (item, i)))
                        Walk($"{path}[{i}]", item, actual![i], found);
                break;
            case JsonValueKind.Number when actual is JsonValue value && value.TryGetValue<double>(out var number):
                if (!Same(expected.GetDouble(), number, path.EndsWith(".p", StringComparison.Ordinal)))
                    found.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {expected.GetRawText()} expected, {number:R} found"));
                break;
            case JsonValueKind.True or JsonValueKind.False when actual is JsonValue flag && flag.TryGetValue<bool>(out var holds):
                if (holds != expected.GetBoolean())
                    found.Add($"{path}: {expected} expected, {holds} found");
                break;
            default:
                if (expected.ToString() != (actual?.ToString() ?? ""))
                    found.Add($"{path}: '{expected}' expected, '{actual}' found");
                break;
        }
    }

    private static bool Same(double expected, double actual, bool probability) =>
        Math.Abs(expected - actual) <= Math.Max(1e-12, 1e-9 * Math.Abs(expected))
        && (!probability || expected >= 1e-12 || expected == actual || Math.Abs(Math.Log10(actual / expected)) < 1);
}
