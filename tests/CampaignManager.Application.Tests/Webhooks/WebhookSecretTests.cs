using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Webhooks;

public sealed class WebhookSecretTests : IAsyncLifetime
{
    private ADatabase database = null!;
    private AWebhookRoom room = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await ADatabase.EmptyAsync();
        room = new AWebhookRoom(database);
    }

    public ValueTask DisposeAsync()
    {
        room.Dispose();
        database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Create_AndRotate_KeepNothingInTheClear()
    {
        var made = await room.SubscribeAsync("http://127.0.0.1:9/hook");
        Assert.Equal(made.Secret, room.Secrets.Read(made.Id, await KeptAsync(made.Id)));
        var rotated = (await room.Service.RotateAsync(made.Id, AWebhookRoom.Ada, Cancel)).Value;
        var kept = await KeptAsync(made.Id);
        Assert.DoesNotContain(rotated.Secret, kept);
        Assert.Equal(rotated.Secret, room.Secrets.Read(made.Id, kept));
        // A row cannot sign in another's name.
        Assert.Null(room.Secrets.Read(Guid.NewGuid(), kept));
    }

    [Fact]
    public async Task Encrypt_SecretsOfAnEarlierRelease_AreEncryptedOnce()
    {
        var made = await room.SubscribeAsync("http://127.0.0.1:9/hook");
        await using (var context = database.CreateDbContext())
            await context.Webhooks.ExecuteUpdateAsync(s => s.SetProperty(w => w.Secret, "whsec_of-old"), Cancel);
        Assert.Equal(1, await room.Secrets.EncryptAsync(Cancel));
        Assert.Equal("whsec_of-old", room.Secrets.Read(made.Id, await KeptAsync(made.Id)));
        Assert.Equal(0, await room.Secrets.EncryptAsync(Cancel));
    }

    [Fact]
    public async Task Deliver_SecretOfAnotherKey_SaysSoAndSendsNothing()
    {
        var made = await room.SubscribeAsync("http://127.0.0.1:9/hook");
        await using (var context = database.CreateDbContext())
            await context.Webhooks.ExecuteUpdateAsync(s => s.SetProperty(w => w.Secret, "mk1:AAAA"), Cancel);
        var sent = (await room.Service.TestAsync(made.Id, AWebhookRoom.Ada, Cancel)).Value;
        Assert.Equal("secret-unreadable", sent.Error);
    }

    private async Task<string> KeptAsync(Guid id)
    {
        await using var context = database.CreateDbContext();
        return await context.Webhooks.Where(w => w.Id == id).Select(w => w.Secret).SingleAsync(Cancel);
    }
}
