using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>A writer that dies at some step of changing files leaves what was before or what was to be, and the next try makes it so.</summary>
public class LakeDeathTests
{
    private sealed class Death : Exception;

    [Fact]
    public async Task Writer_DiesAtThirtyRandomMoments_NothingHalfNothingDoubled()
    {
        var random = new Random(7);
        using var a = new AWriter(buckets: 2);
        var deaths = 0;
        Guid last = default;
        for (var round = 0; deaths < 30; round++)
        {
            var id = Guid.NewGuid();
            var rows = Enumerable.Range(0, 4).Select(_ => (ReadRow)Order(
                "O" + random.Next(8), "C" + random.Next(5), Start.AddDays(-40 * random.Next(4)), 100 * random.Next(1, 4))).ToList();
            var undone = last;
            Func<Task> work = (round % 4) switch
            {
                2 => () => new LakeCompaction(a.Lake, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken),
                3 => () => a.Writer.UndoAsync(undone, TestContext.Current.CancellationToken),
                _ => () => a.WriteAsync(id, Start.AddHours(round), rows),
            };
            var before = (State(a), Imports(a));
            var left = random.Next(25);
            a.Lake.Step = _ =>
            {
                if (left-- == 0)
                    throw new Death();
            };
            var died = await Record.ExceptionAsync(work) is Death;
            a.Lake.Step = null;
            deaths += died ? 1 : 0;
            a.Lake.Sweep();
            var swept = (State(a), Imports(a));

            await work();

            var after = (State(a), Imports(a));
            Assert.Contains(swept, died ? new[] { before, after } : [after]);
            Assert.Equal(a.Rows(LakeTable.Orders, "order_id").Count, a.Rows(LakeTable.Orders, "DISTINCT order_id").Count);
            Assert.All(a.Lake.Catalogue().Files, f => Assert.True(File.Exists(a.Lake.PathTo(f.Path))));
            Assert.DoesNotContain(a.A.Files(), f => f.Contains("work-", StringComparison.Ordinal));
            last = round % 4 == 3 ? last : id;
        }
    }

    private static string State(AWriter a) => string.Join('\n', a.Rows(LakeTable.Orders, "order_id, customer_id, \"at\", total_minor").Concat(a.Rows(LakeTable.OrderLines, "order_id, sku, unit_price_minor"))
        .Concat(a.Rows(LakeTable.Customers, "customer_id, joined_at")));

    private static string Imports(AWriter a) => string.Join(',', a.Lake.Catalogue().Imports.Select(i => i.ImportId));
}
