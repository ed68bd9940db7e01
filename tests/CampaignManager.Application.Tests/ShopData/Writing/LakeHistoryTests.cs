using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>After any order of imports, repeats, corrections, undo, erasure and merging of files the lake reads as what is left of them says.</summary>
public class LakeHistoryTests
{
    private const int Orders = 6, Events = 6, People = 4;

    [Theory]
    [InlineData(2)]
    [InlineData(104)]
    [InlineData(109)]
    public async Task Lake_AfterAnyHistory_ReadsAsTheSurvivingRowsSay(int seed)
    {
        var random = new Random(seed);
        using var a = new AWriter(buckets: 2);
        var model = new LakeModel();
        for (var step = 0; step < 20; step++)
        {
            var what = random.Next(10);
            if (what < 6 || model.Imports.Count == 0)
            {
                var repeated = random.Next(3) == 0 && model.Imports.Count > 0 ? model.Imports[random.Next(model.Imports.Count)].Rows : null;
                var rows = repeated ?? Rows(random);
                var id = Guid.NewGuid();
                await a.WriteAsync(id, Start.AddHours(step), rows);
                model.Write(id, rows);
            }
            else if (what < 8)
            {
                var import = model.Imports[random.Next(model.Imports.Count)].Id;
                Assert.True(await a.Writer.UndoAsync(import, TestContext.Current.CancellationToken));
                model.Undo(import);
            }
            else if (what == 8)
            {
                await new LakeCompaction(a.Lake, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
            }
            else
            {
                var person = Person(random);
                await a.Writer.EraseAsync(person, TestContext.Current.CancellationToken);
                model.Erase(person);
            }

            Check(a, model);
        }
    }

    private static void Check(AWriter a, LakeModel model)
    {
        Assert.Equal(model.OrdersNow(), a.Rows(LakeTable.Orders, "order_id, customer_id, strftime(\"at\", '%Y-%m-%d'), total_minor"));
        Assert.Equal(model.LinesNow(), a.Rows(LakeTable.OrderLines, "order_id, line_no, sku, unit_price_minor"));
        Assert.Equal(model.EventsNow(), a.Rows(LakeTable.Events, "event_id, customer_id, sku"));
        Assert.Equal(model.PeopleNow(), a.Rows(LakeTable.Customers, "customer_id, strftime(joined_at, '%Y-%m-%d'), device"));
    }

    private static List<ReadRow> Rows(Random random)
    {
        var rows = new List<ReadRow>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            rows.Add(Order("O" + random.Next(Orders), Person(random), Day(random), 100 * random.Next(1, 3)) with
            {
                Lines = [.. Enumerable.Range(0, random.Next(1, 3)).Select(l => new OrderLineRow(l, "S" + l, 1, 100 * random.Next(1, 3)))],
            });
        }

        for (var i = random.Next(3); i > 0; i--)
            rows.Add(View("E" + random.Next(Events), Person(random), Day(random), "S" + random.Next(2)));
        if (random.Next(2) == 0)
            rows.Add(new CustomerRow(Person(random), 0) { Device = random.Next(2) == 0 ? "ios" : null, JoinedAt = random.Next(2) == 0 ? Day(random) : null, Region = "r" + random.Next(2) });
        return rows;
    }

    private static string Person(Random random) => "C" + random.Next(People).ToString(CultureInfo.InvariantCulture);

    private static DateTime Day(Random random) => Start.AddDays(-30 * random.Next(6));
}
