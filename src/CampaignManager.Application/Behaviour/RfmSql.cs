using CampaignManager.Engine.Audiences;

namespace CampaignManager.Application.Behaviour;

/// <summary><see cref="Rfm"/> where the lake is asked; a test holds the two together.</summary>
public static class RfmSql
{
    /// <summary>
    /// A query with <c>customer_id, rfm_recency, rfm_frequency, rfm_monetary</c> (1..5) for everybody who ever ordered.
    /// </summary>
    /// <param name="features">Relation with <c>customer_id, x_recency_days, x_orders, x_monetary</c>.</param>
    public static string Of(string features) => $"""
        SELECT f.customer_id, {Score("-f.x_recency_days", "r")} AS rfm_recency, {Score("f.x_orders", "f")} AS rfm_frequency, {Score("f.x_monetary", "m")} AS rfm_monetary
        FROM {features} f CROSS JOIN (
            SELECT {Cuts("r")}, {Cuts("f")}, {Cuts("m")} FROM (
                SELECT count(*) AS n, {Sorted("-x_recency_days", "r")}, {Sorted("x_orders", "f")}, {Sorted("x_monetary", "m")} FROM {features} WHERE x_orders > 0)) cuts
        WHERE f.x_orders > 0
        """;

    private static IEnumerable<int> Fifths => Enumerable.Range(1, Rfm.Fifths - 1);

    private static string Sorted(string value, string name) => $"list({value} ORDER BY {value}) AS {name}";

    // Ranks in whole numbers: a share such as .6 is not one in binary, and its rank may come out one higher.
    private static string Cuts(string name) => string.Join(", ", Fifths.Select(k => $"{name}[(n * {k} + {Rfm.Fifths - 1}) // {Rfm.Fifths}] AS {name}{k}"));

    private static string Score(string value, string name) => $"1 + {string.Join(" + ", Fifths.Select(k => $"({name}{k} < {value})::INT"))}";
}
