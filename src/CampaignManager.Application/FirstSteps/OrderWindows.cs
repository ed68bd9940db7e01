using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Uplift.Learners;
using DuckDB.NET.Data;

namespace CampaignManager.Application.FirstSteps;

/// <summary>
/// Customers as their orders knew them at past moments, and who ordered in the days after. Nothing of a window's own days is in its features. Of many customers a part is taken, always the
/// same: figures of a few ten thousand are as good.
/// </summary>
/// <param name="Window">0 is now, 1 the newest window that has ended, and so on back.</param>
internal sealed record OrderWindow(int Window, IReadOnlyList<string> Customers, FeatureMatrix X, bool[] Ordered)
{
    public const int Days = 30;

    // Half a year of windows to learn from, and the newest to be judged by.
    private const int Most = 7;

    private const int MostCustomers = 12_000;

    private const int Width = 9;

    public static IReadOnlyList<OrderWindow> Read(DataLake lake, DuckDBConnection connection, ShopOrders shop)
    {
        // The last order is known now, so it lies before.
        var end = shop.To.AddMilliseconds(1);
        var windows = Enumerable.Range(0, Most + 1).Where(w => w == 0 || end.AddDays(-Days * (w + 1)) >= shop.From).ToList();
        var moments = string.Join(", ", windows.Select(w => string.Create(CultureInfo.InvariantCulture, $"({w}, {DataLake.Moment(end.AddDays(-Days * w))})")));
        var part = (shop.Customers + MostCustomers - 1) / MostCustomers;
        var some = part <= 1 ? "true" : $"{CustomerBucket.Sql("customer_id", (int)part)} = 0";
        var rows = connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"""
            WITH a(w, moment) AS (VALUES {moments}),
            o AS (SELECT customer_id, "at", (list_minor - discount_minor)::DOUBLE AS paid FROM {lake.CountedOrders()}
                  WHERE NOT starts_with(customer_id, '{DataLake.GuestPrefix}') AND {some})
            SELECT w, customer_id, (epoch(moment) - epoch(max("at") FILTER ("at" < moment))) / 86400.0, (epoch(moment) - epoch(min("at") FILTER ("at" < moment))) / 86400.0,
                   count(*) FILTER ("at" < moment), count(*) FILTER ("at" < moment AND "at" >= moment - INTERVAL 30 DAY),
                   count(*) FILTER ("at" < moment AND "at" >= moment - INTERVAL 90 DAY), count(*) FILTER ("at" < moment AND "at" >= moment - INTERVAL 365 DAY),
                   coalesce(avg(paid) FILTER ("at" < moment), 0), count(*) FILTER ("at" >= moment AND "at" < moment + INTERVAL {Days} DAY) > 0
            FROM o CROSS JOIN a GROUP BY w, moment, customer_id HAVING count(*) FILTER ("at" < moment) > 0 ORDER BY w, customer_id
            """),
            r => (Window: r.GetInt32(0), Customer: r.GetString(1), Known: Enumerable.Range(2, 7).Select(i => Convert.ToDouble(r.GetValue(i), CultureInfo.InvariantCulture)).ToArray(), Ordered: r.GetBoolean(9)));
        return [.. rows.GroupBy(r => r.Window).Select(g => Of(g.Key, [.. g.Select(r => (r.Customer, r.Known, r.Ordered))]))];
    }

    /// <summary>Several windows as one table.</summary>
    public static (FeatureMatrix X, bool[] Ordered) Together(IEnumerable<OrderWindow> windows)
    {
        var all = windows.ToList();
        var x = new FeatureMatrix(all.Sum(w => w.X.Rows), Width);
        var at = 0;
        foreach (var window in all)
        {
            for (var i = 0; i < window.X.Rows; i++)
                window.X.Row(i).CopyTo(x.Row(at++));
        }

        return (x, [.. all.SelectMany(w => w.Ordered)]);
    }

    private static OrderWindow Of(int window, List<(string Customer, double[] Known, bool Ordered)> rows)
    {
        var x = new FeatureMatrix(rows.Count, Width);
        for (var i = 0; i < rows.Count; i++)
        {
            var k = rows[i].Known;
            // On a scale on which the second order says more than the twentieth.
            double recency = Math.Log(1 + k[0]), gap = k[2] > 1 ? (k[1] - k[0]) / (k[2] - 1) : k[1];
            double[] values =
            [
                recency, Math.Log(1 + k[1]), Math.Log(1 + k[2]), Math.Log(1 + k[3]), Math.Log(1 + k[4]), Math.Log(1 + k[5]), Math.Log(1 + Math.Max(0, k[6])),
                Math.Log((1 + k[0]) / (1 + gap)), k[2] > 1 ? 1 : 0,
            ];
            for (var j = 0; j < Width; j++)
                x.Row(i)[j] = (float)values[j];
        }

        return new OrderWindow(window, [.. rows.Select(r => r.Customer)], x, [.. rows.Select(r => r.Ordered)]);
    }
}
