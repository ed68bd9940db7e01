using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Customers;

/// <summary>Six customers, C-00 to C-05: odd ones loyal, each with an order of 12.50.</summary>
internal static class AShop
{
    public static async Task LayAsync(IServiceProvider services)
    {
        var lake = services.GetRequiredService<DataLake>();
        using (var connection = lake.Open())
        {
            var features = Six(i => $"('C-0{i}', '{(i % 2 == 0 ? "active" : "loyal")}', 'tea', 'west', 'app', 1.0, {20 + (10 * i)}.0, {5 + (10 * i)}.0)");
            lake.WriteFile(
                connection,
                $"SELECT * FROM (VALUES {features}) t(customer_id, c_lifecycle, c_favourite, c_region, c_channel, x_orders, x_monetary, x_recency_days) ORDER BY customer_id",
                CustomerFeatures.CurrentFile);
            using var batch = lake.Begin("test");
            Add(LakeTable.Customers, Six(i => $"('C-0{i}', TIMESTAMP '2026-01-01', 'west', 'app', 'phone')"));
            Add(LakeTable.Orders, Six(i => $"('O-0{i}', 'C-0{i}', TIMESTAMP '2026-02-0{i + 1}', 'app', 1250, 0, 0, 1250, NULL, 0)"));
            Add(LakeTable.OrderLines, Six(i => $"('O-0{i}', 'C-0{i}', TIMESTAMP '2026-02-0{i + 1}', 'S1', 'tea', 1, 1250, 0, NULL, 0)"));
            batch.Commit();

            void Add(LakeTable table, string values) => batch.Add(connection, table, $"SELECT * FROM (VALUES {values}) t({table.ColumnList})", table.Name);
        }

        await services.GetRequiredService<SegmentService>().RankAsync(CancellationToken.None);
    }

    private static string Six(Func<int, string> row) => string.Join(", ", Enumerable.Range(0, 6).Select(row));
}
