using System.Text;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Events;
using CampaignManager.Application.Tests.Imports;

namespace CampaignManager.Application.Tests.ShopData.Events;

/// <summary>The door for events with its buffer and a lake, in a folder of their own. Nothing goes into the lake by itself.</summary>
internal sealed class AnEventRoom : IAsyncDisposable
{
    private readonly AnImportRoom room;

    private AnEventRoom(AnImportRoom room) => this.room = room;

    public AnImportRoom Room => room;

    public EventCompaction Compaction => room.Get<EventCompaction>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<AnEventRoom> OpenAsync(DatabaseOptions? database = null, params (string Key, string Value)[] settings)
    {
        if (database is not null)
            settings = [.. settings, ("Database:Provider", database.Provider), ("Database:ConnectionString", database.ConnectionString!)];
        var made = new AnEventRoom(new AnImportRoom([("Lake:Buckets", "2"), .. settings]));
        await made.room.Get<EventStore>().PrepareAsync(Stop);
        return made;
    }

    public Task<Outcome<EventReceipt>> SendAsync(string body) => room.Get<EventService>().TakeAsync(Encoding.UTF8.GetBytes(body), EventSender.Server, Stop);

    public async Task<EventReceipt> TakenAsync(params string[] events) => (await SendAsync($"[{string.Join(",", events)}]")).Value;

    /// <summary>From a page, whose tokens are a customer's id between exclamation marks.</summary>
    public async Task<EventReceipt> FromPageAsync(params string[] events) => (await room.Get<EventService>().TakeAsync(
        Encoding.UTF8.GetBytes($"[{string.Join(",", events)}]"),
        new EventSender(true, token => token is ['!', .., '!'] ? token[1..^1] : Failure.Invalid("token", "forged.")), Stop)).Value;

    /// <summary>What customers' ids are from now on.</summary>
    public async Task IdsAreAsync(ApiIdKind kind)
    {
        var saved = await room.Get<SettingsService>().SaveAsync(
            new SettingsChange("CNY", "Asia/Shanghai", 30, 10, default) { ApiIds = kind }, null, Actor.System, Stop);
        Assert.True(saved.Succeeded);
    }

    public Task<long> CompactAsync() => Compaction.RunAsync(null, Stop);

    /// <summary>Rows of the lake's events as text, each value by <c>|</c>.</summary>
    public List<string> Rows(string columns = "event_id", LakeTable? of = null)
    {
        using var connection = room.Lake.Open(1);
        return connection.Query(
            $"SELECT concat_ws('|', {string.Join(", ", columns.Split(' ').Select(c => $"coalesce({c}::VARCHAR, '-')"))}) FROM {room.Lake.Source(of ?? LakeTable.Events)} ORDER BY ALL",
            r => r.GetString(0));
    }

    public static string View(string id, string customer = "C-1", string sku = "S-1", string at = "2026-11-01T18:00:00+08:00") =>
        $$"""{"eventId":"{{id}}","type":"view","customerId":"{{customer}}","sku":"{{sku}}","at":"{{at}}"}""";

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
