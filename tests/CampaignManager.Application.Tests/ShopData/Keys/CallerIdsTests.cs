using CampaignManager.Application.Accounts;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.Tests.Imports;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.ShopData.Keys;

/// <summary>A shop calls with its own ids, and meets its history under the pseudonyms that its files brought.</summary>
public sealed class CallerIdsTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Of_AsTheSettingSays_IsTheFilesPseudonym()
    {
        await using var room = new AnImportRoom();
        var keys = room.Get<IPersonKeys>();
        var ids = new CallerIds(room.Get<SettingsService>(), keys, time);

        Assert.Equal("ann@example.com", await OfAsync(ids, "ann@example.com"));

        await AreAsync(room, ApiIdKind.Email);
        Assert.Equal(keys.Pseudonym(PersonKeyKinds.Email, "ann@example.com"), await OfAsync(ids, " Ann@Example.com"));
        Assert.Equal("C-1", await OfAsync(ids, "C-1"));
        var pseudonym = keys.Pseudonym(PersonKeyKinds.Email, "ann@example.com");
        Assert.Equal(pseudonym, await OfAsync(ids, pseudonym));

        await AreAsync(room, ApiIdKind.Phone);
        Assert.Equal(keys.Pseudonym(PersonKeyKinds.Phone, "13912345678"), await OfAsync(ids, "139 1234 5678"));
        Assert.Equal("ann@example.com", await OfAsync(ids, "ann@example.com"));
    }

    private static async Task<string> OfAsync(CallerIds ids, string id) => await ids.OfAsync(id, TestContext.Current.CancellationToken);

    private async Task AreAsync(AnImportRoom room, ApiIdKind kind)
    {
        var saved = await room.Get<SettingsService>().SaveAsync(
            new SettingsChange("CNY", "Asia/Shanghai", 30, 10, default) { ApiIds = kind }, null, Actor.System, TestContext.Current.CancellationToken);
        Assert.True(saved.Succeeded);
        time.Advance(TimeSpan.FromSeconds(1));
    }
}
