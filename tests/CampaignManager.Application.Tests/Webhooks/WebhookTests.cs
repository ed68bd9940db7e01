using System.Net;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Webhooks;

public sealed class WebhookTests(PostgresServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_Arrives_SignedOverTimeAndBody()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        using var listener = new Listener();
        var webhook = await room.SubscribeAsync(listener.Url);
        await room.TellAsync("one");
        Assert.Equal(1, await room.Sender.DeliverDueAsync(Cancel));

        var heard = Assert.Single(listener.Messages);
        var now = room.Time.GetUtcNow();
        Assert.True(WebhookSignature.Verify(webhook.Secret, heard.Timestamp, heard.Signature, heard.Body, now, TimeSpan.FromMinutes(5)));
        Assert.False(WebhookSignature.Verify(webhook.Secret + "x", heard.Timestamp, heard.Signature, heard.Body, now, TimeSpan.FromMinutes(5)));
        Assert.False(WebhookSignature.Verify(webhook.Secret, heard.Timestamp, heard.Signature, heard.Body + " ", now, TimeSpan.FromMinutes(5)));
        Assert.False(WebhookSignature.Verify(webhook.Secret, (long.Parse(heard.Timestamp) + 1).ToString(), heard.Signature, heard.Body, now, TimeSpan.FromMinutes(5)));
        Assert.False(WebhookSignature.Verify(webhook.Secret, heard.Timestamp, heard.Signature, heard.Body, now.AddMinutes(6), TimeSpan.FromMinutes(5)));
        using var body = JsonDocument.Parse(heard.Body);
        Assert.Equal((heard.Id, "model.promoted", "满减 “é”"), (body.RootElement.GetProperty("id").GetString(), body.RootElement.GetProperty("type").GetString(), body.RootElement.GetProperty("data").GetProperty("text").GetString()));
        var row = Assert.Single(await room.DeliveriesAsync(webhook.Id));
        Assert.Equal((DeliveryState.Delivered, 1, 200), (row.State, row.Attempts, row.LastStatus));
        Assert.Equal(0, await room.Sender.DeliverDueAsync(Cancel));
    }

    /// <summary>Worked out by hand with openssl: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret.</summary>
    [Fact]
    public void Sign_KnownMessage_IsTheHmac() => Assert.Equal(
        "v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686",
        WebhookSignature.Sign("secret", DateTimeOffset.FromUnixTimeSeconds(1700000000), "{\"a\":1}"));

    [Fact]
    public async Task Failing_IsTriedAgainLaterAndLater_ThenGivenUp_ThenSentAgainByHand()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        using var listener = new Listener { Answer = _ => 500 };
        var webhook = await room.SubscribeAsync(listener.Url);
        await room.TellAsync("one");
        for (var attempt = 1; attempt <= WebhookSender.Waits.Count; attempt++)
        {
            Assert.Equal(1, await room.Sender.DeliverDueAsync(Cancel));
            Assert.Equal(0, await room.Sender.DeliverDueAsync(Cancel));
            room.Forward(WebhookSender.Waits[attempt - 1] - TimeSpan.FromSeconds(1));
            Assert.Equal(0, await room.Sender.DeliverDueAsync(Cancel));
            room.Forward(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, await room.Sender.DeliverDueAsync(Cancel));
        room.Forward(TimeSpan.FromDays(30));
        Assert.Equal(0, await room.Sender.DeliverDueAsync(Cancel));
        var row = Assert.Single(await room.DeliveriesAsync(webhook.Id));
        Assert.Equal((DeliveryState.Failed, 8, 500), (row.State, row.Attempts, row.LastStatus));
        Assert.Equal(8, listener.Messages.Count);
        Assert.Single(listener.Messages.Select(m => m.Id).Distinct());
        // Each attempt is signed with its own time.
        Assert.Equal(8, listener.Messages.Select(m => m.Timestamp).Distinct().Count());

        listener.Answer = _ => 204;
        var sent = await room.Service.RedeliverAsync(webhook.Id, row.Id, AWebhookRoom.Ada, Cancel);
        Assert.Equal((true, 204), (sent.Value.Arrived, sent.Value.Status));
        Assert.Equal(row.EventId.ToString(), listener.Messages.Last().Id);
        var detail = (await room.Log.GetAsync(webhook.Id, row.Id, AWebhookRoom.Ada, Cancel)).Value;
        Assert.Equal((9, 204, DeliveryState.Delivered), (detail.Attempts.Count, detail.Attempts[0].Status, detail.Delivery.State));
    }

    [Fact]
    public async Task Redirect_IsNotFollowed_AndCountsAsFailure()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        using var listener = new Listener { Answer = _ => 302 };
        var webhook = await room.SubscribeAsync(listener.Url);
        await room.TellAsync("one");
        await room.Sender.DeliverDueAsync(Cancel);
        Assert.Equal((DeliveryState.Pending, 302), (await room.DeliveriesAsync(webhook.Id)).Select(d => (d.State, d.LastStatus)).Single());
        Assert.Single(listener.Messages);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task TwoNodes_ManyMessages_EachIsSentOnce(string provider)
    {
        using var database = await ADatabase.EmptyAsync(provider, server);
        using var room = new AWebhookRoom(database);
        using var listener = new Listener();
        await room.SubscribeAsync(listener.Url);
        for (var i = 0; i < 60; i++)
            await room.TellAsync($"m-{i}");
        var nodes = new[] { room.Sender, room.NewSender(), room.NewSender() };
        var made = await Task.WhenAll(nodes.Select(n => Task.Run(() => n.DeliverDueAsync(Cancel), Cancel)));
        Assert.Equal(60, made.Sum());
        Assert.Equal((60, 60), (listener.Messages.Count, listener.Messages.Select(m => m.Id).Distinct().Count()));
    }

    [Fact]
    public async Task KilledWhileSending_AnotherNodeSendsItAfterTheClaim()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        using var listener = new Listener();
        var webhook = await room.SubscribeAsync(listener.Url);
        await room.TellAsync("one");
        // As a node leaves it that died after it had claimed the message.
        await using (var context = database.CreateDbContext())
        {
            var until = room.Time.GetUtcNow().UtcDateTime + WebhookSender.Claim;
            await context.WebhookDeliveries.ExecuteUpdateAsync(s => s.SetProperty(d => d.ClaimId, Guid.NewGuid()).SetProperty(d => d.Attempts, 1).SetProperty(d => d.NextAttemptAt, until), Cancel);
        }

        Assert.Equal(0, await room.NewSender().DeliverDueAsync(Cancel));
        Assert.Equal("sending", (await room.Service.RedeliverAsync(webhook.Id, (await room.DeliveriesAsync(webhook.Id))[0].Id, AWebhookRoom.Ada, Cancel)).Failure?.Code);
        room.Forward(WebhookSender.Claim);
        Assert.Equal(1, await room.NewSender().DeliverDueAsync(Cancel));
        Assert.Single(listener.Messages);
    }

    [Fact]
    public async Task Tell_TheSameTwice_OrNobodyWantsIt_IsToldOnceOrNot()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        using var listener = new Listener();
        await room.TellAsync("before");
        var webhook = await room.SubscribeAsync(listener.Url, WebhookTopics.ModelPromoted);
        await room.TellAsync("one");
        await room.TellAsync("one");
        await room.TellAsync("other", WebhookTopics.ImportDone);
        Assert.Single(await room.DeliveriesAsync(webhook.Id));
        await using var context = database.CreateDbContext();
        Assert.Equal("one", (await context.WebhookEvents.SingleAsync(Cancel)).Key);
    }

    [Fact]
    public async Task Tell_TransactionRolledBack_LeavesNothingToSend()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        var webhook = await room.SubscribeAsync("http://127.0.0.1:9/");
        await using (var context = database.CreateDbContext())
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancel);
            await context.TellAsync(WebhookTopics.ModelPromoted, "one", new { }, room.Time.GetUtcNow(), Cancel);
            await context.SaveChangesAsync(Cancel);
        }

        Assert.Empty(await room.DeliveriesAsync(webhook.Id));
    }

    [Fact]
    public async Task NotActive_Waits_AndGoesOnWhenItIsAgain()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        using var listener = new Listener();
        var webhook = await room.SubscribeAsync(listener.Url);
        await room.TellAsync("one");
        var draft = new WebhookDraft(listener.Url, "Shop", [WebhookTopics.ModelPromoted], false);
        Assert.True((await room.Service.SaveAsync(webhook.Id, draft, 1, AWebhookRoom.Ada, Cancel)).Succeeded);
        Assert.Equal("stale", (await room.Service.SaveAsync(webhook.Id, draft, 1, AWebhookRoom.Ada, Cancel)).Failure?.Code);
        await room.TellAsync("two");
        Assert.Equal(0, await room.Sender.DeliverDueAsync(Cancel));
        // A test goes all the same.
        Assert.True((await room.Service.TestAsync(webhook.Id, AWebhookRoom.Ada, Cancel)).Value.Arrived);
        Assert.True((await room.Service.SaveAsync(webhook.Id, draft with { Active = true }, null, AWebhookRoom.Ada, Cancel)).Succeeded);
        Assert.Equal(1, await room.Sender.DeliverDueAsync(Cancel));
        Assert.Equal(["webhook.test", "model.promoted"], listener.Messages.Select(m => m.Topic));
    }

    [Fact]
    public async Task PrivateAddresses_NotAllowed_AreRefusedAtTheFormAndAtSending()
    {
        using var database = await ADatabase.EmptyAsync();
        using var listener = new Listener();
        Guid id;
        using (var open = new AWebhookRoom(database))
        {
            id = (await open.SubscribeAsync(listener.Url)).Id;
            await open.TellAsync("one");
        }

        using var room = new AWebhookRoom(database, allowPrivate: false);
        var refused = await room.Service.CreateAsync(new WebhookDraft(listener.Url, null, WebhookTopics.All), AWebhookRoom.Ada, Cancel);
        Assert.Equal(["url"], refused.Failure!.Errors!.Keys);
        await room.Sender.DeliverDueAsync(Cancel);
        Assert.Equal("private-address", (await room.DeliveriesAsync(id))[0].LastError);
        Assert.Empty(listener.Messages);
    }

    [Fact]
    public async Task Manage_AsAManager_IsForbidden()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        var max = Actor.Of("max", "Max", Roles.Manager);
        var id = (await room.SubscribeAsync("https://shop.example/hook")).Id;
        Assert.Equal(FailureKind.Forbidden, (await room.Service.ListAsync(max, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Service.CreateAsync(new WebhookDraft("https://a.example", null, WebhookTopics.All), max, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Service.RotateAsync(id, max, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Service.DeleteAsync(id, max, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Service.TestAsync(id, max, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Log.ListAsync(id, null, new PageRequest(), max, Cancel)).Failure?.Kind);
    }

    [Fact]
    public async Task Prune_ForgetsWhatIsLongDelivered_NotWhatWaits()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database);
        using var listener = new Listener { Answer = n => n == 0 ? 200 : 500 };
        var webhook = await room.SubscribeAsync(listener.Url);
        await room.TellAsync("one");
        await room.Sender.DeliverDueAsync(Cancel);
        await room.TellAsync("two");
        await room.Sender.DeliverDueAsync(Cancel);
        room.Forward(WebhookSender.KeptFor + TimeSpan.FromDays(1));
        Assert.Equal(1, await room.Sender.PruneAsync(Cancel));
        Assert.Equal(DeliveryState.Pending, Assert.Single(await room.DeliveriesAsync(webhook.Id)).State);
    }

    [Theory]
    [InlineData("https://shop.example/hook", false, AddressVerdict.Fine)]
    [InlineData("http://203.0.114.9:8080", false, AddressVerdict.Fine)]
    [InlineData("ftp://shop.example", false, AddressVerdict.NoAddress)]
    [InlineData("file:///etc/passwd", true, AddressVerdict.NoAddress)]
    [InlineData("https://user:pass@shop.example", true, AddressVerdict.NoAddress)]
    [InlineData("shop.example", true, AddressVerdict.NoAddress)]
    [InlineData("", true, AddressVerdict.NoAddress)]
    [InlineData("http://localhost:5000", false, AddressVerdict.Private)]
    [InlineData("http://localhost:5000", true, AddressVerdict.Fine)]
    [InlineData("http://api.localhost.", false, AddressVerdict.Private)]
    [InlineData("http://127.0.0.1", false, AddressVerdict.Private)]
    [InlineData("http://2130706433", false, AddressVerdict.Private)]
    [InlineData("http://0x7f.1", false, AddressVerdict.Private)]
    [InlineData("http://192.168.1.4", false, AddressVerdict.Private)]
    [InlineData("http://192.168.1.4", true, AddressVerdict.Fine)]
    [InlineData("http://[::1]/", false, AddressVerdict.Private)]
    [InlineData("http://[::ffff:10.0.0.1]/", false, AddressVerdict.Private)]
    [InlineData("http://169.254.169.254/latest", true, AddressVerdict.Private)]
    [InlineData("http://0.0.0.0", true, AddressVerdict.Private)]
    public void Judge_Addresses(string url, bool allowPrivate, AddressVerdict verdict) => Assert.Equal(verdict, WebhookAddress.Judge(url, allowPrivate));

    [Theory]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:0a00:0001::")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("100.64.1.1")]
    public void IsAllowed_AddressesInDisguise_AreNot(string address) => Assert.False(WebhookAddress.IsAllowed(IPAddress.Parse(address), allowPrivate: false));

    [Theory]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("64:ff9b:1:1::808:808")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2002:808:808::1")]
    public void IsAllowed_IPv6ForIPv4_IsNeverTaken(string address)
    {
        Assert.False(WebhookAddress.IsAllowed(IPAddress.Parse(address), allowPrivate: true));
        Assert.Equal(AddressVerdict.Private, WebhookAddress.Judge($"http://[{address}]/hook", allowPrivate: true));
    }

    [Theory]
    [InlineData("2606:4700:4700::1111", false)]
    [InlineData("2001:4860:4860::8888", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    public void IsAllowed_PlainAddresses_Are(string address, bool allowPrivate) =>
        Assert.True(WebhookAddress.IsAllowed(IPAddress.Parse(address), allowPrivate));

    [Fact]
    public async Task Hanging_Addresses_KeepOnlyThemselvesWaiting()
    {
        using var database = await ADatabase.EmptyAsync();
        using var room = new AWebhookRoom(database, timeoutSeconds: 60);
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        List<Guid> hanging = [];
        for (var i = 0; i < 20; i++)
            hanging.Add((await room.SubscribeAsync($"http://{silent.LocalEndpoint}/{i}")).Id);
        using var listener = new Listener();
        await room.SubscribeAsync(listener.Url);
        await room.TellAsync("one");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await room.Sender.BeginDueAsync(stop.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var looks = 0; listener.Messages.IsEmpty; looks++)
        {
            Assert.True(looks < 2500, "The good address waits for the others.");
            await timer.WaitForNextTickAsync(Cancel);
        }

        foreach (var id in hanging)
            Assert.Null(Assert.Single(await room.DeliveriesAsync(id)).LastAttemptAt);
        await stop.CancelAsync();
    }
}
