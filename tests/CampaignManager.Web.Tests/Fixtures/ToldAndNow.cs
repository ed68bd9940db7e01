using System.Text.Json;
using System.Text.Json.Nodes;

namespace CampaignManager.Web.Tests.Fixtures;

/// <summary>What was told, held against what is answered now. Fields may be added; none may go or say something else.</summary>
/// <param name="Free">Names of fields that differ from one time to the next.</param>
internal sealed record ToldAndNow(params string[] Free)
{
    // Sums in floating point may be taken in another order.
    private const double Tolerance = 1e-9;

    /// <summary>Where they differ; empty when they do not.</summary>
    public IReadOnlyList<string> Differences(JsonNode? told, JsonNode? now)
    {
        List<string> found = [];
        Compare("", told, now, found);
        return found;
    }

    private void Compare(string path, JsonNode? told, JsonNode? now, List<string> found)
    {
        switch (told, now)
        {
            case (JsonObject before, JsonObject after):
                foreach (var (name, value) in before.Where(field => !Free.Contains(field.Key)))
                {
                    if (after.ContainsKey(name))
                        Compare($"{path}.{name}", value, after[name], found);
                    else
                        found.Add($"{path}.{name} is gone");
                }

                break;
            case (JsonArray before, JsonArray after) when before.Count == after.Count:
                for (var i = 0; i < before.Count; i++)
                    Compare($"{path}[{i}]", before[i], after[i], found);
                break;
            case (JsonArray before, JsonArray after):
                found.Add($"{path} had {before.Count} entries and has {after.Count}");
                break;
            default:
                if (!Same(told, now))
                    found.Add($"{path} was {told?.ToJsonString() ?? "null"} and is {now?.ToJsonString() ?? "null"}");
                break;
        }
    }

    private static bool Same(JsonNode? told, JsonNode? now)
    {
        if (told is null || now is null || told.GetValueKind() != now.GetValueKind() || told.GetValueKind() != JsonValueKind.Number)
            return JsonNode.DeepEquals(told, now);
        var (before, after) = (told.GetValue<double>(), now.GetValue<double>());
        return Math.Abs(before - after) <= Tolerance * Math.Max(1, Math.Abs(before));
    }
}
