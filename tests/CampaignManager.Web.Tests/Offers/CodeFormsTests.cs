using System.Net;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>Codes that an earlier release stored are brought to the form of today, with what counts their uses.</summary>
public sealed class CodeFormsTests(PostgresServer server)
{
    // With an en dash, as a text program writes it.
    private const string Dashed = "SAVE\u201310";
    private const string Twin = "PAIR\u20131";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Start_CodesOfAnEarlierRelease_CountOnInTheFormOfToday(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var client = await shop.KeyAsync(Scopes.Everything);
        var id = Guid.Parse(await shop.LiveAsync("""{ "name": "t", "currency": "CNY", "offer": { "type": "amountOff", "amount": 5 }, "trigger": { "uniqueCodes": true } }"""));
        await OkAsync(await PostAsync(client, $"/campaigns/{id}/codes", $$"""{ "codes": ["{{Dashed}}", "PAIR-1", "X"], "usesPerCode": 1 }"""));
        var order = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "c", Dashed), "A", 15)));
        await StoredAsBeforeAsync(shop, id);

        // Not yet renewed, it is found by its form of then; cut off after either, the next start goes on.
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "c", Dashed), "B")), HttpStatusCode.Conflict, "code-used-up");
        for (var starts = 0; starts < 2; starts++)
            await new CodeForms(shop.Contexts, shop.Services.GetRequiredService<WriterGate>(), NullLogger<CodeForms>.Instance).StartAsync(Stop);

        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        var rows = await context.IssuedCodes.AsNoTracking().OrderBy(c => c.Id).Select(c => new { c.Code, c.Normalised, c.Form }).ToListAsync(Stop);
        Assert.Equal(
            [(Dashed, "SAVE-10", CodeForm.Present), ("PAIR-1", "PAIR-1", CodeForm.Present), ("X", "X", CodeForm.Present), (Twin, Twin, CodeForm.Kept)],
            rows.Select(r => (r.Code, r.Normalised, r.Form)));
        Assert.Equal([("SAVE-10", 1L)], (await context.UsageCounters.AsNoTracking().Where(u => u.Kind == UsageKind.Code).ToListAsync(Stop)).Select(u => (u.Key, u.Used)));

        // Its one use is used in any form, until its order is given back.
        foreach (var typed in new[] { Dashed, "save-10", "SAVE\u221210" })
            await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "c", typed), "B")), HttpStatusCode.Conflict, "code-used-up");
        await OkAsync(await PostAsync(client, $"/redemptions/{order["id"]}/cancel", null));
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "c", "save-10"), "B", 15)));

        // Two that would be the same today are two: what is typed exactly so comes first.
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "c", Twin), "C", 15)));
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "c", Twin), "D")), HttpStatusCode.Conflict, "code-used-up");
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "c", "pair-1"), "D", 15)));
        var listed = (await OkAsync(await client.GetAsync($"/api/v1/campaigns/{id}/codes", Stop)))["items"]!.AsArray();
        Assert.Equal(Twin, (string)Assert.Single(listed, c => (bool)c!["oldForm"]!)!["code"]!);
        await OkAsync(await PostAsync(client, $"/campaigns/{id}/codes/{Uri.EscapeDataString(Twin)}/revoke", null));
        Assert.Equal(Twin, (await context.IssuedCodes.AsNoTracking().SingleAsync(c => c.RevokedAt != null, Stop)).Code);
    }

    /// <summary>As the release before kept them: dashes apart, and a second code that differs by its dash only.</summary>
    private static async Task StoredAsBeforeAsync(OfferShop shop, Guid id)
    {
        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        await context.IssuedCodes.Where(c => c.Code == Dashed).ExecuteUpdateAsync(s => s.SetProperty(c => c.Normalised, Dashed).SetProperty(c => c.Form, CodeForm.Old), Stop);
        await context.RedemptionCampaigns.Where(p => p.CodeKey == "SAVE-10").ExecuteUpdateAsync(s => s.SetProperty(p => p.CodeKey, Dashed), Stop);
        await context.Database.ExecuteSqlAsync($"""UPDATE "UsageCounters" SET "Key" = {Dashed} WHERE "Key" = 'SAVE-10'""", Stop);
        var batch = await context.CodeBatches.AsNoTracking().SingleAsync(b => b.CampaignId == id, Stop);
        context.IssuedCodes.Add(new IssuedCode { BatchId = batch.Id, CampaignId = id, Code = Twin, Normalised = Twin, MaxUses = 1, Form = CodeForm.Old });
        await context.SaveChangesAsync(Stop);
    }
}
