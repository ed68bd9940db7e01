using CampaignManager.Application.ShopData.Events;
using CampaignManager.Application.Tests.Data;
using static CampaignManager.Application.Tests.ShopData.Events.AnEventRoom;

namespace CampaignManager.Application.Tests.ShopData.Events;

/// <summary>What does not arrive is counted by its reason, and nothing of what it said is kept.</summary>
public class EventRefusalsTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refused_OfEveryKind_AreCountedByReasonSenderAndField()
    {
        await using var room = await OpenAsync();

        await room.TakenAsync(View("a"), View("b", at: "yesterday"), View("c", at: "2026-11-01T18:00:00"), View("a", sku: "S-9"));
        await room.TakenAsync(View("d", at: "2026-11-01T18:00:00"), """{"eventId":"e","type":"view","ann@example.com":1}""", "7");
        await room.FromPageAsync("""{"eventId":"f","type":"identify","customerId":"C","anonymousId":"b","at":"2026-11-01T18:00:00Z"}""");
        await room.SendAsync("[");

        Assert.Equal(
            [
                "Server zone-needed at 2", "Server bad-field at 1", "Server id-conflict eventId 1", "Server invalid - 1", "Server not-json - 1",
                "Page token-needed token 1", "Server unknown-field - 1",
            ],
            await SaidAsync(room));
    }

    [Fact]
    public async Task Refused_ByTheLake_IsCountedToo()
    {
        await using var room = await OpenAsync(null, ("Events:RememberIdsHours", "1"));
        await room.TakenAsync(View("a"));
        await room.CompactAsync();
        await using (var connection = await room.Room.Get<EventStore>().OpenAsync(Stop))
            await room.Room.Get<EventStore>().ForgetAsync(connection, DateTime.MaxValue, Stop);
        Assert.Equal(1, (await room.TakenAsync(View("a", sku: "S-9"))).Accepted);

        await room.CompactAsync();

        Assert.Equal(["Lake id-conflict eventId 1"], await SaidAsync(room));
    }

    [Fact]
    public async Task Refused_OnTwoNodes_AddUp()
    {
        var database = await server.NewDatabaseAsync();
        await using var first = await OpenAsync(database);
        await using var second = await OpenAsync(database);
        foreach (var node in (AnEventRoom[])[first, second, first])
        {
            await node.TakenAsync(View("a", at: "2026-11-01T18:00:00"));
            await node.Room.Get<EventRefusals>().WriteAsync(Stop);
        }

        Assert.Equal(["Server zone-needed at 3"], await SaidAsync(second));
    }

    private static async Task<List<string>> SaidAsync(AnEventRoom room) =>
        [.. (await room.Room.Get<EventRefusals>().LastDaysAsync(Stop)).Select(r => $"{r.From} {r.Code} {r.Field ?? "-"} {r.Times}")];
}
