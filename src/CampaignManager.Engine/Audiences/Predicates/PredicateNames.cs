using System.Text.Json;

namespace CampaignManager.Engine.Audiences.Predicates;

/// <summary>How the members of the predicate's closed sets are written.</summary>
internal static class PredicateNames<T>
    where T : struct, Enum
{
    public static readonly IReadOnlyList<string> All = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    public static bool TryGet(string? name, out T value)
    {
        value = default;
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i] != name)
                continue;
            value = Enum.GetValues<T>()[i];
            return true;
        }

        return false;
    }

    public static string Of(T value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
