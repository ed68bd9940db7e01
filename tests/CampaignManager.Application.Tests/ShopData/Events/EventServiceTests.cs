using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Data;
using static CampaignManager.Application.Tests.ShopData.Events.AnEventRoom;

namespace CampaignManager.Application.Tests.ShopData.Events;

/// <summary>The door: each event of a call is judged by itself, and counts once.</summary>
public class EventServiceTests(PostgresServer server)
{
    private const string Rest = "\"customerId\":\"C-1\",\"at\":\"2026-11-01T18:00:00Z\"";

    [Fact]
    public async Task Take_AllTypes_StandInTheLakeAsTheyWereSaid()
    {
        await using var room = await OpenAsync();

        var receipt = await room.TakenAsync(
            View("v"), $$"""{"eventId":"p","type":"view",{{Rest}}}""",
            $$"""{"eventId":"c","type":"cart","sku":"S-2","quantity":3,{{Rest}}}""",
            $$"""{"eventId":"o","type":"order","orderId":1001,"sku":"S-2","quantity":2,"unitPrice":12.5,"currency":"EUR",{{Rest}}}""",
            $$$"""{"eventId":"r","type":"review","sku":"S-2","rating":4,"text":"good",{{{Rest}}},"meta":{"page":[1,2]}}""",
            """{"eventId":"i","type":"identify","customerId":"C-1","anonymousId":"b-1","at":"2026-11-01 18:00:00.5+00:00"}""");
        await room.CompactAsync();

        Assert.Equal((6, 0, 0), (receipt.Accepted, receipt.Duplicates, receipt.Rejected.Count));
        Assert.Equal(
            [
                "c|cart|C-1|-|S-2|3|-|-|-|-|2026-11-01 18:00:00", "i|identify|C-1|b-1|-|-|-|-|-|-|2026-11-01 18:00:00.5",
                "o|purchase|C-1|-|S-2|2|1250|EUR|1001|-|2026-11-01 18:00:00", "p|page|C-1|-|-|-|-|-|-|-|2026-11-01 18:00:00",
                "r|review|C-1|-|S-2|-|-|-|-|4|2026-11-01 18:00:00", "v|view|C-1|-|S-1|-|-|-|-|-|2026-11-01 10:00:00",
            ],
            room.Rows("event_id type customer_id anonymous_id sku quantity unit_price_minor currency order_id rating \"at\""));
        Assert.Equal(["b-1|C-1|anonymous"], room.Rows("from_id customer_id kind", LakeTable.Aliases));
        Assert.Equal(["C-1|first-event"], room.Rows("customer_id joined_from", LakeTable.Customers));
    }

    [Theory]
    [InlineData("""{"type":"view","customerId":"C","at":"2026-11-01T18:00:00Z"}""", "no-id", "[1].eventId")]
    [InlineData("""{"eventId":"x",%}""", "unknown-type", "[1].type")]
    [InlineData("""{"eventId":"x","type":"redeem",%}""", "unknown-type", "[1].type")]
    [InlineData("""{"eventId":"x","type":"exposure",%}""", "unknown-type", "[1].type")]
    [InlineData("""{"eventId":"x","type":"view","customerId":"C"}""", "no-time", "[1].at")]
    [InlineData("""{"eventId":"x","type":"view","customerId":"C","at":"2026-11-01T18:00:00"}""", "zone-needed", "[1].at")]
    [InlineData("""{"eventId":"x","type":"view","customerId":"C","at":"yesterday"}""", "bad-field", "[1].at")]
    [InlineData("""{"eventId":"x","type":"view","customerId":"C","at":"2126-11-01T18:00:00Z"}""", "in-the-future", "[1].at")]
    [InlineData("""{"eventId":"x","type":"view","customerId":"C","at":"1970-01-01T00:00:00Z"}""", "too-old", "[1].at")]
    [InlineData("""{"eventId":"x","type":"view","at":"2026-11-01T18:00:00Z"}""", "no-persons", "[1].customerId")]
    [InlineData("""{"eventId":"x","type":"view","customerId":"a@b.example","at":"2026-11-01T18:00:00Z"}""", "names-a-person", "[1].customerId")]
    [InlineData("""{"eventId":"x","type":"view","customerId":"+86 139 1234 5678","at":"2026-11-01T18:00:00Z"}""", "names-a-person", "[1].customerId")]
    [InlineData("""{"eventId":"x","type":"cart",%}""", "no-product", "[1].sku")]
    [InlineData("""{"eventId":"x","type":"order","sku":"S",%}""", "no-order", "[1].orderId")]
    [InlineData("""{"eventId":"x","type":"review","sku":"S",%}""", "no-review", "[1].rating")]
    [InlineData("""{"eventId":"x","type":"review","rating":6,%}""", "bad-field", "[1].rating")]
    [InlineData("""{"eventId":"x","type":"identify",%}""", "no-pair", "[1].anonymousId")]
    [InlineData("""{"eventId":"x","type":"order","orderId":"1","unitPrice":1.005,"currency":"EUR",%}""", "bad-amount", "[1].unitPrice")]
    [InlineData("""{"eventId":"x","type":"order","orderId":"1","unitPrice":-1,%}""", "bad-field", "[1].unitPrice")]
    [InlineData("""{"eventId":"x","type":"order","orderId":"1","unitPrice":1,"currency":"XXQ",%}""", "bad-currency", "[1].currency")]
    [InlineData("""{"eventId":"x","type":"view","quantity":1.5,%}""", "bad-field", "[1].quantity")]
    [InlineData("""{"eventId":"x","type":"view","eventid":"y",%}""", "unknown-field", "[1].eventid")]
    [InlineData("""{"eventId":"x","type":"view","text":"\ud800",%}""", "not-json", "[1]")]
    [InlineData("""{"eventId":"x","type":"view","sku":"a\u0000b",%}""", "bad-field", "[1].sku")]
    [InlineData("[]", "not-json", "[1]")]
    [InlineData("7", "not-json", "[1]")]
    public async Task Take_OneBadAmongGood_IsRejectedAloneWithItsField(string bad, string code, string path)
    {
        await using var room = await OpenAsync();

        var receipt = await room.TakenAsync(View("a"), bad.Replace("%", Rest, StringComparison.Ordinal), View("b"));

        Assert.Equal(2, receipt.Accepted);
        var rejected = Assert.Single(receipt.Rejected);
        Assert.Equal((1, code, path), (rejected.Index, rejected.Code, rejected.Path));
        Assert.True(rejected.Message.Length > 20);
        await room.CompactAsync();
        Assert.Equal(["a", "b"], room.Rows());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[{\"eventId\":\"a\"")]
    [InlineData("[1] 2")]
    public async Task Take_NoEvents_IsRefusedWhole(string body)
    {
        await using var room = await OpenAsync();
        var taken = await room.SendAsync(body);
        Assert.Equal(FailureKind.Invalid, taken.Failure!.Kind);
        Assert.Contains("$", taken.Failure.Errors!.Keys);
    }

    [Fact]
    public async Task Take_Lines_AreEventsEach_ABrokenOneAlone()
    {
        await using var room = await OpenAsync();
        var receipt = (await room.SendAsync(View("a") + "\r\n\n{\"eventId\":\n" + View("b"))).Value;
        Assert.Equal((2, 1), (receipt.Accepted, Assert.Single(receipt.Rejected).Index));
    }

    [Fact]
    public async Task Take_MoreThanMayWait_IsSentAwayWithNothingKept()
    {
        await using var room = await OpenAsync(settings: ("Events:MaxWaiting", "1"));

        var taken = await room.SendAsync($"[{View("a")},{View("b")}]");

        Assert.Equal((FailureKind.Busy, "events-wait"), (taken.Failure!.Kind, taken.Failure.Code));
        Assert.Equal(0, await room.CompactAsync());
        Assert.Equal(1, (await room.TakenAsync(View("a"))).Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Take_SameIdAgain_CountsOnce_OtherContentIsAConflict(bool postgres)
    {
        await using var room = await OpenAsync(postgres ? await server.NewDatabaseAsync() : null);

        var first = await room.TakenAsync(View("a"), View("a"), View("a", sku: "S-9"), View("b"));
        Assert.Equal((2, 1), (first.Accepted, first.Duplicates));
        Assert.Equal((2, "id-conflict", "[2].eventId"), (first.Rejected[0].Index, first.Rejected[0].Code, first.Rejected[0].Path));
        var again = await room.TakenAsync(View("b"), View("a", sku: "S-9"), View("c"));
        Assert.Equal((1, 1, "id-conflict"), (again.Accepted, again.Duplicates, Assert.Single(again.Rejected).Code));

        Assert.Equal(3, await room.CompactAsync());
        var after = await room.TakenAsync(View("a"), View("b", customer: "C-2"));
        Assert.Equal((0, 1, "id-conflict"), (after.Accepted, after.Duplicates, Assert.Single(after.Rejected).Code));
        Assert.Equal(["a|S-1", "b|S-1", "c|S-1"], room.Rows("event_id sku"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Take_ManyCallsAtOnceWithTheSameEvents_EachCountsOnce(bool postgres)
    {
        await using var room = await OpenAsync(postgres ? await server.NewDatabaseAsync() : null);
        var calls = Enumerable.Range(0, 40).Select(i => Enumerable.Range(i * 5, 20).OrderBy(n => (n * 7919) % 31).Select(n => View("e" + n)).ToArray());

        var receipts = await Task.WhenAll(calls.Select(room.TakenAsync));

        Assert.Equal((215, 800 - 215), (receipts.Sum(r => r.Accepted), receipts.Sum(r => r.Duplicates)));
        Assert.Equal(215, await room.CompactAsync());
        Assert.Equal(215, room.Rows().Distinct().Count());
    }

    [Fact]
    public async Task Take_FromAPage_OrdersCarryNoMoney_AndNobodyIsNamedWithoutAToken()
    {
        await using var room = await OpenAsync();
        const string Browser = "\"anonymousId\":\"b-1\",\"sku\":\"S-1\",\"unitPrice\":12.5,\"at\":\"2026-11-01T18:00:00Z\"";

        var receipt = await room.FromPageAsync(
            $$"""{"eventId":"o","type":"order","orderId":"1",{{Browser}}}""", $$"""{"eventId":"c","type":"cart",{{Browser}}}""",
            $$"""{"eventId":"n","type":"view","customerId":"C-1",{{Browser}}}""", $$"""{"eventId":"t","type":"view","token":"!C-1!",{{Browser}}}""",
            $$"""{"eventId":"f","type":"view","token":"C-1",{{Browser}}}""", """{"eventId":"x","type":"view","customerId":"C-1","at":"2026-11-01T18:00:00Z"}""");
        await room.CompactAsync();

        Assert.Equal((4, 1, 1), (receipt.Accepted, receipt.WithoutMoney, receipt.WithoutCustomer));
        Assert.Equal([("f", "[4].token"), ("x", "[5].token")], receipt.Rejected.Select(r => (r.EventId, r.Path)));
        Assert.Equal(["c|-|1250", "n|-|1250", "page:o|-|-", "t|C-1|1250"], room.Rows("event_id customer_id unit_price_minor"));
    }

    [Theory]
    [InlineData(ApiIdKind.Email, " Ada@Shop.example", "ada@shop.example", "not-an-email")]
    [InlineData(ApiIdKind.Phone, "+86 139-1234-5678", "+8613912345678", "not-a-phone")]
    public async Task Take_IdsThatNameAPerson_BecomePseudonymsAtTheDoor(ApiIdKind kind, string id, string same, string code)
    {
        await using var room = await OpenAsync();
        await room.IdsAreAsync(kind);

        var receipt = await room.TakenAsync(View("a", customer: id), View("b", customer: same), View("c", customer: "C-1"));
        await room.CompactAsync();

        Assert.Equal((2, code), (receipt.Accepted, Assert.Single(receipt.Rejected).Code));
        var who = Assert.Single(room.Rows("customer_id").Distinct());
        Assert.Matches("^p[A-Z2-7]{25}$", who);
    }
}
