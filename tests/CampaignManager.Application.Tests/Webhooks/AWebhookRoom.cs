using CampaignManager.Application.Accounts;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Webhooks;

/// <summary>The webhook services over a database, with a clock that the test sets.</summary>
internal sealed class AWebhookRoom : IDisposable
{
    public static readonly Actor Ada = Actor.Of("ada", "Ada", Roles.Admin);

    private readonly WebhookOptions options;
    private readonly List<WebhookHttp> https = [];

    public AWebhookRoom(ADatabase database, bool allowPrivate = true, int timeoutSeconds = 5)
    {
        (Database, options) = (database, new WebhookOptions { AllowPrivateAddresses = allowPrivate, TimeoutSeconds = timeoutSeconds });
        Secrets = new WebhookSecrets(database.Key(), database);
        Sender = NewSender();
        Service = new WebhookService(database, Secrets, Sender, Options.Create(options), Time, NullLogger<WebhookService>.Instance);
        Log = new WebhookLog(database);
    }

    public ADatabase Database { get; }

    public FakeTimeProvider Time { get; } = Clocks.At("2026-11-01T12:00:00Z");

    public WebhookSender Sender { get; }

    public WebhookService Service { get; }

    public WebhookLog Log { get; }

    public WebhookSecrets Secrets { get; }

    /// <summary>Another node's.</summary>
    public WebhookSender NewSender()
    {
        var http = new WebhookHttp(Options.Create(options));
        https.Add(http);
        return new WebhookSender(Database, http, Secrets, Time, NullLogger<WebhookSender>.Instance);
    }

    public async Task<WebhookSecret> SubscribeAsync(string url, params string[] topics)
    {
        var made = await Service.CreateAsync(new WebhookDraft(url, null, topics.Length == 0 ? WebhookTopics.All : topics), Ada, Cancel);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value;
    }

    public async Task TellAsync(string key, string topic = WebhookTopics.ModelPromoted)
    {
        await using var context = Database.CreateDbContext();
        await context.TellAsync(topic, key, new { key, text = "满减 “é”" }, Time.GetUtcNow(), Cancel);
        await context.SaveChangesAsync(Cancel);
    }

    public async Task<DeliveryRow[]> DeliveriesAsync(Guid webhook) => [.. (await Log.ListAsync(webhook, null, new PageRequest(PageSize: 200), Ada, Cancel)).Value.Items];

    public void Forward(TimeSpan by) => Time.Advance(by);

    public void Dispose()
    {
        foreach (var http in https)
            http.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
