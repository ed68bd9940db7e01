using CampaignManager.Application.Accounts;
using CampaignManager.Application.Notifications;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Notifications;

public sealed class NotificationTests : IAsyncLifetime
{
    private readonly WebApp app = new();
    private NotificationService service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        service = app.Services.GetRequiredService<NotificationService>();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task NotifyRole_ReachesThatRoleOnly()
    {
        await service.NotifyRoleAsync(Roles.Manager, "campaign-submitted", "Autumn", "/campaigns/1", null, Cancel);
        Assert.Equal(1, (await InboxAsync("manager@demo")).Unread);
        Assert.Equal(0, (await InboxAsync("marketer@demo")).Unread);
    }

    [Fact]
    public async Task NotifyRole_ExceptWhoCausedIt_LeavesThemOut()
    {
        var manager = await ActorAsync("manager@demo");
        await service.NotifyRoleAsync(Roles.Manager, "campaign-submitted", "Autumn", "/campaigns/1", null, Cancel, manager.Id);
        Assert.Empty((await InboxAsync("manager@demo")).Items);
    }

    [Fact]
    public async Task Notify_DisabledOrNoPerson_ReachesNobody()
    {
        await using (var context = await app.Contexts.CreateDbContextAsync(Cancel))
            await context.Users.Where(u => u.UserName == "manager@demo").ExecuteUpdateAsync(s => s.SetProperty(u => u.Disabled, true), Cancel);
        await service.NotifyRoleAsync(Roles.Manager, "campaign-submitted", "Autumn", "/campaigns/1", null, Cancel);
        await service.NotifyUserAsync("key:1", "campaign-approved", "Autumn", "/campaigns/1", null, Cancel);
        await using var after = await app.Contexts.CreateDbContextAsync(Cancel);
        Assert.False(await after.Notifications.AnyAsync(Cancel));
    }

    [Fact]
    public async Task MarkRead_AnothersNotification_StaysUnread()
    {
        var marketer = await ActorAsync("marketer@demo");
        await service.NotifyUserAsync(marketer.Id, "campaign-approved", "Autumn", "/campaigns/1", "Well done", Cancel);
        var row = Assert.Single((await InboxAsync("marketer@demo")).Items);
        await service.MarkReadAsync(row.Id, await ActorAsync("manager@demo"), Cancel);
        Assert.Equal(1, (await InboxAsync("marketer@demo")).Unread);
        await service.MarkReadAsync(row.Id, marketer, Cancel);
        Assert.Equal(0, (await InboxAsync("marketer@demo")).Unread);
        Assert.True(Assert.Single((await InboxAsync("marketer@demo")).Items).Read);
    }

    [Fact]
    public async Task Notify_Subscribed_TellsOnlyThatPersonUntilDisposed()
    {
        var notifier = app.Services.GetRequiredService<NotificationNotifier>();
        var marketer = await ActorAsync("marketer@demo");
        int mine = 0, others = 0;
        using var other = notifier.Subscribe("someone-else", () => others++);
        using (notifier.Subscribe(marketer.Id, () => mine++))
            await service.NotifyUserAsync(marketer.Id, "campaign-approved", "Autumn", "/campaigns/1", null, Cancel);
        await service.NotifyUserAsync(marketer.Id, "campaign-approved", "Autumn", "/campaigns/1", null, Cancel);
        Assert.Equal((1, 0), (mine, others));
    }

    private async Task<Inbox> InboxAsync(string email) => await service.ListAsync(await ActorAsync(email), 20, Cancel);

    private async Task<Actor> ActorAsync(string email)
    {
        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        return Actor.Of((await context.Users.SingleAsync(u => u.UserName == email, Cancel)).Id, email);
    }
}
