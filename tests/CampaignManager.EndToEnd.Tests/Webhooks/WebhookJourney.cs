using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Tests.Webhooks;
using CampaignManager.Application.Webhooks;
using CampaignManager.EndToEnd.Tests.Hosting;
using CampaignManager.Engine.Offers;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.EndToEnd.Tests.Webhooks;

public sealed class WebhookJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task Webhook_MadeTestedToldOfALaunchAndSentAgain_EverySignatureHolds()
    {
        using var listener = new Listener();
        await SignInAsync(Roles.Admin, path: "/settings/webhooks");
        await Page.Locator("#new-webhook").ClickAsync();
        await Page.Locator("#webhook-url").FillAsync("ftp://nowhere");
        await Page.Locator("#webhook-save").ClickAsync();
        await See(Page.GetByText("Begin with https:// or http://")).ToBeVisibleAsync();
        await See(Page.GetByText("Choose at least one event.")).ToBeVisibleAsync();
        await Page.Locator("#webhook-url").FillAsync(listener.Url);
        await Page.Locator("#webhook-description").FillAsync("The till");
        await Page.Locator("#topic-campaign-started").CheckAsync();
        await Page.Locator("#webhook-save").ClickAsync();
        var secret = await Page.Locator("#secret").InnerTextAsync();
        await Page.Locator("#secret-done").ClickAsync();

        await See(Heading("The till")).ToBeVisibleAsync();
        await See(Page.GetByText(secret)).ToHaveCountAsync(0);
        await Page.Locator("#webhook-test").ClickAsync();
        await See(Page.Locator("tr[data-topic='webhook.test'][data-state=Delivered]")).ToHaveCountAsync(1);

        await LaunchAsync();
        await Shop.UntilAsync(() => Task.FromResult(listener.Messages.Any(m => m.Topic == WebhookTopics.CampaignStarted)), "the message of the launch");
        var row = Page.Locator("tr[data-topic='campaign.started'][data-state=Delivered]");
        await Shop.UntilAsync(async () =>
        {
            await Page.Locator("#refresh-log").ClickAsync();
            return await row.CountAsync() == 1;
        }, "the log of the launch");
        await row.Locator(".redeliver").ClickAsync();
        await Shop.UntilAsync(() => Task.FromResult(listener.Messages.Count(m => m.Topic == WebhookTopics.CampaignStarted) == 2), "the second sending");

        Assert.Single(listener.Messages.Where(m => m.Topic == WebhookTopics.CampaignStarted).Select(m => m.Id).Distinct());
        Assert.All(listener.Messages, m => Assert.True(WebhookSignature.Verify(secret, m.Timestamp, m.Signature, m.Body, TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5))));
    }

    private async Task LaunchAsync()
    {
        var (maker, judge) = (Actor.Of("hook-maker", "Hook", Roles.Manager), Actor.Of("hook-judge", "Judge", Roles.Manager));
        var rules = new CampaignRules { Currency = "USD", Offer = new AmountOff { Amount = 7 }, Trigger = new Trigger { Code = "HOOKED" } };
        var id = (await Shop.Services.GetRequiredService<CampaignService>().CreateDraftAsync($"Hooked {Guid.NewGuid():N}", rules, maker, Stop)).Value;
        var transitions = Shop.Services.GetRequiredService<CampaignTransitions>();
        Assert.True((await transitions.SubmitAsync(id, maker, Stop)).Succeeded);
        Assert.True((await transitions.ApproveAsync(id, null, judge, Stop)).Succeeded);
        Assert.True((await transitions.LaunchAsync(id, judge, Stop)).Succeeded);
    }
}
