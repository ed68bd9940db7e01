using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Planning;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Planning;

/// <summary>Which columns of the training table and of the current features the planner reads, stated once for both.</summary>
internal static class PlannerColumns
{
    private const int FirstFeature = 13;

    private const string CustomerColumns = "x_discount_share, x_recency_days, x_orders, x_views_30, x_carts_30";

    public static string TrainingSql(string tablePath, string nuisancesPath, IReadOnlyList<string> categories) =>
        $"""
        SELECT t.campaign_id, t.customer_id, t.c_lifecycle, t.arm, t.propensity,
               t.y_converted, t.y_orders, t.y_margin, t.y_discount,
               n.mu0_converted, n.mu1_converted, n.mu0_margin, n.mu1_margin,
               t.c_favourite, t.o_threshold_to_basket, t.o_depth, t.o_is_percent, t.o_is_free_shipping,
               {CustomerColumns}, {string.Join(", ", categories.Select(c => $"t.{FeatureSql.Affinity(c)}, t.o_scope_{ShopCategories.Column(c)}"))}
        FROM read_parquet('{DataLake.Quote(tablePath)}') t
        JOIN read_parquet('{DataLake.Quote(nuisancesPath)}') n ON n.row = t.row AND n.campaign_id = t.campaign_id AND n.customer_id = t.customer_id
        ORDER BY t.row
        """;

    public static void ReadPoint(DuckDBDataReader reader, string lifecycle, IReadOnlyList<string> categories, double[] affinity, double[] inScope, out PlanningPoint point)
    {
        var at = FirstFeature;
        var favourite = reader.IsDBNull(at) ? -1 : IndexOf(categories, reader.GetString(at));
        at++;
        double Next() => reader.IsDBNull(at) ? at++ * double.NaN : reader.GetDouble(at++);
        double ratio = Next(), depth = Next(), percent = Next(), shipping = Next();
        double discountShare = Next(), recency = Next(), orders = Next(), views = Next(), carts = Next();
        var share = 0.0;
        for (var c = 0; c < affinity.Length; c++)
        {
            affinity[c] = Known(Next());
            inScope[c] = Known(Next());
            share += inScope[c];
        }

        point = new PlanningPoint
        {
            Lifecycle = IndexOf(Segments.LifecycleKeys, lifecycle),
            Favourite = favourite,
            Affinity = affinity,
            ScopeAffinity = inScope,
            ScopeShare = share,
            ThresholdToBasket = Known(ratio),
            Depth = Known(depth),
            DiscountShare = Known(discountShare),
            RecencyDays = recency,
            Frequency = Known(orders),
            Views30 = Known(views),
            Carts30 = Known(carts),
            IsPercent = percent > 0,
            IsFreeShipping = shipping > 0,
        };
    }

    /// <summary>The current customers, at most <paramref name="cap"/>, picked by hash so that the same are picked every time.</summary>
    /// <param name="source">Their features.</param>
    /// <param name="uplift">Which segments by uplift they are in, as <see cref="UpliftCombinations.Sql"/> has it.</param>
    /// <param name="own">Which saved audiences, as <see cref="AudienceMembers.KeysSql"/> has it.</param>
    /// <param name="categories">The model's.</param>
    /// <param name="cap">How many at most.</param>
    public static string CurrentSql(string source, string uplift, string own, IReadOnlyList<string> categories, long cap) =>
        $"""
        SELECT c_lifecycle, c_favourite, c_region, c_channel, x_usual_basket, {CustomerColumns}, coalesce(u.uplift, 0), o.own,
               {string.Join(", ", categories.Select(FeatureSql.Affinity))}
        FROM {source} LEFT JOIN {uplift} u USING (customer_id) LEFT JOIN {own} o USING (customer_id) ORDER BY hash(customer_id), customer_id LIMIT {cap}
        """;

    public static double Known(double value) => double.IsNaN(value) ? 0 : value;

    public static int IndexOf(IReadOnlyList<string> list, string value)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] == value)
                return i;
        }

        return -1;
    }
}
