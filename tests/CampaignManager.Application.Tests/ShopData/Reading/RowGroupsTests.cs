using CampaignManager.Application.ShopData.Reading.Orders;

namespace CampaignManager.Application.Tests.ShopData.Reading;

public sealed class RowGroupsTests
{
    [Fact]
    public void Orders_MoreRowsThanAreHeld_AreTheSameByWayOfFiles()
    {
        var map = new CellMap("id", "text");
        using var held = new RowGroups([map]);
        using var spilled = new RowGroups([map], most: 16);
        var random = new Random(11);
        for (var i = 0; i < 1000; i++)
        {
            var key = $"k{random.Next(90)}";
            var row = new FileRow(0, i, map, [key, i % 5 == 0 ? null : $"größer {i}\n"]) { Run = i };
            held.Add(key, i % 3 == 0, row);
            spilled.Add(key, i % 3 == 0, row);
        }

        Assert.Equal(Said(held), Said(spilled));

        static List<string> Said(RowGroups groups) =>
        [
            .. groups.Orders().OrderBy(o => o.Key, StringComparer.Ordinal).Select(o =>
                $"{o.Key}: {string.Join(',', o.Heads.Select(h => $"{h.Row}/{h.Run}/{h["text"]}"))} | {string.Join(',', o.Lines.Select(l => l.Row))}"),
        ];
    }
}
