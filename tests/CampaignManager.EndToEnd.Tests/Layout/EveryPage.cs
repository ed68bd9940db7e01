using System.Reflection;
using System.Text;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Customers;
using CampaignManager.Application.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Application.Webhooks;
using CampaignManager.EndToEnd.Tests.Hosting;
using CampaignManager.Engine.Audiences.Predicates;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.EndToEnd.Tests.Layout;

/// <summary>Every page of the app, found by its route, so that a new one is walked without anybody thinking of it.</summary>
public abstract class EveryPage(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    /// <summary>Forms of their own layout, which have journeys of their own, and no places to go to.</summary>
    private static readonly string[] Elsewhere = ["/account/", "/error", "/not-found"];

    protected async Task<List<string>> PathsAsync(Guid run)
    {
        await using var context = await Shop.Contexts.CreateDbContextAsync(Stop);
        var campaigns = await context.Campaigns.Where(c => c.Status == CampaignStatus.Draft || c.Status == CampaignStatus.Ended)
            .OrderBy(c => c.CreatedAt).Select(c => new { c.Id, c.Status }).ToListAsync(Stop);
        var draft = campaigns.First(c => c.Status == CampaignStatus.Draft).Id;
        var ended = campaigns.First(c => c.Status == CampaignStatus.Ended).Id;
        var examples = new Dictionary<string, string[]>
        {
            ["/campaigns/{Id:guid}"] =
            [
                $"/campaigns/{draft}", $"/campaigns/{draft}?tab=predict", $"/campaigns/{draft}?tab=replay", $"/campaigns/{draft}?tab=codes", $"/campaigns/{draft}?tab=activity",
                $"/campaigns/{draft}?tab=versions", $"/campaigns/{ended}",
            ],
            ["/campaigns/{Id:guid}/edit"] = [.. new[] { "type", "details", "offer", "scope", "audience", "combining", "limits", "predict", "check" }.Select(step => $"/campaigns/{draft}/edit?step={step}")],
            ["/audiences/{Key}"] = ["/audiences/new", $"/audiences/{await AudienceAsync()}"],
            ["/customers/{Id}"] = [$"/customers/{await CustomerAsync()}", "/customers/nobody"],
            ["/audiences/segments/{*Key}"] = ["/audiences/segments/new"],
            ["/settings/webhooks/{Id:guid}"] = [$"/settings/webhooks/{await WebhookAsync()}"],
            ["/models/{Id:guid}"] = [$"/models/{run}"],
            ["/training/{RunId:guid}"] = [$"/training/{run}"],
            ["/runs/{RunId:guid}"] = [$"/runs/{run}"],
            ["/data/features/{Column}"] = ["/data/features/x_recency_days", "/data/features/c_lifecycle"],
            ["/data/experiments/{Id:guid}"] = [$"/data/experiments/{Guid.NewGuid()}", $"/data/experiments/{await ExperimentAsync()}"],
            ["/data/import/{Id:guid}"] = [$"/data/import/{await ImportAsync("waiting.csv", start: false)}"],
            ["/data/imports/{Id:guid}"] = [$"/data/imports/{await ImportAsync("read.csv", start: true)}"],
        };
        var paths = new List<string>();
        foreach (var route in typeof(Program).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template).Order(StringComparer.Ordinal))
        {
            if (Elsewhere.Any(e => route.StartsWith(e, StringComparison.Ordinal)))
                continue;
            Assert.True(!route.Contains('{') || examples.ContainsKey(route), $"{route} needs an example here.");
            paths.AddRange(examples.GetValueOrDefault(route) ?? [route]);
        }

        return paths;
    }

    /// <summary>The customer who spent most.</summary>
    private async Task<string> CustomerAsync() => (await Shop.Services.GetRequiredService<CustomerList>()
        .ListAsync(new PageRequest(PageSize: 1, Sort: "-spent"), new CustomerFilter(), Actor.System, Stop)).Value.Items[0].Id;

    /// <summary>One saved audience with a group in it, made once for all walks.</summary>
    private async Task<string> AudienceAsync()
    {
        const string Slug = "walk";
        var key = Uri.EscapeDataString("audience:" + Slug);
        var audiences = Shop.Services.GetRequiredService<AudienceService>();
        var rule = new Every([new InSegment("new"), new Some([new InSegment("favourite:shoes"), new InSegment("favourite:kitchen")])]);
        var mia = Actor.Of("walk", "Mia", Roles.Marketer);
        await audiences.CreateAsync(new AudienceDraft("New, likes shoes or kitchen", rule, Key: Slug), mia, Stop);
        return key;
    }

    /// <summary>One webhook with a delivery in its log, made once for all walks.</summary>
    private async Task<Guid> WebhookAsync()
    {
        const string Url = "http://127.0.0.1:9/walk";
        var webhooks = Shop.Services.GetRequiredService<WebhookService>();
        if ((await webhooks.ListAsync(Actor.System, Stop)).Value.FirstOrDefault(w => w.Url == Url) is { } there)
            return there.Id;
        var made = await webhooks.CreateAsync(new WebhookDraft(Url, "A walk", WebhookTopics.All, false), Actor.System, Stop);
        await webhooks.TestAsync(made.Value.Id, Actor.System, Stop);
        return made.Value.Id;
    }

    /// <summary>A small file of an experiment, uploaded once for all walks; waiting for its mapping, or read to its end.</summary>
    private async Task<Guid> ExperimentAsync() =>
        (await Shop.Services.GetRequiredService<ImportViews>().FindAsync(await ImportAsync("read.csv", start: true), Stop))!.ExperimentId!.Value;

    private async Task<Guid> ImportAsync(string name, bool start)
    {
        var imports = Shop.Services.GetRequiredService<ImportService>();
        var list = Shop.Services.GetRequiredService<ImportViews>();
        if ((await list.ListAsync(new PageRequest(1, PageRequest.MaxPageSize), Stop)).Items.FirstOrDefault(i => i.FileName == name) is { } there)
            return there.Id;
        var rows = Enumerable.Range(0, 40).Select(i => $"{i},{(i % 2 == 0 ? "none" : "mail")},{(i % 3 == 0 ? 1 : 0)},{20 + i}");
        using var file = new MemoryStream(Encoding.UTF8.GetBytes("customer_id,treatment,visit,age\n" + string.Join('\n', rows) + "\nbad,mail,7,30\n"));
        var id = (await imports.UploadAsync(Actor.System, name, file, Stop)).Value;
        if (!start)
            return id;
        var mapping = new DataSetMapping
        {
            Name = "A small experiment",
            CustomerId = "customer_id",
            Treatment = new("treatment", "none", ["mail"]),
            Outcomes = [new("visit", "binary")],
        };
        var started = await imports.StartAsync(Actor.System, id, mapping, Stop);
        Assert.True(started.Succeeded, started.Failure?.Message);
        await Shop.UntilAsync(async () => (await list.FindAsync(id, Stop))!.State == ImportState.Succeeded, "the import");
        return id;
    }
}
